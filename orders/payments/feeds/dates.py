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
from orders.payments.feeds.columns import Order
from orders.payments.feeds.statement import Reason

_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s?(AM|PM|SA|CH))?"
_CLOCK = re.compile(_TIME, re.ASCII | re.IGNORECASE)
_NUMBERS = re.compile(
    rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})(?:(?:\s*[,T-]\s*|\s+){_TIME})?", re.ASCII | re.IGNORECASE
)
_TIME_FIRST = re.compile(
    r"(\d{1,2}:[\d:.]+(?:\s?(?:AM|PM|SA|CH))?)[\s,-]+(\d{1,2}[/.-]\d{1,2}[/.-]\d{4})", re.ASCII | re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(\s.*)?", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[ -]([A-Z]{3})[A-Z]*[ ,-]+(\d{4})(\s.*)?", re.ASCII | re.IGNORECASE)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates have no zone
_FIRST_SERIAL, _END_OF_SERIALS = 36_526, 73_051  # the years above


@dataclass(frozen=True)
class DateStyle:
    """How a file writes its dates, and signs that they passed through a program which puts the month first."""

    month_first: bool  # some text reads only so: 08/30/2021
    converted: bool  # the texts that read both ways were turned into dates, only those that do not are left as texts
    order: Order = Order.DAY  # the month first only where a person has said so


def date_style(cells: Iterable[Cell], order: Order = Order.DAY) -> DateStyle:
    """What the column of dates gives away about itself."""
    if order is Order.MONTH:
        return DateStyle(month_first=False, converted=False, order=order)
    pairs, typed = set[tuple[int, int]](), set[int]()
    for cell in set(cells):  # there are few days
        if isinstance(cell, date):
            typed.add(cell.day)
        elif isinstance(cell, str) and (found := _NUMBERS.fullmatch(_usual(cell))):
            pairs.add((int(found[1]), int(found[3])))
    return DateStyle(
        month_first=any(first <= 12 < second for first, second in pairs),
        converted=bool(pairs and typed) and max(typed) <= 12 < min(first for first, _ in pairs),
    )


@lru_cache(maxsize=4096, typed=True)  # a statement has few days and many rows
def read_day(cell: Cell, clock: Cell, style: DateStyle) -> tuple[date, datetime | None, str]:
    """As `read_when`, and what else stands in the cell below the date: some banks put their reference there."""
    lines = cell.strip().split("\n") if isinstance(cell, str) else []
    for end in range(len(lines), 1, -1):
        try:
            day, moment = read_when("\n".join(lines[:end]), clock, style)
        except CellFault:
            continue
        return day, moment, " ".join(" ".join(lines[end:]).split())
    return *read_when(lines[0] if len(lines) > 1 else cell, clock, style), " ".join(" ".join(lines[1:]).split())


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


def _usual(text: str) -> str:
    """Other ways of writing a date turned into the two that are read: 30/08/2021 06:21, and that of ISO."""
    text = text.strip()
    if found := _TIME_FIRST.fullmatch(text):
        return f"{found[2]} {found[1]}"
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, rest = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}{rest or ''}"
    if (found := _NAMED.fullmatch(text)) and found[2].upper() in _MONTHS:
        return f"{found[3]}-{_MONTHS.index(found[2].upper()) + 1:02}-{found[1]:0>2}{found[4] or ''}"
    return text


@lru_cache(maxsize=1024)  # a statement repeats its dates
def _from_text(text: str, style: DateStyle) -> datetime:
    text = _usual(text)
    try:
        if found := _NUMBERS.fullmatch(text):
            return _from_numbers(found, style)
        if _ISO.fullmatch(text):
            read = datetime.fromisoformat(text)
            return read.astimezone(VIETNAM).replace(tzinfo=None) if read.tzinfo else read
    except CellFault:
        raise
    except (ValueError, OverflowError) as error:
        raise CellFault(Reason.UNREADABLE_DATE) from error
    raise CellFault(Reason.UNREADABLE_DATE)


def _from_numbers(found: re.Match[str], style: DateStyle) -> datetime:
    first, _, second, year, *clock = found.groups()
    if style.month_first and int(first) <= 12 and int(second) <= 12 and int(first) != int(second):
        raise CellFault(Reason.AMBIGUOUS_DATE)
    day, month = (second, first) if style.order is Order.MONTH else (first, second)
    hour, minute, passed = _parts(clock)
    return datetime(int(year), int(month), int(day), hour, minute, passed)  # noqa: DTZ001


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
    """Hour, minute and second by a clock of 24 hours."""
    hour, minute, second = (int(part or 0) for part in clock[:3])
    half = (clock[3] or "").upper()
    if half and not 1 <= hour <= 12:
        raise ValueError("no hour of a clock of 12")
    if half:
        hour = hour % 12 + (12 if half in {"PM", "CH"} else 0)
    return hour, minute, second
