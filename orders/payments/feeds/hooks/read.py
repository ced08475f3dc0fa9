"""A call's body read: the movements that it tells, in the words of no provider."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel import clock
from orders.payments.feeds.tellings.told import Feed, squash
from orders.payments.memo import take_apart

_LARGEST = 10**13  # đồng; more is no payment but a mistake
_LONGEST = 2000
_NOTIFY = re.compile(r"\s*BankAPINotify\s+", re.IGNORECASE)

Item = Mapping[str, Any]


class UnreadableCall(Exception):
    """A call that a provider signed and that we cannot read: nothing of it is booked."""


@dataclass(frozen=True, slots=True)
class Movement:
    """``numbers``: our account's, and virtual ones under it. ``amount`` is below zero for money that went out."""

    provider_id: str
    numbers: tuple[str, ...]
    bank: str
    amount: int
    at: datetime
    reference: str
    memo: str
    raw: dict[str, Any]
    also: str = ""
    payer_name: str = ""
    payer_account: str = ""
    failed: bool = False


def movements(provider: Feed, body: bytes) -> list[Movement]:
    """What the call tells, or UnreadableCall."""
    try:
        told = json.loads(body)
        _must_be_storable(told)
        return list(_READERS[provider](told))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as fault:
        raise UnreadableCall(type(fault).__name__) from fault


def _must_be_storable(told: Any) -> None:
    """No NUL, no half of a letter, no number that is none: databases keep none of them."""
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("a NUL character")


def _sepay(told: Item) -> Iterator[Movement]:
    amount = _whole(told["transferAmount"])
    memo, also = _sepay_memos(_text(told, "content"), _NOTIFY.sub("", _text(told, "description")))
    yield Movement(
        provider_id=_name(told["id"]),
        numbers=_numbers(told, "accountNumber", "subAccount"),
        bank=_text(told, "gateway"),
        amount={"in": amount, "out": -abs(amount)}[told["transferType"]],
        at=_moment(told["transactionDate"]),
        reference=_text(told, "referenceCode"),
        memo=memo,
        also=also,
        raw=dict(told),
    )


def _sepay_memos(content: str, description: str) -> tuple[str, str]:
    """The one in the bank's known wrapper first, for it tells most; ``description`` may be a whole text message."""
    if take_apart(description).wrapped and squash(content) in squash(description):
        return description, content
    return content or description, description if content else ""


def _casso(told: Item) -> Iterator[Movement]:
    data = told["data"]
    yield from (_casso_v1(each) for each in data) if isinstance(data, list) else [_casso_v2(data)]


def _casso_v1(told: Item) -> Movement:
    return Movement(
        provider_id=_name(told["id"]),
        numbers=_numbers(told, "bank_sub_acc_id", "subAccId", "virtualAccount"),
        bank=_text(told, "bankAbbreviation") or _text(told, "bankName"),
        amount=_whole(told["amount"]),
        at=_moment(told["when"]),
        reference=_text(told, "tid"),
        memo=_text(told, "description"),
        payer_name=_text(told, "corresponsiveName"),
        payer_account=_text(told, "corresponsiveAccount"),
        raw=dict(told),
    )


def _casso_v2(told: Item) -> Movement:
    return Movement(
        provider_id=_name(told["id"]),
        numbers=_numbers(told, "accountNumber", "virtualAccountNumber"),
        bank=_text(told, "bankAbbreviation") or _text(told, "bankName"),
        amount=_whole(told["amount"]),
        at=_moment(told["transactionDateTime"]),
        reference=_text(told, "reference"),
        memo=_text(told, "description"),
        payer_name=_text(told, "counterAccountName"),
        payer_account=_text(told, "counterAccountNumber"),
        raw=dict(told),
    )


def _payos(told: Item) -> Iterator[Movement]:
    data = told["data"]
    yield Movement(
        provider_id=_name(data["reference"]),
        numbers=_numbers(data, "accountNumber", "virtualAccountNumber"),
        bank="",
        amount=_whole(data["amount"]),
        at=_moment(data["transactionDateTime"]),
        reference=_text(data, "reference"),
        memo=_text(data, "description"),
        payer_name=_text(data, "counterAccountName"),
        payer_account=_text(data, "counterAccountNumber"),
        failed=told.get("success") is False or data.get("code", "00") != "00" or data.get("currency", "VND") != "VND",
        raw=dict(data),
    )


_READERS = {Feed.SEPAY: _sepay, Feed.CASSO: _casso, Feed.PAYOS: _payos}


def _name(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip():
        raise TypeError("no name")
    return str(value).strip()[:100]


def _whole(value: Any) -> int:
    """Whole đồng. A fraction is refused: there is none in Vietnam."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError("no amount")
    whole = int(value)
    if (not isinstance(value, str) and whole != value) or abs(whole) > _LARGEST:
        raise ValueError("no amount in whole dong")
    return whole


def _moment(value: str) -> datetime:
    """Clocks of the providers show the time in Vietnam where they name no zone."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)


def _text(told: Item, name: str) -> str:
    value = told.get(name)
    return "" if value is None else str(value).replace("\0", "").strip()[:_LONGEST]


def _numbers(told: Item, *names: str) -> tuple[str, ...]:
    found = (re.sub(r"[\s.-]", "", _text(told, name)).upper() for name in names)
    return tuple(dict.fromkeys(filter(None, found)))
