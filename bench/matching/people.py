"""Invented residents: names by their real frequencies, phones, wards, addresses, and the sums of their orders."""

import random
import tomllib
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

from kernel.text import fold
from orders.reference import ALPHABET, PREFIX, check_symbol

T = TypeVar("T")
VIETNAM = timezone(timedelta(hours=7))
MONDAY = datetime(2021, 8, 30, 6, 0, tzinfo=VIETNAM)


class Weighted(Generic[T]):
    """Values by their frequencies."""

    def __init__(self, table: Mapping[T, int]) -> None:
        self._values, self._bounds = list(table), list(accumulate(table.values()))
        self._whole = self._bounds[-1]

    def pick(self, chance: random.Random) -> T:
        return self._values[bisect(self._bounds, chance.random() * self._whole)]


_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
MIDDLES: list[str] = _LISTS["middles"]
GIVEN: list[str] = _LISTS["given"]
STREETS: list[str] = _LISTS["streets"]
QUARTERS: list[str] = _LISTS["quarters"]
WARDS: dict[str, int] = _LISTS["wards"]
_SURNAMES, _WARDS = Weighted[str](_LISTS["surnames"]), Weighted[str](WARDS)
_SUMS = Weighted({1000 * int(thousands): share for thousands, share in _LISTS["thousands"].items()})
_MIDDLE_WORDS = Weighted({0: 10, 1: 65, 2: 25})


@dataclass
class Order:
    """An order as a file of orders holds it; ``total`` in whole đồng."""

    code: str
    name: str
    phone: str
    ward: str
    address: str
    total: int
    placed_at: datetime
    status: str = "awaiting_payment"

    @cached_property
    def plain(self) -> str:
        """The name without its marks."""
        return fold(self.name).title()

    @property
    def folded_ward(self) -> str:
        return fold(self.ward).title()

    @property
    def expires_at(self) -> datetime:
        return self.placed_at + timedelta(days=1)


@dataclass
class City:
    """The orders of a set, and the chance that makes them."""

    chance: random.Random
    orders: list[Order] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    def code(self) -> str:
        while True:
            body = "".join(self.chance.choices(ALPHABET, k=6))
            if (code := PREFIX + body + check_symbol(body)) not in self.codes:
                self.codes.add(code)
                return code

    def phone(self) -> str:
        while True:
            phone = f"0{self.chance.choice('35789')}{self.chance.randrange(10**8):08d}"
            if phone not in self.phones:
                self.phones.add(phone)
                return phone

    def name(self) -> str:
        given = GIVEN[min(int(self.chance.expovariate(0.05)), len(GIVEN) - 1)]
        middles = self.chance.choices(MIDDLES, k=_MIDDLE_WORDS.pick(self.chance))
        return " ".join([_SURNAMES.pick(self.chance), *middles, given])

    def address(self) -> str:
        number = f"{self.chance.randint(1, 400)}"
        if self.chance.random() < 1 / 3:
            number += f"/{self.chance.randint(1, 60)}"
        return f"{number} {self.chance.choice(STREETS)}, KP {self.chance.choice(QUARTERS)}"

    def total(self) -> int:
        return _SUMS.pick(self.chance)

    def other_total(self, *totals: int) -> int:
        """A sum that is none of these, nor any two of them together."""
        while (total := self.total()) in totals or total in (2 * sum(totals), sum(totals)):
            pass
        return total

    def moment(self) -> datetime:
        return MONDAY + timedelta(minutes=int(self.chance.random() * 60 * 44))

    def order(self, like: Order | None = None, **changes: Any) -> Order:
        """A new order; ``like`` another's person, with ``changes``."""
        person = {"name": like.name, "phone": like.phone, "ward": like.ward, "address": like.address} if like else {}
        made: dict[str, Any] = person | changes
        for what, make in self._makers:
            if what not in made:
                made[what] = make()
        order = Order(self.code(), **made)
        self.orders.append(order)
        return order

    @cached_property
    def _makers(self) -> list[tuple[str, Any]]:
        return [
            ("name", self.name),
            ("phone", self.phone),
            ("ward", lambda: _WARDS.pick(self.chance)),
            ("address", self.address),
            ("total", self.total),
            ("placed_at", self.moment),
        ]
