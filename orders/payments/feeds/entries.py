"""A statement's rows made ready to book: who each is, when it was at the earliest and latest, and which came first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.payments.feeds.balance import balances
from orders.payments.feeds.statement import Direction, Row, Statement
from orders.payments.intervals import interval
from orders.payments.memo import stamp_of

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, and when it was.

    ``likely_at`` is a guess, good only for taking turns: a statement is in the order of time, so rows that tell no time
    are spread evenly between those of their day that do.
    """

    row: Row
    identity: str
    earliest: datetime
    latest: datetime
    likely_at: datetime

    @property
    def incoming(self) -> bool:
        return self.row.direction is Direction.IN


def entries(statement: Statement) -> list[Entry]:
    """The statement's rows in the file's order."""
    bounds = [interval(row.booked_on, row.booked_at, stamp_of(row.memo)) for row in statement.rows]
    backwards = balances(statement).newest_first
    likely = _likely(bounds[::-1])[::-1] if backwards else _likely(bounds)
    keys = statement.identities
    return [
        Entry(row, key, earliest, latest, guess)
        for row, key, (earliest, latest), guess in zip(statement.rows, keys, bounds, likely, strict=True)
    ]


def _likely(bounds: Sequence[Interval]) -> list[datetime]:
    """One moment for each row, rows in the order of time: its own, or its share of the gap that it stands in."""
    guesses: list[datetime] = []
    for start, stop in _gaps(bounds):
        earliest, latest = bounds[start]
        after = max(earliest, guesses[-1]) if guesses else earliest
        before = min(latest, bounds[stop][0]) if stop < len(bounds) and _told(bounds[stop]) else latest
        share = max(before - after, timedelta(0)) / (stop - start + 1)
        guesses += [after + share * (place + 1) for place in range(stop - start)]
    return guesses


def _gaps(bounds: Sequence[Interval]) -> Iterator[tuple[int, int]]:
    """(from, to) of rows that share an interval and tell no time of their own; one that does is a gap of one."""
    start = 0
    for stop in range(1, len(bounds) + 1):
        if stop == len(bounds) or bounds[stop] != bounds[start] or _told(bounds[start]):
            yield start, stop
            start = stop


def _told(bound: Interval) -> bool:
    return bound[1] - bound[0] < timedelta(hours=1)
