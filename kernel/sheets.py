"""Tables in files: raw rows in from XLSX and CSV, within bounds; rows out as CSV and XLSX whose cells run nothing."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
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


class SheetReason(StrEnum):
    BROKEN = "broken"
    PASSWORD = "password"  # noqa: S105  the name of a reason
    SWOLLEN = "swollen"
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
    """The visible sheets of an XLSX. Call it in the sandbox: the parser aborts its process on some crafted files."""
    import python_calamine

    _checked(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as workbook:
            for name in _visible(workbook):
                yield Sheet(name, _bounded(workbook.get_sheet_by_name(name), bounds))
    except python_calamine.PasswordError as error:
        raise SheetFault(SheetReason.PASSWORD) from error
    except python_calamine.CalamineError as error:
        raise SheetFault(SheetReason.BROKEN) from error


def _checked(path: Path) -> None:
    try:
        check_archive(path)
    except SwollenArchive as error:
        raise SheetFault(SheetReason.SWOLLEN) from error
    except BrokenArchive as error:
        raise SheetFault(SheetReason.BROKEN) from error


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
    if any(isinstance(cell, str) and len(cell) > bounds.cell for cell in row):
        raise SheetFault(SheetReason.CELL_TOO_LONG)
    return row


def decode(raw: bytes) -> str:
    """The text of a file of unknown encoding: UTF-8 and UTF-16 as marked, else UTF-8, else Windows-1258."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded(raw, encoding)
    try:
        return _decoded(raw, "utf-8")
    except SheetFault:
        return unicodedata.normalize("NFC", _decoded(raw, "cp1258"))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetFault(SheetReason.NOT_TEXT) from error
    if "\0" in text:
        raise SheetFault(SheetReason.NOT_TEXT)
    return text


def read_csv(text: str, bounds: Bounds = Bounds()) -> list[Line]:
    """The rows of a table with commas, semicolons, tabs or bars between its cells, whichever fits best.

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
    head = list(islice(io.StringIO(text[:65_536], newline=""), 100))
    return max(",;\t|", key=lambda delimiter: _regularity(head, delimiter))


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
