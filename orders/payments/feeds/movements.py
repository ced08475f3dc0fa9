"""The rows below the headings: movements, refusals, and notes (balances, totals, footers)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kernel.sheets import Cell, Line
from orders.payments.feeds.amounts import CellFault, read_amount
from orders.payments.feeds.columns import Column, Signs
from orders.payments.feeds.dates import read_day
from orders.payments.feeds.facts import Label, as_text, is_foreign, label_of, labels
from orders.payments.feeds.signs import apart, split
from orders.payments.feeds.statement import Direction, Reason, Refusal, Row
from orders.payments.feeds.table import SUMS_OF_MONEY, Cells, Table
from orders.payments.feeds.wraps import unwrapped

_SUMS = {Label.OPENING, Label.CLOSING, Label.TOTAL}
_NOTHING = {"", "-", "0", 0}
_DIGIT = re.compile(r"\d")
_ORDINAL = re.compile(r"\(?(?:\d{1,2}|[A-Z])\)?(?:\s*=[\s\d()+-]*)?")
_SHOWN = 200  # characters of a refused value


@dataclass
class Sorted:
    """The lines of a table by what they are."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)


class _Refused(Exception):
    def __init__(self, column: Column, value: Cell, reason: Reason) -> None:
        super().__init__(reason.value)
        self.column, self.value, self.reason = column, value, reason


def sort_lines(lines: Sequence[Line], table: Table) -> Sorted:
    """Each line below the headings as a movement, a refusal or a note; blank lines and repeated headings fall away."""
    found = Sorted()
    for index in range(table.heading.index + 1, len(lines)):
        line = lines[index]
        cells = table.cells(line)
        dated, money = _is_day(cells[Column.DATE], table), _has_money(cells)
        if dated and money:
            _add(found, line, cells, index, table)
        elif _is_nothing(line, index, table):
            continue
        elif _is_loose(line, cells) and found.rows and found.rows[-1].number == index:
            loose = _Refused(Column.MEMO, cells[Column.MEMO], Reason.LOOSE_TEXT)
            found.refusals.append(_refusal(index, table, loose))
        elif (dated or money) and not _is_sum(line, cells):
            _add(found, line, cells, index, table)
        else:
            found.notes.append(line)
    return found


def _has_money(cells: Cells) -> bool:
    sums = [cell for column in SUMS_OF_MONEY if (cell := cells[column]) not in _NOTHING]
    return any(not isinstance(cell, str) or _DIGIT.search(cell) for cell in sums)


def _is_sum(line: Line, cells: Cells) -> bool:
    """Whether ``line`` is a balance or a total. A memo may read like one, so a label beside a date is no proof."""
    day = cells[Column.DATE]
    if not any(found.label in _SUMS for found in labels(line)):
        return False
    return day == "" or not _has_money(cells) or label_of(as_text(day).partition(":")[0]) in _SUMS


def _is_nothing(line: Line, index: int, table: Table) -> bool:
    filled = [cell for cell in line if cell != ""]
    counts = index == table.heading.index + 1 and len(filled) > 2 and all(map(_is_ordinal, filled))
    return not filled or counts or table.heading.is_repeated_by(line)


def _is_ordinal(cell: Cell) -> bool:
    """``(1)``, ``2`` or ``A``, as forms number their columns below the headings."""
    return bool(_ORDINAL.fullmatch(as_text(cell)))


def _add(found: Sorted, line: Line, cells: Cells, index: int, table: Table) -> None:
    try:
        if {*line[table.heading.width :]} - {""}:
            raise _Refused(Column.MEMO, cells[Column.MEMO], Reason.MISALIGNED)
        found.rows.append(_movement(cells, index + 1, table))
    except _Refused as refused:
        found.refusals.append(_refusal(index, table, refused))


def _refusal(index: int, table: Table, refused: _Refused) -> Refusal:
    return Refusal(index + 1, table.title(refused.column), as_text(refused.value)[:_SHOWN], refused.reason)


def _is_loose(line: Line, cells: Cells) -> bool:
    return cells[Column.MEMO] != "" and sum(cell != "" for cell in line) == 1


def _is_day(cell: Cell, table: Table) -> bool:
    try:
        read_day(cell, "", table.dates)
    except CellFault as fault:
        return fault.reason in {Reason.AMBIGUOUS_DATE, Reason.UNLIKELY_DATE}
    return True


def _movement(cells: Cells, number: int, table: Table) -> Row:
    day = cells[Column.DATE]
    try:
        booked_on, booked_at, behind = read_day(day, cells[Column.TIME], table.dates)
    except CellFault as fault:
        raise _Refused(Column.DATE, day, fault.reason) from fault
    if (currency := as_text(cells[Column.CURRENCY])) and is_foreign(currency):
        raise _Refused(Column.CURRENCY, currency, Reason.FOREIGN_CURRENCY)
    direction, amount = _money(cells, table)
    return Row(
        number=number,
        booked_on=booked_on,
        booked_at=booked_at,
        direction=direction,
        amount=amount,
        reference=_text(cells[Column.REFERENCE]) or behind,
        memo=unwrapped(as_text(cells[Column.MEMO]), table.wraps_at),
        balance=_amount(cells, Column.BALANCE, table),
        payer_name=_text(cells[Column.PAYER_NAME]).removesuffix(table.heading.layout.after_name).strip(),
        payer_account=_text(cells[Column.PAYER_ACCOUNT]),
        bank_hint=_text(cells[Column.BANK_HINT]),
    )


def _money(cells: Cells, table: Table) -> tuple[Direction, int]:
    if Column.AMOUNT in table.heading.places:
        return _signed_money(cells, table)
    debit, credit = _amount(cells, Column.DEBIT, table) or 0, _amount(cells, Column.CREDIT, table) or 0
    for column, amount in ((Column.DEBIT, debit), (Column.CREDIT, credit)):
        if amount < 0:
            raise _Refused(column, cells[column], Reason.NEGATIVE)
    if debit and credit:
        raise _Refused(Column.CREDIT, cells[Column.CREDIT], Reason.BOTH_SIDES)
    if not debit and not credit:
        raise _Refused(Column.CREDIT, cells[Column.CREDIT], Reason.NO_AMOUNT)
    return (Direction.IN, credit) if credit else (Direction.OUT, debit)


def _signed_money(cells: Cells, table: Table) -> tuple[Direction, int]:
    cell, mark = cells[Column.AMOUNT], None
    marked = Column.SIGN in table.heading.places
    try:
        bare, mark = (cell, cells[Column.SIGN]) if marked else apart(cell)
        amount = read_amount(bare, table.grouping)
        if not amount:
            raise CellFault(Reason.NO_AMOUNT)
        return split(amount, mark, table.signs or Signs.PLUS_IN)
    except CellFault as fault:
        unmarked = marked and fault.reason is Reason.UNKNOWN_SIGN
        raise _Refused(
            Column.SIGN if unmarked else Column.AMOUNT, mark or "" if unmarked else cell, fault.reason
        ) from fault


def _amount(cells: Cells, column: Column, table: Table) -> int | None:
    cell = cells[column]
    try:
        return read_amount(cell, table.grouping)
    except CellFault as fault:
        raise _Refused(column, cell, fault.reason) from fault


def _text(cell: Cell) -> str:
    return " ".join(as_text(cell).split())
