"""What the bank itself says of a day's balances, out of the rows that its statements told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from kernel import clock
from orders.payments.close.moved.queries import StatementSays, Told


@dataclass(frozen=True, slots=True)
class Stated:
    """A day's balances as one statement has them; None where it says nothing."""

    filename: str
    opening: int | None
    closing: int | None


def end_of(day: date) -> datetime:
    """The moment at which ``day`` is over in Vietnam."""
    return clock.at(day + timedelta(days=1), 0)


def stated(day: date, told: Collection[Told], statements: Mapping[int, StatementSays]) -> Stated | None:
    """The word of the statement that reaches the end of the day, has balances and tells the most; else the newest's."""
    rows: dict[int, list[Told]] = {}
    for each in told:
        rows.setdefault(each.statement_id, []).append(each)
    whole = [key for key in rows if (reach := statements[key].covers_until) is not None and reach >= end_of(day)]
    words = {key: _read(day, statements[key], sorted(rows[key], key=lambda each: each.row)) for key in whole}
    best = max(whole, key=lambda key: (words[key].closing is not None, len(rows[key]), key), default=None)
    return None if best is None else words[best]


def _read(day: date, says: StatementSays, rows: Sequence[Told]) -> Stated:
    """The head speaks for the ends of the statement's period, the rows' own balances for what lies between."""
    in_time = rows[::-1] if _newest_first(says, rows) else rows
    first, last = in_time[0], in_time[-1]
    opening = None if first.balance is None else first.balance - first.signed
    closing = last.balance
    if says.opening is not None and says.period_from == day.isoformat():
        opening = says.opening
    if says.closing is not None and says.period_to == day.isoformat():
        closing = says.closing
    return Stated(says.filename, opening, closing)


def _newest_first(says: StatementSays, rows: Sequence[Told]) -> bool:
    """As the balances lead from row to row; where they lead both ways, as the days of the whole statement do."""
    forwards, backwards = _links(rows), _links(rows[::-1])
    return backwards > forwards if backwards != forwards else (says.first or "") > (says.last or "")


def _links(rows: Sequence[Told]) -> int:
    """How many rows begin where the one before them ends."""
    return sum(
        before.balance is not None and after.balance is not None and before.balance + after.signed == after.balance
        for before, after in pairwise(rows)
    )
