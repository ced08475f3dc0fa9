"""The files of a rehearsal: orders and transfers read strictly, decisions written whole or not at all."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import IO, TypeVar

from kernel.clock import whole_day
from kernel.phones import PhoneFault, normalise
from orders.payments.matcher.facts import OrderFacts, Status, TransferFacts
from orders.payments.memo import narrowed
from orders.payments.rehearsal_faults import (
    CellFault,
    Wrong,
    first_line,
    located,
    other_delimiter,
)
from orders.payments.rehearsal_faults import FileFault as FileFault  # noqa: PLC0414  (who reads the files knows it from here)

ORDER_COLUMNS = (
    *("code", "name", "phone", "ward", "total", "placed_at", "expires_at", "status"),
    *("address", "owed", "group"),
)
TRANSFER_COLUMNS = ("transfer_id", "booked_at", "amount", "memo", "payer_name", "payer_account", "bank")
_OPTIONAL = frozenset({"address", "owed", "group", "payer_name", "payer_account", "bank"})
_LARGEST = 10**12  # đồng; beyond any transfer of a household
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_PLUS_SEVEN = timezone(timedelta(hours=7))  # Vietnam's only zone since 1975
_STATUSES = {status.value: status for status in Status}

Row = tuple[str, ...]
_Facts = TypeVar("_Facts")
_Day = TypeVar("_Day", bound=date)


def read_orders(path: Path) -> Iterator[OrderFacts]:
    """ORDERS.csv. Times without a zone are Vietnam's."""
    return (fact for _, _, fact in read_rows(path, ORDER_COLUMNS, make=_order, wanted=_every))


def read_transfers(path: Path, *, wanted: Callable[[int], bool]) -> Iterator[tuple[int, Row, TransferFacts]]:
    """The ``wanted`` rows of TRANSFERS.csv, with their places (from 0); all are checked for their form."""
    return read_rows(path, TRANSFER_COLUMNS, make=transfer_facts, wanted=wanted)


def _every(place: int) -> bool:
    return True


def read_rows(
    path: Path, columns: Sequence[str], *, make: Callable[[Row], _Facts], wanted: Callable[[int], bool]
) -> Iterator[tuple[int, Row, _Facts]]:
    """Rows as facts. The first column is a key: it stands in each row, and nowhere twice. Raises FileFault."""
    keys: set[str] = set()
    cells: list[str] = []
    with _opened(path, columns) as file:
        reader = csv.reader(file, strict=True)
        try:
            head = next(reader, [])
            pick, width, key_at = _picker(head, columns), len(head), head.index(columns[0])
            for place, cells in enumerate(filter(None, reader)):
                if len(cells) != width:
                    raise _misfit(cells, head)
                key = cells[key_at]
                if key in keys or not key:
                    raise CellFault(columns[0], Wrong.TWICE if key else Wrong.EMPTY, key)
                keys.add(key)
                if wanted(place):
                    cells.append("")
                    row = pick(cells)
                    yield place, row, make(row)
        except CellFault as fault:
            raise FileFault(path, first_line(reader.line_num, cells), fault) from None
        except (csv.Error, UnicodeDecodeError):
            raise located(path, columns) from None


def _opened(path: Path, columns: Sequence[str]) -> IO[str]:
    """The file as text, once it is known to hold no NUL: csv takes it for a letter like any other."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                if any(b"\0" in block for block in iter(partial(file.read, 1 << 20), b"")):
                    raise located(path, columns)
        return path.open(encoding="utf-8-sig", newline="")
    except OSError:
        raise FileFault(path, 1, CellFault("?", Wrong.UNREADABLE)) from None


def _picker(head: list[str], columns: Sequence[str]) -> Callable[[list[str]], tuple[str, ...]]:
    """Takes the columns out of a row in our order; an optional one that the file lacks is the empty cell at the end."""
    for column in columns:
        if column not in head and column not in _OPTIONAL:
            raise other_delimiter(head, columns) or CellFault(column, Wrong.NO_COLUMN)
        if head.count(column) > 1:
            raise CellFault(column, Wrong.COLUMN_TWICE)
    return itemgetter(*(head.index(column) if column in head else len(head) for column in columns))


def _misfit(cells: list[str], head: list[str]) -> CellFault:
    """A row that is shorter or longer than the heading: where, and by what."""
    column = head[len(cells)] if len(cells) < len(head) else head[-1]
    return CellFault(column, Wrong.WIDTH, str(len(cells)), str(len(head)))


def _order(row: Row) -> OrderFacts:
    code, name, phone, ward, total, placed_at, expires_at, status, address, owed, group = row
    if status not in _STATUSES:
        raise CellFault("status", Wrong.CHOICE, status, ", ".join(_STATUSES))
    whole = _dong(total, "total", 1)
    unpaid = 0 if status == Status.PAID else whole
    still = _dong(owed, "owed", 0) if owed else unpaid
    placed, expires = _moment(placed_at, "placed_at"), _moment(expires_at, "expires_at")
    return OrderFacts(
        *(code, intern(name), _phone(phone), intern(ward), address, whole, still, placed, expires, _STATUSES[status]),
        group=intern(group),
    )


def transfer_facts(row: Row) -> TransferFacts:
    """A date alone is the whole day, narrowed by a stamp in the memo."""
    transfer_id, booked_at, amount, memo, payer_name, payer_account, bank = row
    earliest, latest = _interval(booked_at)
    if earliest != latest:
        earliest, latest = narrowed(memo, earliest, latest=latest)
    dong = _dong(amount, "amount", 1)
    return TransferFacts(transfer_id, earliest, latest, dong, memo, payer_name, payer_account, bank)


@lru_cache(maxsize=1 << 16)
def _dong(text: str, column: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 13 and least <= int(text) <= _LARGEST):
        raise CellFault(column, Wrong.SUM, text, f"{least}–{_LARGEST}")
    return int(text)


def _phone(text: str) -> str:
    """In today's form; what is no mobile number stays as it is and is simply never found."""
    if len(text) == 10 and text.isascii() and text.isdigit():
        return text
    try:
        return normalise(text)
    except PhoneFault:
        return text.strip()


@lru_cache(maxsize=1 << 16)
def _moment(text: str, column: str) -> datetime:
    """Orders come many in a minute: their times are the same, and stand in memory once."""
    try:
        if text.endswith("+07:00"):  # the usual zone once in memory, not once an order
            return _likely(datetime.fromisoformat(text[:-6]), text, column).replace(tzinfo=_PLUS_SEVEN)
        moment = _likely(datetime.fromisoformat(text), text, column)
    except ValueError:
        raise CellFault(column, Wrong.MOMENT, text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_PLUS_SEVEN)


def _likely(day: _Day, text: str, column: str) -> _Day:
    """Of a year in which there are such orders; far from it, sums of times leave the calendar."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise CellFault(column, Wrong.YEAR, text, f"{_FIRST_YEAR}–{_LAST_YEAR}")
    return day


def _interval(text: str) -> tuple[datetime, datetime]:
    if len(text) == len("2021-08-30"):
        return _whole_day(text)
    moment = _moment(text, "booked_at")
    return moment, moment


@lru_cache(maxsize=1024)
def _whole_day(text: str) -> tuple[datetime, datetime]:
    try:
        return whole_day(_likely(date.fromisoformat(text), text, "booked_at"))
    except ValueError:
        raise CellFault("booked_at", Wrong.DATE, text) from None
