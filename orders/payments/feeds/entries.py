"""A statement's rows made ready to book: who each is, when it was at the earliest and latest, and which came first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orders.payments.feeds.balance import balances
from orders.payments.feeds.statement import Direction, Row, Statement
from orders.payments.identity import identities
from orders.payments.intervals import interval
from orders.payments.memo import stamp_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. ``latest`` is narrowed by the next row of its day that tells its time: a statement is in order of time.

    ``place_in_day`` counts the rows of a day from 0, in the order of time. ``raw`` is the row as the file was read.
    """

    row: Row
    identity: str
    earliest: datetime
    latest: datetime
    place_in_day: int
    raw: dict[str, Any]

    @property
    def incoming(self) -> bool:
        return self.row.direction is Direction.IN


def entries(statement: Statement, raw: Sequence[dict[str, Any]]) -> list[Entry]:
    """The statement's rows in the file's order; ``raw`` holds the same rows as JSON."""
    backwards = balances(statement).newest_first
    in_time = list(reversed(statement.rows)) if backwards else list(statement.rows)
    times = dict(zip((row.number for row in in_time), _times(in_time), strict=True))
    keys = identities(statement.rows)
    return [
        Entry(row, key, *times[row.number], raw=told) for row, key, told in zip(statement.rows, keys, raw, strict=True)
    ]


def _times(in_time: Sequence[Row]) -> list[tuple[datetime, datetime, int]]:
    counted = Counter[date]()
    places = []
    for row in in_time:
        places.append(counted[row.booked_on])
        counted[row.booked_on] += 1
    return list(zip(*_bounds(in_time), places, strict=True))


def _bounds(in_time: Sequence[Row]) -> tuple[list[datetime], list[datetime]]:
    """The earliest and latest moments; what does not tell its time was before the next row of its day that does."""
    earliest, latest = [], []
    told: dict[date, datetime] = {}
    for row in reversed(in_time):
        first, last = interval(row.booked_on, row.booked_at, stamp_of(row.memo))
        next_told = told.get(row.booked_on)
        if row.booked_at is not None or stamp_of(row.memo) is not None:
            told[row.booked_on] = last
        elif next_told is not None and next_told >= first:
            last = min(last, next_told)
        earliest.append(first)
        latest.append(last)
    return earliest[::-1], latest[::-1]
