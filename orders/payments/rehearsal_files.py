"""The files of a rehearsal: orders and transfers read strictly, as facts."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import NamedTuple, TypeVar

from kernel.clock import whole_day
from kernel.phones import PhoneFault, normalise
from orders.payments.matcher.book import Book
from orders.payments.matcher.facts import OrderFacts, Status, TransferFacts
from orders.payments.memo import Parts, narrowed, take_each_apart
from orders.payments.rehearsal_faults import CellFault, FileFault, Wrong, located
from orders.payments.rehearsal_rows import BLOCK, Columns, Odd, Row, read_columns, read_rows

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
# From tuples of the right length, with nothing written in Python in between: there are millions.
_ORDER: Callable[[Sequence[object]], OrderFacts] = partial(tuple.__new__, OrderFacts)
_TRANSFER: Callable[[Sequence[object]], TransferFacts] = partial(tuple.__new__, TransferFacts)

_MEMO = TRANSFER_COLUMNS.index("memo")

_MOST_KEPT = 1 << 16
_Day = TypeVar("_Day", bound=date)
_Value = TypeVar("_Value")


class Cells(NamedTuple):
    """Transfers that stand together in a file, the first at ``first`` (from 0), and their memos taken apart."""

    first: int
    columns: Columns
    parts: list[Parts]


class Block(NamedTuple):
    """The same, with what the cells say."""

    first: int
    columns: Columns
    facts: list[TransferFacts]
    parts: list[Parts]


class _Read(dict[str, _Value]):
    """What cells mean, each read once while it keeps coming back."""

    def __init__(self, read: Callable[[str], _Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> _Value:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[cell] = value = self._read(cell)
        return value


def read_book(path: Path) -> Book:
    """The orders of ORDERS.csv. Times without a zone are Vietnam's. A faulty file raises FileFault."""
    try:
        columns = read_columns(path, ORDER_COLUMNS, optional=_OPTIONAL)
        book = Book(chain.from_iterable(map(_orders, columns)))
        if len(book.by_code) != len(book.orders) or "" in book.by_code:
            raise Odd
        return book
    except (Odd, CellFault):
        raise _first_fault(path, ORDER_COLUMNS, make=_order) from None


def read_transfers(path: Path) -> Iterator[Block]:
    """TRANSFERS.csv, block by block. A faulty file raises FileFault."""
    return (understood(path, cells) for cells in read_cells(path))


def read_cells(path: Path) -> Iterator[Cells]:
    """The same, with the cells still to be understood: only the file's shape may be at fault yet."""
    ids: set[str] = set()
    try:
        for number, columns in enumerate(read_columns(path, TRANSFER_COLUMNS, optional=_OPTIONAL)):
            ids.update(columns[0])
            if len(ids) != number * BLOCK + len(columns[0]) or "" in ids:
                raise Odd
            yield Cells(number * BLOCK, columns, take_each_apart(columns[_MEMO]))
    except (Odd, CellFault):
        raise _first_fault(path, TRANSFER_COLUMNS, make=transfer_facts) from None


def understood(path: Path, cells: Cells) -> Block:
    """What ``cells`` of a file say. Faulty ones raise FileFault, which tells of the first fault of the file."""
    try:
        return Block(cells.first, cells.columns, transfers_of(cells.columns), cells.parts)
    except CellFault:
        raise _first_fault(path, TRANSFER_COLUMNS, make=transfer_facts) from None


def _first_fault(path: Path, columns: Sequence[str], *, make: Callable[[Row], object]) -> Exception:
    """The file is read once more, row by row."""
    try:
        deque(read_rows(path, columns, optional=_OPTIONAL, make=make), maxlen=0)
    except FileFault as fault:
        return fault
    return located(path, columns)


def _orders(columns: Columns) -> Iterator[OrderFacts]:
    """``_order`` of many at once."""
    codes, names, phones, wards, totals, placed_at, expires_at, states, addresses, owed, groups = columns
    if not _STATUSES.keys() >= {*states}:
        raise CellFault("status", Wrong.CHOICE)
    whole = [*map(_TOTALS.__getitem__, totals)]
    unpaid = [0 if state == Status.PAID else total for state, total in zip(states, whole, strict=True)]
    still = [_OWED[told] if told else rest for told, rest in zip(owed, unpaid, strict=True)] if any(owed) else unpaid
    whose = (codes, map(intern, names), map(_phone, phones), map(intern, wards), addresses)
    when = (map(_PLACED.__getitem__, placed_at), map(_EXPIRES.__getitem__, expires_at))
    facts = zip(*whose, whole, still, *when, map(_STATUSES.__getitem__, states), map(intern, groups), strict=True)
    return map(_ORDER, facts)


def transfers_of(columns: Columns) -> list[TransferFacts]:
    """``transfer_facts`` of many at once. A faulty cell raises CellFault."""
    ids, booked_at, amounts, memos, names, accounts, banks = columns
    times = [*map(_narrowed, memos, map(_BOOKED.__getitem__, booked_at))]
    when = (map(itemgetter(0), times), map(itemgetter(1), times))
    what = (map(_AMOUNTS.__getitem__, amounts), memos, names, accounts, banks)
    return [*map(_TRANSFER, zip(ids, *when, *what, [()] * len(ids), strict=True))]


def _narrowed(memo: str, booked: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """A date alone is the whole day, narrowed by a stamp in the memo."""
    earliest, latest = booked
    return narrowed(memo, earliest, latest=latest) if earliest != latest else booked


def _order(row: Row) -> OrderFacts:
    if (status := row[ORDER_COLUMNS.index("status")]) not in _STATUSES:
        raise CellFault("status", Wrong.CHOICE, status, ", ".join(_STATUSES))
    (order,) = _orders([(cell,) for cell in row])
    return order


def transfer_facts(row: Row) -> TransferFacts:
    """A row's transfer."""
    (transfer,) = transfers_of([(cell,) for cell in row])
    return transfer


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


def _moment(text: str, column: str) -> datetime:
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


def _whole_day(text: str) -> tuple[datetime, datetime]:
    try:
        return whole_day(_likely(date.fromisoformat(text), text, "booked_at"))
    except ValueError:
        raise CellFault("booked_at", Wrong.DATE, text) from None


# Orders come many in a minute: their times are the same, and stand in memory once.
_PLACED = _Read(partial(_moment, column="placed_at"))
_EXPIRES = _Read(partial(_moment, column="expires_at"))
_BOOKED = _Read(_interval)
_TOTALS = _Read(partial(_dong, column="total", least=1))
_OWED = _Read(partial(_dong, column="owed", least=0))
_AMOUNTS = _Read(partial(_dong, column="amount", least=1))
