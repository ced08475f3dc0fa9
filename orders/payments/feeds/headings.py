"""Headings known by their words, in Vietnamese, English or both, for banks whose layout nobody declared."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from kernel.sheets import Cell, Line
from kernel.text import search_key
from orders.payments.feeds.columns import Column


def _patterns(told: dict[str, Any]) -> dict[Column, list[re.Pattern[str]]]:
    """Column → one pattern for each rank of its wordings; headings in two languages are two wordings."""
    parts: dict[str, str] = told.pop("parts")
    found: dict[Column, list[re.Pattern[str]]] = {}
    for name, column in told.items():
        fitting: list[str] = []
        for rank in column["wordings"]:
            fitting += [re.sub("<(.+?)>", lambda part: parts[part[1]], wording) for wording in rank]
            every = "|".join(fitting)
            found.setdefault(Column(name), []).append(re.compile(rf"(?:{every})(?: (?:{every}))*"))
    return found


_PATTERNS = _patterns(tomllib.loads((Path(__file__).parent / "headings.toml").read_text(encoding="utf-8")))
_ESSENTIAL = (Column.DATE, Column.MEMO)
_LONGEST = 100
_UNITS = re.compile(r"\(\s*(?:vnd|vnđ|đ|đồng|dong|dd/mm/yyyy[^)]*|[+-]\s*/\s*[+-])\s*\)|\b(?:vnd|vnđ)\b", re.IGNORECASE)
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[^\W\d])(?=\d\b)")  # ``DebitAmount``; ``Ngày1`` with a note's number
_NOTE = re.compile(r"\b\d\b")
_PLUS_MINUS = re.compile(r"\(?[+-]\s*/\s*[+-]\)?")


def known_columns(line: Line) -> dict[Column, int] | None:
    """Where each column stands in a row of headings; None if a date, a memo and an amount are not headed for sure."""
    if not any(_rank(cell, _PATTERNS[Column.DATE], Column.DATE) is not None for cell in line):
        return None  # most lines are none: the quick way out
    places = guessed_columns(line)
    sides = {Column.DEBIT, Column.CREDIT} & places.keys()
    sums = len(sides) == 2 or (Column.AMOUNT in places and not sides)
    return places if sums and all(column in places for column in _ESSENTIAL) else None


def guessed_columns(line: Sequence[Cell]) -> dict[Column, int]:
    """Where the columns stand that are headed for sure: one cell fits, or one fits better than the others."""
    places: dict[Column, int] = {}
    for column, patterns in _PATTERNS.items():
        fitting = [(rank, at) for at, cell in enumerate(line) if (rank := _rank(cell, patterns, column)) is not None]
        best = [at for rank, at in fitting if rank == min(fitting)[0] and at not in places.values()]
        if len(best) == 1:
            places[column] = best[0]
    if Column.DEBIT in places and Column.CREDIT in places:
        places.pop(Column.AMOUNT, None)
        places.pop(Column.SIGN, None)
    return places


def _rank(cell: Cell, patterns: list[re.Pattern[str]], column: Column) -> int | None:
    """How well a cell's wording fits: 0 is best."""
    if not isinstance(cell, str) or not cell or len(cell) > _LONGEST:
        return None
    if _PLUS_MINUS.fullmatch(cell.strip()):
        return 0 if column is Column.SIGN else None
    key = heading_key(cell)
    found = next((rank for rank, pattern in enumerate(patterns) if pattern.fullmatch(key)), None)
    # "No." numbers the rows and "Nợ" is a debit: folded they are the same.
    if found is not None and key == "NO" and cell.isascii():
        return None if cell.strip().endswith(".") else found + len(patterns)
    return found


@lru_cache(maxsize=4096)
def heading_key(cell: str) -> str:
    """A heading folded, without units: ``Số tiền\\n(VND)`` → ``SO TIEN``, ``DebitAmount`` → ``DEBIT AMOUNT``."""
    return search_key(_NOTE.sub(" ", _JOINED.sub(" ", _UNITS.sub(" ", cell))))
