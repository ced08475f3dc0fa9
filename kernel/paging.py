"""Long lists in screens of forty rows, and which rows fit what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from kernel.text import search_key

ROWS = 40
FARTHEST = 10_000
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Screen(Generic[_Row]):
    """Rows of one screen; whether there are more after it."""

    rows: Sequence[_Row]
    number: int
    more: bool


def page_number() -> int:
    """Which screen the address asks for; the first where it asks for none that can be."""
    asked = request.args.get("page", "1")
    return min(max(int(asked), 1), FARTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1


def page_of(rows: Sequence[_Row]) -> Screen[_Row]:
    """The asked-for screen of rows that are all at hand."""
    number = page_number()
    first = (number - 1) * ROWS
    return Screen(rows[first : first + ROWS], number, len(rows) > first + ROWS)


def screen_of(ask: Callable[[int, int], Sequence[_Row]]) -> Screen[_Row]:
    """The asked-for screen, by ``ask(most, skip)`` for one row more than it shows."""
    number = page_number()
    rows = ask(ROWS + 1, (number - 1) * ROWS)
    return Screen(rows[:ROWS], number, len(rows) > ROWS)


def matching(rows: Iterable[_Row], asked: str, words: Callable[[_Row], Iterable[str]]) -> list[_Row]:
    """Rows in whose words all that was asked occurs, accents or not; all of them where nothing was asked."""
    wanted = search_key(asked).split()
    return [row for row in rows if all(each in search_key(" ".join(words(row))) for each in wanted)]


def in_order(rows: list[_Row], keys: dict[str, Callable[[_Row], object]]) -> list[_Row]:
    """Sorted as the address asks (``sort=name``, ``sort=-name``), else as they come."""
    asked = request.args.get("sort", "")
    key = keys.get(asked.removeprefix("-"))
    return sorted(rows, key=key, reverse=asked.startswith("-")) if key else rows  # type: ignore[arg-type]
