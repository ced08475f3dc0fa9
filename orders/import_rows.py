"""The CSV of orders taken elsewhere, row by row: what can be read for sure, and what is wrong with the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel.clock import VIETNAM
from kernel.errors import MarketError
from kernel.forms import tidy
from kernel.money import MoneyFault, parse_dong
from kernel.phones import PhoneFault, normalise
from kernel.sheets import Line, SheetFault, SheetReason, decode, read_csv
from kernel.text import disguises
from orders.forms import PHONE_FAULTS
from orders.models import OrderState
from orders.reference import is_valid
from people.wards import Ward, understand

REQUIRED = ("code", "name", "phone", "ward", "total", "placed_at", "expires_at", "status")
STATES = {
    "awaiting_payment": OrderState.OPEN,
    "paid": OrderState.CONFIRMED,
    "expired": OrderState.EXPIRED,
    "cancelled": OrderState.CANCELLED,
}
YEARS = range(2020, 2100)
SHEET_FAULTS = {
    SheetReason.BROKEN: _l("The file is no CSV table: a quote is opened in it and never closed."),
    SheetReason.NOT_TEXT: _l("The file is no text. Save the orders as CSV (UTF-8) and try again."),
}
TOO_BIG = _l("The file has more rows, columns or letters in a cell than are read. Split it and try again.")
_COMBO = re.compile(r"(?P<code>\w+):(?P<many>[1-9]\d{0,2})")


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why the row at ``line`` of the file (1-based, the heading counted) did not enter."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One order as the CSV gives it, read for sure."""

    line: int
    code: str
    name: str
    phone: str
    ward: Ward
    address: str
    total: int
    placed_at: datetime
    expires_at: datetime
    state: OrderState
    combos: tuple[tuple[str, int], ...]


def read_rows(path: Path) -> tuple[list[ImportRow], list[RowFault]]:
    """The rows that can be read, and the others with their reason. A file without the heading is refused whole."""
    lines = _lines(path)
    if not lines:
        raise MarketError(_("The file is empty."))
    heading = [str(cell).strip().lower() for cell in lines[0]]
    if missing := [column for column in REQUIRED if column not in heading]:
        raise MarketError(_("The file lacks the column “%(column)s”.", column=missing[0]))
    good: dict[str, ImportRow] = {}
    bad: list[RowFault] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        try:
            row = _read(number, dict(zip(heading, map(str, cells), strict=False)))
            if row.code in good:
                raise MarketError(
                    _("Order %(code)s stands in line %(line)s already.", code=row.code, line=good[row.code].line)
                )
            good[row.code] = row
        except MarketError as fault:
            bad.append(RowFault(number, str(fault)))
    return list(good.values()), bad


def _lines(path: Path) -> list[Line]:
    try:
        return read_csv(decode(path.read_bytes()))
    except SheetFault as fault:
        raise MarketError(str(SHEET_FAULTS.get(fault.reason, TOO_BIG))) from fault


def _read(line: int, cells: Mapping[str, str]) -> ImportRow:
    return ImportRow(
        line=line,
        code=_code(cells.get("code", "")),
        name=_name(cells.get("name", "")),
        phone=_phone(cells.get("phone", "")),
        ward=_ward(cells.get("ward", "")),
        address=_plain(cells.get("address", ""), most=200),
        total=_total(cells.get("total", "")),
        placed_at=_moment(cells.get("placed_at", ""), "placed_at"),
        expires_at=_moment(cells.get("expires_at", ""), "expires_at"),
        state=_state(cells.get("status", "")),
        combos=_combos(cells.get("combos", "")),
    )


def _code(text: str) -> str:
    code = text.strip().upper()
    if not is_valid(code):
        raise MarketError(_("“%(text)s” is no order code: form or check symbol is wrong.", text=text[:20]))
    return code


def _name(text: str) -> str:
    name = _plain(text, most=80)
    if len(name) < 2:
        raise MarketError(_("The name has to have 2 to 80 letters."))
    return name


def _plain(text: str, *, most: int) -> str:
    """What can be compared with a payment and printed on a manifest."""
    plain = tidy(text)
    if disguises(plain):
        raise MarketError(_("“%(text)s” has a hidden or foreign character.", text=plain[:40]))
    if len(plain) > most:
        raise MarketError(_("“%(text)s…” is longer than %(most)s letters.", text=plain[:20], most=most))
    return plain


def _phone(text: str) -> str:
    try:
        return normalise(text)
    except PhoneFault as fault:
        raise MarketError(f"“{text[:20]}”: {PHONE_FAULTS[fault.reason]}") from fault


def _ward(text: str) -> Ward:
    possible = understand(text)
    if len(possible) != 1:
        raise MarketError(
            _("“%(text)s” can mean several wards.", text=text[:40])
            if possible
            else _("“%(text)s” is no ward.", text=text[:40])
        )
    return possible[0]


def _total(text: str) -> int:
    try:
        total = parse_dong(text)
    except MoneyFault as fault:
        raise MarketError(_("“%(text)s” is no amount in whole đồng.", text=text[:20])) from fault
    if not 0 < total < 10**12:
        raise MarketError(_("“%(text)s” is no amount in whole đồng.", text=text[:20]))
    return total


def _moment(text: str, column: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as fault:
        raise MarketError(_("“%(text)s” in %(column)s is no date and time.", text=text[:30], column=column)) from fault
    if moment.year not in YEARS:
        raise MarketError(_("“%(text)s” in %(column)s is no date and time.", text=text[:30], column=column))
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _state(text: str) -> OrderState:
    try:
        return STATES[text.strip().lower()]
    except KeyError as fault:
        raise MarketError(_("“%(text)s” is no status.", text=text[:20])) from fault


def _combos(text: str) -> tuple[tuple[str, int], ...]:
    """``C06:1;C13:2``; none is right too."""
    picked: dict[str, int] = {}
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        found = _COMBO.fullmatch(piece)
        if found is None:
            raise MarketError(_("“%(text)s” is no combo and quantity, like C06:1.", text=piece[:20]))
        picked[found["code"].upper()] = picked.get(found["code"].upper(), 0) + int(found["many"])
    return tuple(picked.items())
