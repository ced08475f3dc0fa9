"""The only clock: what time it is, here and in the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """``moment`` as a clock on a wall in Vietnam shows it."""
    return moment.astimezone(VIETNAM)


def today() -> date:
    """The date in Vietnam."""
    return local(now()).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """``hour``:``minute`` of ``day`` in Vietnam, as UTC."""
    return datetime.combine(day, time(hour, minute), VIETNAM).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment``. For tests and rehearsals."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


@lru_cache(maxsize=1024)  # the rows of a statement have few days
def whole_day(day: date) -> tuple[datetime, datetime]:
    """The first and the last microsecond of ``day`` in Vietnam, as UTC."""
    return at(day, 0), at(day + timedelta(days=1), 0) - timedelta(microseconds=1)
