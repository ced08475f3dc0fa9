"""The rows below the headings: movements, refusals, and notes (balances, totals, footers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kernel.sheets import Cell, Line
from orders.payments.feeds.amounts import CellFault, Grouping, grouping, read_amount
from orders.payments.feeds.dates import DateStyle, date_style, read_when
from orders.payments.feeds.facts import Label, as_text, label_of, labels
from orders.payments.feeds.layouts import Column, Heading, headed_by
from orders.payments.feeds.statement import Direction, Reason, Refusal, Row
from orders.payments.feeds.wraps import unwrapped, width_of

_SUMS = {Label.OPENING, Label.CLOSING, Label.TOTAL}
_NOTHING = {"", "-", "0", 0}
_SHOWN = 200  # characters of a refused value


@dataclass(frozen=True)
class Table:
    """The rows below the headings, and how this file writes its amounts, dates and long memos."""

    heading: Heading
    titles: Line
    grouping: Grouping
    dates: DateStyle
    wraps_at: int | None

    def cell(self, line: Line, column: Column) -> Cell:
        place = self.heading.places.get(column)
        return line[place] if place is not None and place < len(line) else ""

    def title(self, column: Column) -> str:
        place = self.heading.places.get(column)
        return " ".join(as_text(self.titles[place]).split()) if place is not None else ""


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


def table(lines: Sequence[Line], heading: Heading) -> Table:
    """``lines`` as the table under ``heading``, with what its columns prove about themselves."""
    body = lines[heading.index + 1 :]

    def cells(column: Column) -> list[Cell]:
        place = heading.places.get(column)
        return [] if place is None else [line[place] for line in body if place < len(line)]

    money = [cell for column in (Column.DEBIT, Column.CREDIT, Column.BALANCE) for cell in cells(column)]
    return Table(
        heading,
        lines[heading.index],
        grouping(money, heading.layout.groups),
        date_style(cells(Column.DATE)),
        width_of(str(memo) for memo in cells(Column.MEMO)) if heading.layout.wraps else None,
    )


def sort_lines(lines: Sequence[Line], table: Table) -> Sorted:
    """Each line below the headings as a movement, a refusal or a note; blank lines and repeated headings fall away."""
    found = Sorted()
    for index in range(table.heading.index + 1, len(lines)):
        line = lines[index]
        dated, money = _is_day(table.cell(line, Column.DATE), table), _has_money(line, table)
        if dated and money:
            _add(found, line, index, table)
        elif _is_nothing(line, index, table):
            continue
        elif _is_loose(line, table) and found.rows and found.rows[-1].number == index:
            loose = _Refused(Column.MEMO, table.cell(line, Column.MEMO), Reason.LOOSE_TEXT)
            found.refusals.append(_refusal(index, table, loose))
        elif (dated or money) and not _is_sum(line, table):
            _add(found, line, index, table)
        else:
            found.notes.append(line)
    return found


def _has_money(line: Line, table: Table) -> bool:
    return any(table.cell(line, column) not in _NOTHING for column in (Column.DEBIT, Column.CREDIT))


def _is_sum(line: Line, table: Table) -> bool:
    """Whether ``line`` is a balance or a total. A memo may read like one, so a label beside a date is no proof."""
    day = table.cell(line, Column.DATE)
    if not any(found.label in _SUMS for found in labels(line)):
        return False
    return day == "" or not _has_money(line, table) or label_of(as_text(day).partition(":")[0]) in _SUMS


def _is_nothing(line: Line, index: int, table: Table) -> bool:
    return not any(cell != "" for cell in line) or headed_by(line, table.heading.layout, index) is not None


def _add(found: Sorted, line: Line, index: int, table: Table) -> None:
    try:
        found.rows.append(_movement(line, index + 1, table))
    except _Refused as refused:
        found.refusals.append(_refusal(index, table, refused))


def _refusal(index: int, table: Table, refused: _Refused) -> Refusal:
    return Refusal(index + 1, table.title(refused.column), as_text(refused.value)[:_SHOWN], refused.reason)


def _is_loose(line: Line, table: Table) -> bool:
    return table.cell(line, Column.MEMO) != "" and sum(cell != "" for cell in line) == 1


def _is_day(cell: Cell, table: Table) -> bool:
    try:
        read_when(cell, "", table.dates)
    except CellFault as fault:
        return fault.reason in {Reason.AMBIGUOUS_DATE, Reason.UNLIKELY_DATE}
    return True


def _movement(line: Line, number: int, table: Table) -> Row:
    if any(cell != "" for cell in line[table.heading.width :]):
        raise _Refused(Column.MEMO, table.cell(line, Column.MEMO), Reason.MISALIGNED)
    day = table.cell(line, Column.DATE)
    try:
        booked_on, booked_at = read_when(day, table.cell(line, Column.TIME), table.dates)
    except CellFault as fault:
        raise _Refused(Column.DATE, day, fault.reason) from fault
    direction, amount = _money(line, table)
    return Row(
        number=number,
        booked_on=booked_on,
        booked_at=booked_at,
        direction=direction,
        amount=amount,
        reference=_text(line, Column.REFERENCE, table),
        memo=unwrapped(as_text(table.cell(line, Column.MEMO)), table.wraps_at),
        balance=_amount(line, Column.BALANCE, table),
        payer_name=_text(line, Column.PAYER_NAME, table).removesuffix(table.heading.layout.after_name).strip(),
        payer_account=_text(line, Column.PAYER_ACCOUNT, table),
        bank_hint=_text(line, Column.BANK_HINT, table),
    )


def _money(line: Line, table: Table) -> tuple[Direction, int]:
    debit, credit = _amount(line, Column.DEBIT, table) or 0, _amount(line, Column.CREDIT, table) or 0
    for column, amount in ((Column.DEBIT, debit), (Column.CREDIT, credit)):
        if amount < 0:
            raise _Refused(column, table.cell(line, column), Reason.NEGATIVE)
    if debit and credit:
        raise _Refused(Column.CREDIT, table.cell(line, Column.CREDIT), Reason.BOTH_SIDES)
    if not debit and not credit:
        raise _Refused(Column.CREDIT, table.cell(line, Column.CREDIT), Reason.NO_AMOUNT)
    return (Direction.IN, credit) if credit else (Direction.OUT, debit)


def _amount(line: Line, column: Column, table: Table) -> int | None:
    cell = table.cell(line, column)
    try:
        return read_amount(cell, table.grouping)
    except CellFault as fault:
        raise _Refused(column, cell, fault.reason) from fault


def _text(line: Line, column: Column, table: Table) -> str:
    return " ".join(as_text(table.cell(line, column)).split())
