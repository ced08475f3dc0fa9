"""A table of couriers, read in the sandbox: which column is what, and the cells of each line as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kernel.sheets import Bounds, Cell, Line, SheetFault, decode, read_csv, read_workbook
from kernel.text import search_key

HEADINGS = {
    "name": "HO TEN|HO VA TEN|TEN|TEN NGUOI GIAO|HO TEN NGUOI GIAO|NGUOI GIAO|NAME|FULL NAME|COURIER",
    "phone": "SO DIEN THOAI|DIEN THOAI|SDT|SO DT|DT|SO MAY|DI DONG|PHONE|PHONE NUMBER|MOBILE",
    "team": "DOI|TEN DOI|DOI GIAO|DOI GIAO HANG|NHOM|TEAM|TEAM NAME",
    "expires": "HET HAN|NGAY HET HAN|HAN|HAN DUNG|HAN SU DUNG|THOI HAN|DEN NGAY|DEN HET NGAY|EXPIRES|EXPIRES ON|EXPIRY"
    "|EXPIRY DATE|UNTIL|VALID UNTIL|LAST DAY|END",
}
_COLUMN_OF = {words: column for column, every in HEADINGS.items() for words in every.split("|")}
_LOOKED_AT = 10
"""Rows among which the headings are looked for: a title may stand above them."""

BOUNDS = Bounds(rows=2_000, columns=40, cells=40_000, cell=500)
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read(path: str) -> dict[str, Any]:
    """Called in the sandbox. ``{"rows": [{"line", "name", "phone", "team", "expires"}]}``, or ``{"fault": reason}``, or
    ``{"missing": [column]}`` where no row is a heading."""
    try:
        rows = _rows(Path(path))
    except SheetFault as fault:
        return {"fault": fault.reason.value}
    place, columns = max(enumerate(map(_columns, rows[:_LOOKED_AT])), key=lambda found: len(found[1]), default=(0, {}))
    if missing := [column for column in HEADINGS if column not in columns]:
        return {"missing": missing}
    lines = enumerate(rows[place + 1 :], start=place + 2)
    return {"rows": [_told(number, row, columns) for number, row in lines if any(map(_text, row))]}


def _rows(path: Path) -> list[Line]:
    content = path.read_bytes()
    if content.startswith(_BOOKS):
        return next((sheet.rows for sheet in read_workbook(path, BOUNDS)), [])
    return read_csv(decode(content), BOUNDS)


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    """Column → its place, the first of each."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if column := _COLUMN_OF.get(search_key(_text(cell))):
            found.setdefault(column, place)
    return found


def _told(number: int, row: Sequence[Cell], columns: dict[str, int]) -> dict[str, Any]:
    cells = {column: _text(row[place]) if place < len(row) else "" for column, place in columns.items()}
    return {"line": number, **cells}


def _text(cell: Cell) -> str:
    """A cell as a person would type it: a workbook keeps phones as numbers and days as moments."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
