"""MT940, the statement as SWIFT writes it: tags on lines of 65 characters, one message or several in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from orders.payments.banks import bank_of_bic
from orders.payments.feeds.amounts import CellFault, read_decimal
from orders.payments.feeds.formats.details import Details, details
from orders.payments.feeds.formats.several import in_one
from orders.payments.feeds.statement import Direction, FaultReason, Reason, Refusal, Row, Statement, Unreadable
from orders.payments.feeds.wraps import unwrapped, width_of

_TAG = re.compile(r":(\d{2}[A-Z]?):(.*)", re.DOTALL)
_END = re.compile(r"-\}?(?:\{5:.*)?")
_BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d+[,.]\d*)")
_MOVEMENT = re.compile(
    r"(?P<valued>\d{6})(?P<booked>\d{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d+[,.]\d*)"
    r"(?P<kind>[A-Z][A-Z0-9]{3})(?P<own>.*?)(?://(?P<banks>.*))?"
)
_ACCOUNT = re.compile(r"(?:[A-Z]{4}[A-Z0-9]{4,7}/|[A-Z]{2}/)?(?P<number>[0-9A-Z]{4,34}?)(?:/?VND)?")
_OPENING, _CLOSING = ("60F", "60M"), ("62F", "62M")
_COMING = {"C", "RD"}  # credited, or a debit taken back
_NO_REFERENCE = {"", "NONREF"}
_MOST_MOVEMENTS = 200_000


@dataclass
class _Field:
    """One tag with the lines that belong to it; ``number``: its line in the file, from 1."""

    tag: str
    number: int
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class _Message:
    envelope: str
    fields: list[_Field] = field(default_factory=list)

    def first(self, *tags: str) -> _Field | None:
        return next((each for each in self.fields if each.tag in tags), None)


@dataclass(frozen=True)
class _Balance:
    day: date
    amount: int  # below 0 for an overdraft


def read_mt940(text: str) -> Statement:
    """All messages of the file, which are of one account. Raises `Unreadable`."""
    found = list(_messages(text))
    if sum(each.tag == "61" for message in found for each in message.fields) > _MOST_MOVEMENTS:
        raise Unreadable(FaultReason.TOO_MANY_ROWS)
    width = width_of(each.text for message in found for each in message.fields if each.tag == "86")
    return in_one([_statement(message, width) for message in found])


def _messages(text: str) -> Iterator[_Message]:
    """A message begins at its :20: and ends at a hyphen; what stands outside is an envelope, which may name a bank."""
    message: _Message | None = None
    envelope, is_open = "", False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        tag = _TAG.fullmatch(line.removeprefix("{4:"))
        if tag and tag[1] == "20":
            yield from _ended(message)
            message, is_open = _Message(envelope), True
        elif message and is_open:
            is_open = _go_on(message, line, tag, number=number)
        elif "{1:" in line:
            envelope = line
    yield from _ended(message)


def _ended(message: _Message | None) -> list[_Message]:
    return [message] if message else []


def _go_on(message: _Message, line: str, tag: re.Match[str] | None, *, number: int) -> bool:
    """Take the next line in; whether the message goes on behind it."""
    if _END.fullmatch(line):
        return False
    if tag:
        message.fields.append(_Field(tag[1], number, [tag[2]]))
    elif message.fields:
        message.fields[-1].lines.append(line)
    return True


def _statement(message: _Message, width: int | None) -> Statement:
    account, closes = message.first("25", "25P"), message.first(*_CLOSING)
    opening, closing = _balance(message.first(*_OPENING)), _balance(closes)
    number = _ACCOUNT.fullmatch(account.lines[0].replace(" ", "")) if account else None
    if account is None or closes is None:
        raise Unreadable(FaultReason.BROKEN)
    rows, refusals = _movements(message, width)
    bank = bank_of_bic(account.text) or bank_of_bic(message.envelope)
    return Statement(
        layout="mt940",
        bank_code=bank.code if bank else None,
        account_number=number["number"] if number else None,
        period_from=min([opening.day, *(row.booked_on for row in rows)]),
        period_to=closing.day if closes.tag == "62F" else None,
        opening=opening.amount,
        closing=closing.amount,
        rows=tuple(rows),
        refusals=tuple(refusals),
    )


def _balance(found: _Field | None) -> _Balance:
    """A balance that is missing or cut off is a file that is."""
    read = _BALANCE.fullmatch(found.lines[0].strip()) if found else None
    if not read:
        raise Unreadable(FaultReason.BROKEN)
    if read["currency"] != "VND":
        raise Unreadable(FaultReason.FOREIGN_CURRENCY)
    try:
        amount = read_decimal(read["amount"])
        return _Balance(_day(read["day"]), amount if read["mark"] == "C" else -amount)
    except CellFault as fault:
        raise Unreadable(FaultReason.BROKEN) from fault


def _movements(message: _Message, width: int | None) -> tuple[list[Row], list[Refusal]]:
    """Each :61: with the :86: right behind it."""
    rows: list[Row] = []
    refusals: list[Refusal] = []
    for place, found in enumerate(message.fields):
        if found.tag != "61":
            continue
        behind = message.fields[place + 1 : place + 2]
        told = behind[0].text if behind and behind[0].tag == "86" else ""
        try:
            rows.append(_row(found, details(told, width)))
        except CellFault as fault:
            refusals.append(Refusal(found.number, ":61:", found.lines[0][:200], fault.reason))
    return rows, refusals


def _row(found: _Field, told: Details) -> Row:
    read = _MOVEMENT.fullmatch(found.lines[0].rstrip())
    if not read:
        raise CellFault(Reason.UNREADABLE_AMOUNT)
    amount = read_decimal(read["amount"])
    if amount == 0:
        raise CellFault(Reason.NO_AMOUNT)
    return Row(
        number=found.number,
        booked_on=_booked(_day(read["valued"]), read["booked"]),
        booked_at=None,
        direction=Direction.IN if read["mark"] in _COMING else Direction.OUT,
        amount=amount,
        reference=_reference(read["own"], read["banks"] or ""),
        memo=told.memo or unwrapped(" ".join(found.lines[1:]), None),
        balance=None,
        payer_name=told.payer_name,
        payer_account=told.payer_account,
    )


def _reference(own: str, banks: str) -> str:
    """The bank's reference, else the customer's."""
    return next((text.strip() for text in (banks, own) if text.strip() not in _NO_REFERENCE), "")


def _day(text: str) -> date:
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError as error:
        raise CellFault(Reason.UNREADABLE_DATE) from error


def _booked(valued: date, month_and_day: str | None) -> date:
    """The day of booking has no year: the one that lies nearest to the value date."""
    if not month_and_day:
        return valued
    days = list(_in_years(month_and_day, (valued.year - 1, valued.year, valued.year + 1)))
    if not days:
        raise CellFault(Reason.UNREADABLE_DATE)
    return min(days, key=lambda day: abs(day - valued) or timedelta(0))


def _in_years(month_and_day: str, years: Sequence[int]) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, int(month_and_day[:2]), int(month_and_day[2:]))
        except ValueError:
            continue
