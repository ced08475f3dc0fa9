"""Whether a table with one column of amounts says for sure which way each went; else a person has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kernel.sheets import Cell, Line
from orders.payments.feeds.amounts import CellFault, Grouping, read_amount
from orders.payments.feeds.columns import Column
from orders.payments.feeds.heading import Heading
from orders.payments.feeds.signs import apart, marks_are_clear, proven_signs
from orders.payments.feeds.statement import Reason
from orders.payments.feeds.table import cells_of

_ANY = Grouping(None, proven=False)


def made_clear(lines: Sequence[Line], heading: Heading) -> Heading | None:
    """``heading`` with what its signs mean; None if neither marks nor signs prove a direction.

    A column that is headed like one of marks and holds something else is none.
    """
    if Column.AMOUNT not in heading.places or heading.layout.signs is not None:
        return heading
    if Column.SIGN in heading.places:
        if marks_are_clear(_marks(lines, heading)):
            return heading
        heading = replace(heading, places={c: at for c, at in heading.places.items() if c is not Column.SIGN})
    signs = proven_signs(cell for cell in cells_of(lines, heading, Column.AMOUNT) if _is_amount(cell))
    return replace(heading, layout=replace(heading.layout, signs=signs)) if signs else None


def _marks(lines: Sequence[Line], heading: Heading) -> list[Cell]:
    """The marks beside amounts."""
    at, beside = heading.places[Column.SIGN], heading.places[Column.AMOUNT]
    body = (line for line in lines[heading.index + 1 :] if len(line) > max(at, beside))
    return [line[at] for line in body if _is_amount(line[beside]) and line[at] != ""]


def _is_amount(cell: Cell) -> bool:
    """Whether it reads as one, in whichever grouping."""
    try:
        return read_amount(apart(cell)[0], _ANY) is not None
    except CellFault as fault:
        return fault.reason is Reason.AMBIGUOUS_AMOUNT
