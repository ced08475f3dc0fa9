"""Several statements in one file put together, if they are of one account and follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from orders.payments.feeds.statement import FaultReason, Statement, Unreadable


def in_one(parts: Sequence[Statement]) -> Statement:
    """One statement from the first opening to the last closing; a day that is missing shows as a difference.

    A part that stands in the file twice counts once.
    """
    if not parts:
        raise Unreadable(FaultReason.UNKNOWN_LAYOUT)
    if len({(part.account_number, part.bank_code) for part in parts}) > 1:
        raise Unreadable(FaultReason.SEVERAL_STATEMENTS)
    ordered = _ordered(_once(parts))
    first, last = ordered[0], ordered[-1]
    return replace(
        first,
        period_to=last.period_to,
        closing=last.closing,
        total_in=_sum([part.total_in for part in ordered]),
        total_out=_sum([part.total_out for part in ordered]),
        rows=tuple(row for part in ordered for row in part.rows),
        refusals=tuple(refusal for part in ordered for refusal in part.refusals),
        left_out=sum(part.left_out for part in ordered),
    )


def _once(parts: Sequence[Statement]) -> list[Statement]:
    kept: list[Statement] = []
    for part in parts:
        if not part.rows or not any(_same(part, other) for other in kept):
            kept.append(part)
    return kept


def _same(one: Statement, other: Statement) -> bool:
    """Whether two parts tell the same; money that came in makes the opening of a repetition another one."""
    return _told(one) == _told(other) and one.identities == other.identities


def _told(part: Statement) -> tuple[object, ...]:
    return part.period_from, part.period_to, part.opening, part.closing, len(part.refusals)


def _ordered(parts: Sequence[Statement]) -> list[Statement]:
    """In the order of time, also where the file puts the newest first; pages of one day as they come."""
    return sorted(parts, key=_time)


def _time(part: Statement) -> tuple[date, date]:
    first = part.period_from or date.min
    return first, max((row.booked_on for row in part.rows), default=first)


def _sum(amounts: Sequence[int | None]) -> int | None:
    told = [amount for amount in amounts if amount is not None]
    return sum(told) if len(told) == len(amounts) else None
