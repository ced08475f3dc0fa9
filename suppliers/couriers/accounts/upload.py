"""The way in: an uploaded table becomes lines, or a refusal in words."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel.errors import MarketError
from kernel.sandbox import SandboxFault, run_limited
from kernel.sheets import SheetReason
from suppliers.couriers.accounts import sheet

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
MOST_LINES = 100
"""Start passwords of so many are hashed within a request."""

FAULTS = {
    SheetReason.BROKEN: _l("This file is no table that can be read. Save it as XLSX or CSV and try again."),
    SheetReason.PASSWORD: _l("This workbook is locked with a password. Save it without one and try again."),
    SheetReason.NOT_TEXT: _l("This file is no text and no workbook. Save the table as XLSX or CSV (UTF-8)."),
}
TOO_BIG = _l("This file holds more than a list of couriers. Keep the four columns and at most 100 lines.")
DAMAGED = _l("This file cannot be read: it is damaged. Save the table anew as XLSX or CSV.")
COLUMNS = {"name": _l("Full name"), "phone": _l("Phone"), "team": _l("Team"), "expires": _l("Expires")}


class TableFault(MarketError):
    """A file that is no table of couriers."""

    status = 422


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as it is written there; ``line`` counts from 1, headings included."""

    line: int
    name: str
    phone: str
    team: str
    expires: str


def read(content: bytes) -> list[Row]:
    """The lines of an uploaded file, read in the sandbox."""
    if len(content) > MOST_BYTES:
        raise TableFault(str(TOO_BIG))
    return rows_of(_in_the_sandbox(content))


def rows_of(told: dict[str, Any]) -> list[Row]:
    """What the sandbox told, refused in words where that is a fault."""
    if reason := told.get("fault"):
        raise TableFault(str(FAULTS.get(SheetReason(reason), TOO_BIG)))
    if missing := told.get("missing"):
        raise TableFault(_missing(missing))
    rows = [Row(**row) for row in told["rows"]]
    if not rows:
        raise TableFault(_("There is no line below the headings."))
    if len(rows) > MOST_LINES:
        raise TableFault(_("At most %(most)s lines at a time. Split the table.", most=MOST_LINES))
    return rows


def _missing(columns: Sequence[str]) -> str:
    names = ", ".join(str(COLUMNS[column]) for column in columns)
    return str(_("The table lacks a column: %(names)s. Its first row names the columns.", names=names))


def _in_the_sandbox(content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        try:
            return run_limited(sheet.read, str(path), answer_mb=2)
        except SandboxFault as fault:
            log.warning("The parser gave no answer: %s", fault.detail)
            raise TableFault(str(DAMAGED)) from fault
