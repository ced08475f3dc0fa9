"""Dates and times as banks write them, day first, read for sure or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from kernel.clock import VIETNAM
from kernel.sheets import Cell
from orders.payments.feeds.amounts import CellFault
from orders.payments.feeds.statement import Reason

_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
_CLOCK = re.compile(_TIME, re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})(?:(?:\s*[,T-]\s*|\s+){_TIME})?", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates have no zone
_FIRST_SERIAL, _END_OF_SERIALS = 36_526, 73_051  # the years above


@dataclass(frozen=True)
class DateStyle:
    """Signs that a file's dates passed through a program which puts the month first."""

    month_first: bool  # some text reads only so: 08/30/2021
    converted: bool  # the texts that read both ways were turned into dates, only those that do not are left as texts


def date_style(cells: Iterable[Cell]) -> DateStyle:
    """What the column of dates gives away about itself."""
    pairs, typed = set[tuple[int, int]](), set[int]()
    for cell in cells:
        if isinstance(cell, date):
            typed.add(cell.day)
        elif isinstance(cell, str) and (found := _DAY_FIRST.fullmatch(cell.strip())):
            pairs.add((int(found[1]), int(found[3])))
    return DateStyle(
        month_first=any(first <= 12 < second for first, second in pairs),
        converted=bool(pairs and typed) and max(typed) <= 12 < min(first for first, _ in pairs),
    )


def read_when(cell: Cell, clock: Cell, style: DateStyle) -> tuple[date, datetime | None]:
    """The day of a booking and, where ``cell`` or the separate ``clock`` gives a time, its moment.

    Midnight counts as no time: spreadsheets write it behind a bare date. Raises `CellFault`.
    """
    naive = _naive(cell, style)
    if not _FIRST_YEAR <= naive.year <= _LAST_YEAR:
        raise CellFault(Reason.UNLIKELY_DATE)
    if clock != "":
        naive = datetime.combine(naive, _time_of(clock))
    moment = naive.replace(tzinfo=VIETNAM) if naive.time() != time() else None
    return naive.date(), moment


def _naive(cell: Cell, style: DateStyle) -> datetime:
    """As a clock in Vietnam shows it."""
    match cell:
        case datetime() | date() if style.converted:
            raise CellFault(Reason.AMBIGUOUS_DATE)
        case datetime():
            return cell
        case date():
            return datetime.combine(cell, time())
        case float() | int() if _FIRST_SERIAL <= cell < _END_OF_SERIALS:
            return _SERIAL_ZERO + timedelta(seconds=round(cell * 86_400))
        case str() if cell.strip():
            return _from_text(cell.strip(), style)
    raise CellFault(Reason.NO_DATE if cell == "" else Reason.UNREADABLE_DATE)


@lru_cache(maxsize=1024)  # a statement repeats its dates
def _from_text(text: str, style: DateStyle) -> datetime:
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, _, month, year, *clock = found.groups()
            hour, minute, second = _parts(clock)
            if style.month_first and int(day) <= 12 and int(month) <= 12 and int(day) != int(month):
                raise CellFault(Reason.AMBIGUOUS_DATE)
            return datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
        if _ISO.fullmatch(text):
            read = datetime.fromisoformat(text)
            return read.astimezone(VIETNAM).replace(tzinfo=None) if read.tzinfo else read
    except CellFault:
        raise
    except (ValueError, OverflowError) as error:
        raise CellFault(Reason.UNREADABLE_DATE) from error
    raise CellFault(Reason.UNREADABLE_DATE)


def _time_of(clock: Cell) -> time:
    try:
        if isinstance(clock, str) and (found := _CLOCK.fullmatch(clock.strip())):
            return time(*_parts(found.groups()))
    except ValueError as error:
        raise CellFault(Reason.UNREADABLE_DATE) from error
    if isinstance(clock, time):
        return clock
    raise CellFault(Reason.UNREADABLE_DATE)


def _parts(clock: Sequence[str | None]) -> tuple[int, int, int]:
    hour, minute, second = (int(part or 0) for part in clock)
    return hour, minute, second
