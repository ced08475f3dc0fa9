"""What a clerk said of a table's columns, bound to its headings; and what a clerk is shown to say so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.sheets import Cell, Line
from orders.payments.feeds.amounts import CellFault, grouping
from orders.payments.feeds.columns import Column, Order, Signs
from orders.payments.feeds.dates import DateStyle, date_style, read_day
from orders.payments.feeds.facts import as_text
from orders.payments.feeds.heading import HEADING_WITHIN, Heading
from orders.payments.feeds.headings import guessed_columns, heading_key
from orders.payments.feeds.layouts import Layout

MAPPED = "mapped"
_SHOWN_ABOVE, _SHOWN_BELOW, _SHOWN_WIDE = 5, 10, 60  # rows, rows, characters
_LEAST = 3  # filled cells of a row that may be one of a table
_PROVES = 1000  # rows below the headings, which may prove how dates and thousands are written
_LOOKED_AT = 20  # rows below the headings, in which a date has to stand
_EITHER = [DateStyle(month_first=False, converted=False, order=order) for order in Order]


@dataclass(frozen=True)
class ColumnMapping:
    """Which column is what in tables whose headings have this fingerprint."""

    fingerprint: str
    places: dict[Column, int]
    order: Order
    groups: str
    signs: Signs | None = None

    def to_json(self) -> dict[str, Any]:
        places = {column.value: at for column, at in self.places.items()}
        return {"places": places, "order": self.order, "groups": self.groups, "signs": self.signs}

    @classmethod
    def from_json(cls, fingerprint: str, told: Mapping[str, Any]) -> ColumnMapping:
        places = {Column(name): int(at) for name, at in told["places"].items()}
        signs = Signs(told["signs"]) if told["signs"] else None
        return cls(fingerprint, places, Order(told["order"]), str(told["groups"]), signs)


def fingerprint(line: Sequence[Cell]) -> str:
    """The same for headings that differ in case, accents, blanks and line breaks only, and for a look at them."""
    keys = [heading_key(_short(cell)) for cell in line]
    return hashlib.sha256("|".join(keys).rstrip("|").encode()).hexdigest()


def find_mapped(lines: Sequence[Line], mappings: Collection[ColumnMapping]) -> Heading | None:
    """The first row whose headings somebody has mapped."""
    known = {mapping.fingerprint: mapping for mapping in mappings}
    for index, line in enumerate(lines[:HEADING_WITHIN] if known else []):
        if mapping := known.get(fingerprint(line)):
            layout = Layout(MAPPED, "", {}, groups=mapping.groups, signs=mapping.signs, order=mapping.order)
            return Heading(index, layout, mapping.places, line)
    return None


@dataclass(frozen=True)
class Look:
    """The part of a table that a clerk is shown.

    ``first``: the place of its first line in the file, from 0; ``heading``: that of what is probably the headings;
    ``order`` and ``groups`` are what the file proves, or empty.
    """

    first: int
    heading: int
    lines: list[list[str]]
    places: dict[str, int]
    order: str
    groups: str

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Look:
        """Raises KeyError, TypeError or ValueError for anything else than a look."""
        lines = [[str(cell) for cell in line] for line in told["lines"]]
        places = {Column(name).value: int(at) for name, at in told["places"].items()}
        order, groups = str(told["order"]), str(told["groups"])
        return cls(int(told["first"]), int(told["heading"]), lines, places, order, groups)

    @property
    def width(self) -> int:
        return max(map(len, self.lines), default=0)

    def line(self, index: int) -> list[str]:
        """The line at this place in the file, if it is shown."""
        at = index - self.first
        return self.lines[at] if 0 <= at < len(self.lines) else []


def look_at(tables: Iterable[Sequence[Line]], heading: Heading | None = None) -> dict[str, Any] | None:
    """What to show of the one table that looks most like a statement; None if none has rows with a date."""
    found = [(*_guess(lines, heading), lines) for lines in tables]
    worth, index, lines = max(found, key=lambda each: each[0], default=((0, 0), 0, []))
    if worth == (0, 0):
        return None
    first = max(0, index - _SHOWN_ABOVE)
    body = lines[index + 1 : index + 1 + _PROVES]
    return {
        "first": first,
        "heading": index,
        "lines": [[_short(cell) for cell in line] for line in lines[first : index + 1 + _SHOWN_BELOW]],
        "places": {column.value: at for column, at in guessed_columns(lines[index]).items()},
        "order": _order(body),
        "groups": grouping((cell for line in body for cell in line), "").sign or "",
    }


def _guess(lines: Sequence[Line], heading: Heading | None) -> tuple[tuple[int, int], int]:
    """How much a row looks like headings (known ones, and filled cells), and which does most."""
    if heading is not None:
        return (1, 1), heading.index
    worth = [(_worth(lines, index), -index) for index in range(min(len(lines), HEADING_WITHIN))]
    best, place = max(worth, default=((0, 0), 0))
    return best, -place


def _worth(lines: Sequence[Line], index: int) -> tuple[int, int]:
    texts = [cell for cell in lines[index] if isinstance(cell, str) and cell.strip()]
    below = lines[index + 1 : index + 1 + _LOOKED_AT]
    if len(texts) < _LEAST or any(map(_is_date, texts)) or not any(map(_is_dated, below)):
        return 0, 0
    return len(guessed_columns(lines[index])), len(texts)


def _is_dated(line: Line) -> bool:
    return sum(cell != "" for cell in line) >= _LEAST and any(map(_is_date, line))


def _is_date(cell: Cell) -> bool:
    return any(_reads(cell, style) for style in _EITHER)


def _reads(cell: Cell, style: DateStyle) -> bool:
    try:
        read_day(cell, "", style)
    except CellFault:
        return False
    return True


def _order(body: Sequence[Line]) -> str:
    """What the dates of the file prove, all columns taken together."""
    texts = [cell for line in body for cell in line if isinstance(cell, str)]
    if date_style(texts).month_first:
        return Order.MONTH.value
    return Order.DAY.value if any(_reads(cell, _EITHER[0]) and not _reads(cell, _EITHER[1]) for cell in texts) else ""


def _short(cell: Cell) -> str:
    text = " ".join(as_text(cell).split())
    return text if len(text) <= _SHOWN_WIDE else f"{text[:_SHOWN_WIDE]}…"
