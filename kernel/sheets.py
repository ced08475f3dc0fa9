"""Tables in files: raw rows in from XLSX and CSV, within bounds; rows out as CSV and XLSX whose cells run nothing."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kernel.archives import BrokenArchive, SwollenArchive, check_archive

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook
    from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta
Line: TypeAlias = list[Cell]  # one row as it stands in the file; an empty cell is ""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HEAD = 65_536


class SheetReason(StrEnum):
    BROKEN = "broken"
    PASSWORD = "password"  # noqa: S105  the name of a reason
    SWOLLEN = "swollen"
    FORBIDDEN = "forbidden"  # XML with a document type, which no spreadsheet writes
    NOT_TEXT = "not_text"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"


class SheetFault(Exception):
    """A file that is not read. ``reason`` is worded by whoever knows what the file should have been."""

    def __init__(self, reason: SheetReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Bounds:
    """The most that is read; ``cell`` in characters."""

    rows: int = 200_000
    columns: int = 100
    cells: int = 4_000_000
    cell: int = 32_767


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[Line]  # from the first row of the file, empty ones included


def read_workbook(path: Path, bounds: Bounds = Bounds()) -> Iterator[Sheet]:
    """The visible sheets of an XLSX or XLS. Call it in the sandbox: crafted files make the parser abort its process."""
    import python_calamine

    _checked(path)
    try:
        # By its content: from_path would go by the name's ending.
        with path.open("rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as workbook:
            for name in _visible(workbook):
                yield Sheet(name, _bounded(workbook.get_sheet_by_name(name), bounds))
    except python_calamine.PasswordError as error:
        raise SheetFault(SheetReason.PASSWORD) from error
    except python_calamine.CalamineError as error:
        raise SheetFault(SheetReason.BROKEN) from error


def _checked(path: Path) -> None:
    with path.open("rb") as source:
        if source.read(len(_OLD_OFFICE)) == _OLD_OFFICE:
            return  # an XLS, which is no zip
    try:
        names = check_archive(path)
    except SwollenArchive as error:
        raise SheetFault(SheetReason.SWOLLEN) from error
    except BrokenArchive as error:
        raise SheetFault(SheetReason.BROKEN) from error
    with zipfile.ZipFile(path) as archive:
        if any(_has_document_type(archive, name) for name in names if name.endswith((".xml", ".rels"))):
            raise SheetFault(SheetReason.FORBIDDEN)


def _has_document_type(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as source:
        return b"<!DOCTYPE" in source.read(_HEAD)


def _visible(workbook: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _bounded(sheet: CalamineSheet, bounds: Bounds) -> list[Line]:
    if sheet.total_height >= bounds.rows:  # counted from 0
        raise SheetFault(SheetReason.TOO_MANY_ROWS)
    if sheet.total_width >= bounds.columns:
        raise SheetFault(SheetReason.TOO_MANY_COLUMNS)
    if sheet.height * sheet.width > bounds.cells:
        raise SheetFault(SheetReason.SWOLLEN)
    return [_short_enough(row, bounds) for row in sheet.iter_rows()]


def _short_enough(row: Line, bounds: Bounds) -> Line:
    texts = [cell for cell in row if isinstance(cell, str)]
    if max(map(len, texts), default=0) > bounds.cell:
        raise SheetFault(SheetReason.CELL_TOO_LONG)
    if "\0" in "".join(texts):
        raise SheetFault(SheetReason.NOT_TEXT)  # no database keeps it
    return row


def decode(raw: bytes, *, told: str | None = None) -> str:
    """The text of a file of unknown encoding: UTF-8 and UTF-16, else as it is ``told``, else Windows-1258.

    Windows-1258 writes a vowel and its tone apart: they come composed (NFC).
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded(raw, encoding)
    if wide := _of_two_bytes(raw[:_HEAD]):
        return _decoded(raw, wide)
    try:
        return _decoded(raw, told or "utf-8")
    except SheetFault:
        return _decoded(raw, "cp1258")


def _of_two_bytes(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Latin letters is nought."""
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if min(first, second) * 10 > half or max(first, second) * 2 < half or not half:
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetFault(SheetReason.NOT_TEXT) from error
    if "\0" in text:
        raise SheetFault(SheetReason.NOT_TEXT)
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


_DELIMITERS = ",;\t|~^"
_SAID = re.compile(r"\ufeff?\"?sep=([,;\t|~^])\"?\r?\n", re.IGNORECASE)


def read_csv(text: str, bounds: Bounds = Bounds()) -> list[Line]:
    """The rows of a table with commas, semicolons, tabs or bars between its cells, whichever fits best.

    A first line such as ``sep=;`` says which, as spreadsheets have it.
    Strict about quotes: one that is left open would swallow the rows behind it.
    """
    rows: list[Line] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            if len(rows) >= bounds.rows:
                raise SheetFault(SheetReason.TOO_MANY_ROWS)
            if len(row) > bounds.columns:
                raise SheetFault(SheetReason.TOO_MANY_COLUMNS)
            rows.append(_short_enough([*row], bounds))
    except csv.Error as error:
        long = "field limit" in str(error)
        raise SheetFault(SheetReason.CELL_TOO_LONG if long else SheetReason.BROKEN) from error
    return rows


def _delimiter(text: str) -> str:
    if said := _SAID.match(text):
        return said[1]
    head = list(islice(io.StringIO(text[:65_536], newline=""), 100))
    return max(_DELIMITERS, key=lambda delimiter: _regularity(head, delimiter))


def _regularity(head: Iterable[str], delimiter: str) -> tuple[float, int]:
    """How much of a table ``head`` is if ``delimiter`` separates its cells: the share of rows as wide as most, and
    their width. Commas within amounts and memos give wider rows, but never headings."""
    try:
        widths = Counter(len(row) for row in csv.reader(head, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0, 0
    width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
    return (rows / widths.total(), width) if width > 1 else (0.0, 0)


# What a spreadsheet may run: a sign at the start, be it behind blanks or in full width; a tab or line end that comes
# first; and a sign behind a semicolon or line end, where a reader that splits at semicolons starts a new cell.
_OPENS = re.compile(r"[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_INSIDE = re.compile(r"([;\r\n][^\S\r\n]*)(?=[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """``text`` with an apostrophe where a spreadsheet would otherwise run it as a formula."""
    return ("'" if _OPENS.match(text) else "") + _INSIDE.sub(r"\1'", text)


def write_csv(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """A CSV that opens well in spreadsheets: UTF-8 with its mark, texts in quotes and harmless, integers as numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[str | int | None]], *, sheet: str = "Sheet1") -> bytes:
    """A workbook of one sheet, its first row the headings. Texts stay texts, whatever they look like."""
    return write_book({sheet: rows})


def write_book(sheets: Mapping[str, Iterable[Sequence[str | int | None]]]) -> bytes:
    """A workbook of several sheets by name, each like that of ``write_xlsx``."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            _fill(workbook.add_worksheet(name), rows)
    return out.getvalue()


def _fill(page: Worksheet, rows: Iterable[Sequence[str | int | None]]) -> None:
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                page.write_number(number, column, cell)
            elif cell and page.write_string(number, column, cell):
                raise ValueError("a cell holds at most 32,767 characters")
