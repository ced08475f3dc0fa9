"""A table under its headings, and what its columns prove about how this file writes amounts, dates and memos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.sheets import Cell, Line
from orders.payments.feeds.amounts import Grouping, grouping
from orders.payments.feeds.columns import Column, Signs
from orders.payments.feeds.dates import DateStyle, date_style
from orders.payments.feeds.facts import as_text
from orders.payments.feeds.heading import Heading
from orders.payments.feeds.signs import apart
from orders.payments.feeds.wraps import width_of

SUMS_OF_MONEY = (Column.DEBIT, Column.CREDIT, Column.AMOUNT)

Cells = dict[Column, Cell]
"""What stands in each column of a line."""

_BLANK: Cells = dict.fromkeys(Column, "")


@dataclass(frozen=True)
class Table:
    """The rows below the headings, and how this file writes its amounts, dates and long memos."""

    heading: Heading
    grouping: Grouping
    dates: DateStyle
    wraps_at: int | None
    signs: Signs | None = None  # what a sign means in a column for both directions; None: a column of marks says it

    def cell(self, line: Line, column: Column) -> Cell:
        place = self.heading.places.get(column)
        return line[place] if place is not None and place < len(line) else ""

    def cells(self, line: Line) -> Cells:
        """The same of all columns; nothing in those that the table lacks."""
        width = len(line)
        return _BLANK | {column: line[place] for column, place in self.heading.places.items() if place < width}

    def title(self, column: Column) -> str:
        place = self.heading.places.get(column)
        titles = self.heading.titles
        return " ".join(as_text(titles[place]).split()) if place is not None and place < len(titles) else ""


def table(lines: Sequence[Line], heading: Heading) -> Table:
    """``lines`` as the table under ``heading``, with what its columns prove about themselves."""
    sums = {cell for column in (*SUMS_OF_MONEY, Column.BALANCE) for cell in cells_of(lines, heading, column)}
    money = [apart(cell)[0] for cell in sums]
    layout = heading.layout
    return Table(
        heading,
        grouping(money, layout.groups),
        date_style(cells_of(lines, heading, Column.DATE), layout.order),
        width_of(str(memo) for memo in cells_of(lines, heading, Column.MEMO)) if layout.wraps else None,
        None if Column.SIGN in heading.places else layout.signs,
    )


def cells_of(lines: Sequence[Line], heading: Heading, column: Column) -> list[Cell]:
    """What stands below one heading."""
    place = heading.places.get(column)
    return [] if place is None else [line[place] for line in lines[heading.index + 1 :] if place < len(line)]
