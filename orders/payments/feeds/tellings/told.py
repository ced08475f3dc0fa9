"""One movement of money as one feed tells it, and what it can be known again by. Plain values, no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import Any

from kernel.text import fold
from orders.payments.memo import take_apart
from orders.reference import ALPHABET, PREFIX


class Feed(StrEnum):
    """Who tells us of money. Each tells a movement once, or the same once more."""

    STATEMENT = "statement"
    SEPAY = "sepay"
    CASSO = "casso"
    PAYOS = "payos"


_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")
_FT = re.compile(r"FT\d{11,}")
_TOKENS = re.compile(rf"({PREFIX}[{ALPHABET}]{{7}})|(?<!\d)(0[35789]\d{{8}})(?!\d)")
_LEAST_REFERENCE = 5
_LEAST_BODY = 8  # letters that a memo needs to be found within another one
_PREFIX = 10
_ACCOUNT = re.compile(r"[0-9A-Z]{6,19}")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """``key`` names the movement within its feed; ``also`` is a second form of the memo, where a provider gives two."""

    feed: Feed
    key: str
    amount: int
    booked_on: date
    earliest: datetime
    latest: datetime
    likely_at: datetime
    reference: str
    memo: str
    payer_name: str = ""
    payer_account: str = ""
    bank_hint: str = ""
    also: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON values; dates and times in ISO form."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if name != "feed"
        } | {"feed": self.feed.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Told:
        """What ``to_json`` wrote down."""
        moments = {name: datetime.fromisoformat(data[name]) for name in ("earliest", "latest", "likely_at")}
        return cls(
            **{**data, **moments, "feed": Feed(data["feed"]), "booked_on": date.fromisoformat(data["booked_on"])}
        )

    @cached_property
    def bodies(self) -> frozenset[str]:
        """The memo as letters and digits alone: as a whole, and without what the bank wrote around it."""
        return frozenset(filter(None, {squash(self.memo), squash(self.also), *self.inner})) or frozenset({""})

    @cached_property
    def inner(self) -> frozenset[str]:
        """What the payer wrote, as letters and digits alone."""
        return frozenset(filter(None, (squash(body_of(memo)) for memo in (self.memo, self.also))))

    @cached_property
    def references(self) -> frozenset[str]:
        """The bank's numbers: its reference, and the FT numbers that a reference or a memo holds."""
        whole = squash(self.reference)
        found = {token for text in (whole, squash(self.memo), squash(self.also)) for token in _FT.findall(text)}
        if len(whole) >= _LEAST_REFERENCE and any(c.isdigit() for c in whole):
            found.add(whole)
        return frozenset(found)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of orders that the payer wrote."""
        return frozenset(found[1] for body in self.inner for found in _TOKENS.finditer(body) if found[1])

    @cached_property
    def payers(self) -> frozenset[str]:
        """Accounts and wallets that the money came from, as far as they are told whole."""
        parts = take_apart(self.memo)
        return frozenset(each for each in (self.payer_account, parts.account, parts.wallet) if _ACCOUNT.fullmatch(each))

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Codes of orders and phones that the payer wrote."""
        return frozenset(found[0] for body in self.inner for found in _TOKENS.finditer(body))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """How the memo begins: memos that were cut still share it."""
        return frozenset(body[:_PREFIX] for body in self.inner if len(body) >= _PREFIX)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Hashes under which it is found by others that may be the same: by reference, memo, token, beginning."""
        return tuple(sorted(key for kind in ("r", "m", "t", "p") for key in self.keys_of(kind)))

    def keys_of(self, kind: str) -> Iterator[str]:
        """Those of one kind; the longest text, which tells most, first."""
        named = {"r": self.references, "m": self.bodies, "t": self.tokens, "p": self.prefixes}
        for text in sorted(named[kind], key=lambda text: (-len(text), text)):
            yield blake2b(f"{kind}:{self.amount}:{text}".encode(), digest_size=12).hexdigest()

    @property
    def tells_the_hour(self) -> bool:
        return self.latest - self.earliest < _HOUR


def squash(text: str) -> str:
    """Letters and digits alone, in capitals: blanks and signs come and go on the way."""
    return _NOT_ALNUM.sub("", fold(text))


def body_of(memo: str) -> str:
    parts = take_apart(memo)
    return memo[parts.start : parts.end]


def same_text(one: Told, other: Told) -> bool:
    return not one.bodies.isdisjoint(other.bodies)


def holds(one: Told, other: Told) -> bool:
    """The memo of one stands within the other's: a wrapper we do not know, or a memo that was cut."""
    return any(_within(a, b) or _within(b, a) for a in one.bodies for b in other.bodies)


def contradict(one: Told, other: Told) -> bool:
    """Both name their payer's account, or orders, and not the same."""
    return any(a and b and a.isdisjoint(b) for a, b in ((one.payers, other.payers), (one.codes, other.codes)))


def _within(short: str, long: str) -> bool:
    return len(short) >= _LEAST_BODY and short in long
