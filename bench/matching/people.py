"""Invented residents: names by their real frequencies, phones, wards, addresses, and the sums of their orders."""

import random
import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kernel.text import fold
from orders.reference import ALPHABET, PREFIX, check_symbol

VIETNAM = timezone(timedelta(hours=7))
MONDAY = datetime(2021, 8, 30, 6, 0, tzinfo=VIETNAM)

_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
SURNAMES: dict[str, int] = _LISTS["surnames"]
MIDDLES: list[str] = _LISTS["middles"]
GIVEN: list[str] = _LISTS["given"]
STREETS: list[str] = _LISTS["streets"]
QUARTERS: list[str] = _LISTS["quarters"]
WARDS: dict[str, int] = _LISTS["wards"]
SUMS: dict[str, int] = _LISTS["thousands"]
PREFIXES = ["03", "05", "07", "08", "09"]


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

    @property
    def plain(self) -> str:
        return fold(self.name).title()

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

    def pick(self, weighted: dict[str, int]) -> str:
        return self.chance.choices(list(weighted), weights=list(weighted.values()))[0]

    def code(self) -> str:
        while True:
            body = "".join(self.chance.choices(ALPHABET, k=6))
            if (code := PREFIX + body + check_symbol(body)) not in self.codes:
                self.codes.add(code)
                return code

    def phone(self) -> str:
        while True:
            phone = self.chance.choice(PREFIXES) + "".join(self.chance.choices("0123456789", k=8))
            if phone not in self.phones:
                self.phones.add(phone)
                return phone

    def name(self) -> str:
        middles = self.chance.choices([0, 1, 2], weights=[10, 65, 25])[0]
        given = GIVEN[min(int(self.chance.expovariate(0.05)), len(GIVEN) - 1)]
        return " ".join([self.pick(SURNAMES), *self.chance.choices(MIDDLES, k=middles), given])

    def address(self) -> str:
        number = f"{self.chance.randint(1, 400)}" + self.chance.choice(["", "", f"/{self.chance.randint(1, 60)}"])
        return f"{number} {self.chance.choice(STREETS)}, KP {self.chance.choice(QUARTERS)}"

    def total(self) -> int:
        return 1000 * int(self.pick(SUMS))

    def moment(self) -> datetime:
        return MONDAY + timedelta(minutes=self.chance.randint(0, 60 * 44))

    def order(self, like: Order | None = None, **changes: object) -> Order:
        """A new order; ``like`` another's person, with ``changes``."""
        fresh = Order(self.code(), self.name(), "", self.pick(WARDS), self.address(), self.total(), self.moment())
        if like:
            fresh = replace(fresh, name=like.name, phone=like.phone, ward=like.ward, address=like.address)
        made = replace(fresh, **changes)  # type: ignore[arg-type]
        made.phone = made.phone or self.phone()
        self.orders.append(made)
        return made
