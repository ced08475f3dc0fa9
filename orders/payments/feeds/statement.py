"""What a bank statement says, as plain values: its rows, what could not be read, and how both survive as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any

import orjson

from orders.payments.identity import identities


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Reason(StrEnum):
    """Why one row is refused."""

    NO_DATE = "no_date"
    UNREADABLE_DATE = "unreadable_date"
    AMBIGUOUS_DATE = "ambiguous_date"  # the file holds dates with the month first, and this one reads both ways
    UNLIKELY_DATE = "unlikely_date"
    NO_AMOUNT = "no_amount"
    UNREADABLE_AMOUNT = "unreadable_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    FRACTION = "fraction"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    BOTH_SIDES = "both_sides"
    MISALIGNED = "misaligned"  # more cells than headings: a separator within a memo
    LOOSE_TEXT = "loose_text"  # a memo without date and amount
    UNKNOWN_SIGN = "unknown_sign"  # nothing says for sure whether the money came or went
    FOREIGN_CURRENCY = "foreign_currency"
    PARTS_DIFFER = "parts_differ"  # the transfers of a batch do not add up to its amount


class FaultReason(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PDF = "pdf"
    IMAGE = "image"
    PASSWORD = "password"  # noqa: S105  the name of a reason
    NOT_A_TABLE = "not_a_table"
    BROKEN = "broken"
    SWOLLEN = "swollen"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    FORBIDDEN = "forbidden"  # XML with a document type: entities that swell or fetch something
    UNKNOWN_LAYOUT = "unknown_layout"
    UNMAPPED = "unmapped"  # a table whose columns a person has to name first
    FOREIGN_CURRENCY = "foreign_currency"
    SEVERAL_STATEMENTS = "several_statements"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"


class Unreadable(Exception):
    """A file that holds no statement that can be read. Raised in the child process, where nobody words it."""

    def __init__(self, reason: FaultReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One movement. ``number`` is the row in the file, from 1; ``amount`` whole đồng, above 0; ``booked_at`` aware."""

    number: int
    booked_on: date
    booked_at: datetime | None
    direction: Direction
    amount: int
    reference: str
    memo: str
    balance: int | None
    payer_name: str = ""
    payer_account: str = ""
    bank_hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values; dates and times in ISO form."""
        return _plain(self)

    @property
    def signed(self) -> int:
        """What the movement adds to the account."""
        return self.amount if self.direction is Direction.IN else -self.amount


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that could not be read for sure; ``column`` is the heading in the file, ``value`` what stands there."""

    row: int
    column: str
    value: str
    reason: Reason


@dataclass(frozen=True)
class Statement:
    """One statement as its file gives it. What the file does not say is None.

    ``left_out``: entries that the bank has not booked yet; they come again once it has.
    """

    layout: str
    bank_code: str | None
    account_number: str | None = None
    holder: str | None = None
    period_from: date | None = None
    period_to: date | None = None
    opening: int | None = None
    closing: int | None = None
    total_in: int | None = None
    total_out: int | None = None
    rows: tuple[Row, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    left_out: int = 0

    @property
    def incoming(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.direction is Direction.IN)

    @cached_property
    def identities(self) -> list[str]:
        """What makes each row one and the same transfer, in the order of the rows."""
        return identities(self.rows)

    def to_json(self) -> dict[str, Any]:
        """JSON values; dates and times in ISO form."""
        return _plain(self) | {
            "rows": [row.to_json() for row in self.rows],
            "refusals": [_plain(refusal) for refusal in self.refusals],
        }

    def to_json_text(self) -> str:
        """`to_json` written down, without a dictionary for each of a hundred thousand rows."""
        try:
            return orjson.dumps(_plain(self) | {"rows": self.rows, "refusals": self.refusals}).decode()
        except TypeError:  # half of a letter, say
            return json.dumps(self.to_json())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Statement:
        """The statement that `to_json` wrote down. Raises KeyError, TypeError or ValueError for anything else."""
        dates = {name: _date(data[name]) for name in ("period_from", "period_to")}
        rows = tuple(_row(row) for row in data["rows"])
        refusals = tuple(Refusal(**refusal | {"reason": Reason(refusal["reason"])}) for refusal in data["refusals"])
        return cls(**{**data, **dates, "rows": rows, "refusals": refusals})


def _plain(value: Row | Refusal | Statement) -> dict[str, Any]:
    names, dates, read = _PLAIN[type(value)]
    plain: dict[str, Any] = dict(zip(names, read(value), strict=True))
    for name in dates:
        if (moment := plain[name]) is not None:
            plain[name] = moment.isoformat()
    return plain


def _way(kind: type, *dates: str) -> tuple[list[str], tuple[str, ...], attrgetter[Any]]:
    names = [field.name for field in fields(kind)]
    return names, dates, attrgetter(*names)


_PLAIN = {
    Row: _way(Row, "booked_on", "booked_at"),
    Refusal: _way(Refusal),
    Statement: _way(Statement, "period_from", "period_to"),
}


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _row(data: Mapping[str, Any]) -> Row:
    booked_at = data["booked_at"]
    read = {
        "booked_on": date.fromisoformat(data["booked_on"]),
        "booked_at": None if booked_at is None else datetime.fromisoformat(booked_at),
        "direction": Direction(data["direction"]),
    }
    return Row(**{**data, **read})
