"""What stands around the movements: account, holder, period, balances and totals, each behind a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from kernel.sheets import Cell, Line
from kernel.text import fold, search_key
from orders.payments.banks import BANKS
from orders.payments.feeds.amounts import CellFault, Grouping, read_amount
from orders.payments.feeds.dates import DateStyle, read_when
from orders.payments.feeds.statement import FaultReason, Unreadable


class Label(StrEnum):
    ACCOUNT = "account"
    HOLDER = "holder"
    OPENING = "opening"
    CLOSING = "closing"
    TOTAL = "total"
    CURRENCY = "currency"


_WORDINGS = {
    Label.ACCOUNT: "SO TAI KHOAN|SO TK|STK|TAI KHOAN|ACCOUNT NUMBER|ACCOUNT NO|ACCOUNT",
    Label.HOLDER: "TEN TAI KHOAN|CHU TAI KHOAN|TEN KHACH HANG|ACCOUNT NAME|ACCOUNT HOLDER|CUSTOMER NAME",
    Label.OPENING: "SO DU DAU(?: KY| NGAY)?|OPENING BALANCE|BEGINNING BALANCE",
    Label.CLOSING: "SO DU CUOI(?: KY| NGAY)?|CLOSING BALANCE|ENDING BALANCE",
    Label.TOTAL: "TONG(?: SO| CONG)?(?: PHAT SINH)?(?: TRONG KY)?|CONG(?: PHAT SINH)?(?: TRONG KY)?|(?:GRAND )?TOTAL",
    Label.CURRENCY: "LOAI TIEN(?: TE)?|TIEN TE|DON VI TIEN TE|CURRENCY",
}
_LABELS = {label: re.compile(rf"(?:{words})(?: (?:{words}))*") for label, words in _WORDINGS.items()}
_DATE = r"(\d{1,2}/\d{1,2}/\d{4})"
_PERIOD = re.compile(rf"\b(?:TU|FROM)\b[^\d]{{0,40}}{_DATE}[^\d]{{0,40}}\b(?:DEN|TO)\b[^\d]{{0,40}}{_DATE}")
_NUMBER = re.compile(r"\b\d{6,19}\b")
_SPACED = re.compile(r"(?<=\d)[ .-](?=\d{3,})")  # 1013 456 789
_LONGEST_LABEL = 100
_CURRENCY, _DONG = re.compile("[A-Z]{3}"), {"VND"}
_BANK = "NGAN HANG"
_NAMES = [
    (bank.code, f" {search_key(name)} ")
    for bank in BANKS
    for name in (bank.name.removeprefix("Ngân hàng "), bank.name.replace("Ngân hàng TMCP ", ""))
]
_SHORT_NAMES = [(bank.code, f" {search_key(bank.short)} ") for bank in BANKS if len(bank.short) > 2]  # MB is much else
_NO_STYLE = DateStyle(month_first=False, converted=False)


@dataclass(frozen=True)
class Labelled:
    """A label and the cells that belong to it: what follows its colon, then what stands right of it."""

    label: Label
    values: tuple[Cell, ...]


def labels(line: Line) -> Iterator[Labelled]:
    """The labels in ``line``. A label fills its cell, or all of it before a colon; its values end at the next label."""
    label: Label | None = None
    values: list[Cell] = []
    for cell in line:
        name, _, behind = cell.partition(":") if isinstance(cell, str) else ("", "", "")
        if begun := label_of(name):
            if label:
                yield Labelled(label, tuple(values))
            label, values = begun, [behind.strip()] if behind.strip() else []
        elif cell != "":
            values.append(cell)
    if label:
        yield Labelled(label, tuple(values))


@lru_cache(maxsize=4096)
def label_of(text: str) -> Label | None:
    """The label that ``text`` is, whole."""
    key = search_key(text) if len(text) <= _LONGEST_LABEL else ""
    return next((label for label, pattern in _LABELS.items() if key and pattern.fullmatch(key)), None)


def account_number(lines: Iterable[Line]) -> str | None:
    """The number of the account. Two different ones are two statements in one table."""
    values = (found.values[:1] for line in lines for found in labels(line) if found.label is Label.ACCOUNT)
    texts = (_SPACED.sub("", as_text(cell)) for value in values for cell in value)
    numbers = {number[0] for text in texts if (number := _NUMBER.search(text))}
    if len(numbers) > 1:
        raise Unreadable(FaultReason.SEVERAL_STATEMENTS)
    return next(iter(numbers), None)


def bank_named(lines: Iterable[Line]) -> str | None:
    """The code of the bank whose name stands above the table; None if it is none or several.

    What stands behind a label is somebody else's name: the holder may be called like a bank.
    """
    unlabelled = [line for line in lines if not any(labels(line))]
    texts = [search_key(cell) for line in unlabelled for cell in line if isinstance(cell, str) and len(cell) <= 200]
    found = {code for text in texts for code in _banks_in(f" {text} ")}
    return found.pop() if len(found) == 1 else None


def _banks_in(text: str) -> Iterator[str]:
    names = [*_SHORT_NAMES, *(_NAMES if _BANK in text else ())]
    return (code for code, name in names if name in text)


def is_foreign(text: str) -> bool:
    """Whether ``text`` names a currency that is not đồng."""
    told = search_key(text)
    return bool(_CURRENCY.fullmatch(told)) and told not in _DONG


def check_currency(lines: Iterable[Line]) -> None:
    """Raises `Unreadable` if the account is said to be in another currency than đồng."""
    for line in lines:
        for found in labels(line):
            if found.label is Label.CURRENCY and found.values and is_foreign(as_text(found.values[0])):
                raise Unreadable(FaultReason.FOREIGN_CURRENCY)


def holder(lines: Iterable[Line]) -> str | None:
    """The name of the account's holder."""
    found = (found.values[:1] for line in lines for found in labels(line) if found.label is Label.HOLDER)
    return next((as_text(cell) for values in found for cell in values), None)


def period(lines: Sequence[Line]) -> tuple[date | None, date | None]:
    """The first and the last day that the statement says it covers."""
    text = " ".join(as_text(cell)[:_LONGEST_LABEL] for line in lines for cell in line if cell != "")
    found = _PERIOD.search(fold(text))
    if not found:
        return None, None
    try:
        first, last = (read_when(day, "", _NO_STYLE)[0] for day in found.groups())
    except CellFault:
        return None, None
    return (first, last) if first <= last else (None, None)


def stated(lines: Iterable[Line], label: Label, written: Grouping) -> int | None:
    """The balance behind the first ``label``: the last amount there, for movements may stand before it."""
    values = (found.values for line in lines for found in labels(line) if found.label is label)
    amounts = (amount(cell, written) for cells in values for cell in reversed(cells))
    return next((read for read in amounts if read is not None), None)


def amount(cell: Cell, written: Grouping) -> int | None:
    """The amount in ``cell``, None if there is none that reads for sure."""
    try:
        return read_amount(cell, written)
    except CellFault:
        return None


def as_text(cell: Cell) -> str:
    """A cell as a person reads it: whole numbers without a point, days as dd/mm/yyyy."""
    if isinstance(cell, str):  # as most
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)
