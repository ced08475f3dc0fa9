"""When a payment was made, as far as its row tells, and up to when a statement tells everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from kernel.clock import whole_day
from orders.payments.feeds.balance import balances
from orders.payments.feeds.statement import Reason, Row, Statement

_EVENING = timedelta(hours=8)  # before midnight: what is paid after a bank's cut-off is booked on the next day
_INSTANT = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)
_NO_MONEY = {Reason.NO_AMOUNT, Reason.LOOSE_TEXT}


def interval(booked_on: date, booked_at: datetime | None, stamp: datetime | None = None) -> tuple[datetime, datetime]:
    """The earliest and the latest moment, in UTC, of a payment booked on that day in Vietnam.

    ``stamp``, the aware time that a bank's wrapper gives, narrows the day if it lies within it or the evening before.
    """
    earliest, latest = whole_day(booked_on)
    if booked_at is not None:
        return _as_exact_as(booked_at)
    if stamp is not None and earliest - _EVENING <= stamp <= latest:
        return _as_exact_as(stamp)
    return earliest, latest


def _as_exact_as(moment: datetime) -> tuple[datetime, datetime]:
    """A time without seconds stands for its whole minute."""
    moment = moment.astimezone(UTC)
    whole_minute = moment.second == 0 and moment.microsecond == 0
    return moment, moment + _MINUTE - _INSTANT if whole_minute else moment


def covers_until(
    statement: Statement, *, stamps: Mapping[int, datetime] | None = None, read_at: datetime | None = None
) -> datetime | None:
    """Up to which moment every incoming payment surely stands in ``statement``; None if that cannot be said.

    That is the end of its stated period, if that had passed at ``read_at`` (when the file was uploaded), else the last
    row's surest moment. ``stamps`` are the wrappers' times by row number. From a refused row on nothing is sure.
    """
    rows = _rows_before_any_doubt(statement)
    if statement.period_to and len(rows) == len(statement.rows):
        end = whole_day(statement.period_to)[1] + _INSTANT
        if read_at is None or end <= read_at:
            return end
    return max((_surely_reached(row, (stamps or {}).get(row.number)) for row in rows), default=None)


def _rows_before_any_doubt(statement: Statement) -> Sequence[Row]:
    doubtful = [refusal.row for refusal in statement.refusals if refusal.reason not in _NO_MONEY]
    if not doubtful:
        return statement.rows
    if balances(statement).newest_first:
        return [row for row in statement.rows if row.number > max(doubtful)]
    return [row for row in statement.rows if row.number < min(doubtful)]


def _surely_reached(row: Row, stamp: datetime | None) -> datetime:
    """The statement was made on the row's day, or at its time; a stamp of the evening before says less than the day."""
    return max(whole_day(row.booked_on)[0], interval(row.booked_on, row.booked_at, stamp)[0])
