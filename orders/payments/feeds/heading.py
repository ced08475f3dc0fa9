"""The row that heads a table: by a declared layout, or by words that are clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from kernel.sheets import Cell, Line
from orders.payments.feeds.columns import Column
from orders.payments.feeds.headings import guessed_columns, heading_key, known_columns
from orders.payments.feeds.layouts import ESSENTIAL, IN_WORDS, LAYOUTS, Layout

HEADING_WITHIN = 60  # rows; above it stand the bank, the account and the period


@dataclass(frozen=True)
class Heading:
    """The row of headings: its place from 0, its layout, and where each column stands.

    ``titles``: as they are written. ``is_whole``: all that the layout declares is there, so that it is this bank's.
    """

    index: int
    layout: Layout
    places: dict[Column, int]
    titles: Line
    is_whole: bool = False

    @cached_property
    def width(self) -> int:
        return max(len(self.titles), *(at + 1 for at in self.places.values()))

    def is_repeated_by(self, line: Line) -> bool:
        """Whether ``line`` heads the table again: on a new page, or in the other language."""
        return headed_by(line, self.layout, 0) is not None or known_columns(line) is not None or line == self.titles


def find_heading(lines: Sequence[Line]) -> Heading | None:
    """The first row that heads the columns of exactly one known layout best, else one whose words are clear."""
    for index, line in enumerate(lines[:HEADING_WITHIN]):
        found = [heading for layout in LAYOUTS if (heading := headed_by(line, layout, index))]
        found.sort(key=lambda heading: len(heading.places), reverse=True)
        if found and (len(found) == 1 or len(found[0].places) > len(found[1].places)):
            return _filled_up(found[0])
    return _in_words(lines)


def headed_by(line: Line, layout: Layout, index: int) -> Heading | None:
    """How ``line`` heads the columns of ``layout``, if it heads all the essential ones and none twice."""
    keys = [_key(cell) for cell in line]
    places: dict[Column, int] = {}
    for column, names in _KEYS.get(layout.name, {}).items():
        at = [place for place, key in enumerate(keys) if key in names]
        if len(at) > 1:
            return None
        if at:
            places[column] = at[0]
    whole = places.keys() >= layout.headings.keys() - {Column.BALANCE}
    return Heading(index, layout, places, line, is_whole=whole) if places.keys() >= ESSENTIAL else None


def _filled_up(heading: Heading) -> Heading:
    """With the columns that the layout does not declare, if their words are clear."""
    taken = set(heading.places.values())
    others = {column: at for column, at in guessed_columns(heading.titles).items() if at not in taken}
    others.pop(Column.AMOUNT, None)
    others.pop(Column.SIGN, None)
    return replace(heading, places={**others, **heading.places})


def _in_words(lines: Sequence[Line]) -> Heading | None:
    """Headings in one row, or in two where one spans several."""
    for index, line in enumerate(lines[:HEADING_WITHIN]):
        below = lines[index + 1] if index + 1 < len(lines) else []
        single, double = known_columns(line), known_columns(joined(line, below))
        if double and Column.DEBIT in double and (single is None or Column.DEBIT not in single):
            return Heading(index + 1, IN_WORDS, double, joined(line, below))
        if single:
            return Heading(index, IN_WORDS, single, line)
    return None


def joined(line: Line, below: Line) -> Line:
    """Two rows of headings as one."""
    cells = zip_longest(line, below, fillvalue="")
    return [f"{upper}\n{lower}".strip() if _both_texts(upper, lower) else "" for upper, lower in cells]


def _both_texts(upper: Cell, lower: Cell) -> bool:
    return isinstance(upper, str) and isinstance(lower, str)


def _key(cell: Cell) -> str:
    return heading_key(cell) if isinstance(cell, str) and len(cell) <= 100 else ""


def _names(names: tuple[str, str]) -> frozenset[str]:
    one, other = map(heading_key, names)
    return frozenset({one, other, f"{one} {other}", f"{other} {one}"})


_KEYS = {layout.name: {column: _names(names) for column, names in layout.headings.items()} for layout in LAYOUTS}
