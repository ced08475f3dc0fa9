"""The orders that a transfer may pay, found by code, by phone and by name without looking through them all."""

from collections.abc import Iterable
from functools import cached_property, lru_cache

from kernel.text import fold, search_key
from orders.payments.matcher.facts import OrderFacts, Status
from orders.payments.matcher.frequencies import Frequencies
from people.wards import understand

_NONE: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def ward_keys(ward: str) -> frozenset[str]:
    """The folded names of the 2021 wards that an order's ward may be; an unknown one stands for itself."""
    return frozenset(w.key for w in understand(ward)) or frozenset({search_key(ward)})


class Numbers(dict[str, int | list[int]]):
    """Orders' numbers by a key. Most keys have one order: only where there are more is there a list."""

    def add(self, key: str, number: int) -> None:
        found = self.setdefault(key, number)
        if isinstance(found, list):
            found.append(number)
        elif found != number:
            self[key] = [found, number]

    def of(self, key: str) -> tuple[int, ...]:
        found = self.get(key)
        if found is None:
            return _NONE
        return tuple(found) if isinstance(found, list) else (found,)


class Book:
    """Orders by number, in the order given. Nothing in it changes while transfers are decided."""

    def __init__(self, orders: Iterable[OrderFacts], *, frequencies: Frequencies | None = None) -> None:
        """``frequencies``: of all orders, where ``orders`` are only those that some transfers may mean."""
        self.orders = list(orders)
        self.sums = [order.owed for order in self.orders]  # beside each other, where many are compared
        self.by_code = {order.code: number for number, order in enumerate(self.orders)}
        self.by_phone = Numbers()
        self.by_group: dict[str, list[int]] = {}
        self._frequencies = frequencies
        for number, order in enumerate(self.orders):
            if order.phone:
                self.by_phone.add(order.phone, number)
            if order.group:
                self.by_group.setdefault(order.group, []).append(number)

    def of_phone(self, phone: str) -> tuple[int, ...]:
        return self.by_phone.of(phone)

    def household(self, number: int) -> int:
        """The first order of the same phone: whoever pays for one of them may mean another."""
        phone = self.orders[number].phone
        return self.by_phone.of(phone)[0] if phone else number

    @cached_property
    def names(self) -> list[str]:
        """Each order's name, folded, words parted by single spaces."""
        keys: dict[str, str] = {}  # two thirds of the people of a city bear a name that somebody else has, too
        return [keys.get(order.name) or keys.setdefault(order.name, name_key(order.name)) for order in self.orders]

    @cached_property
    def by_name(self) -> Numbers:
        """By the whole name without spaces."""
        found = Numbers()
        joined: dict[str, str] = {}
        for number, name in enumerate(self.names):
            found.add(joined.get(name) or joined.setdefault(name, name.replace(" ", "")), number)
        return found

    @cached_property
    def frequencies(self) -> Frequencies:
        return self._frequencies or Frequencies.of(self.orders, self.names)

    def prepare(self) -> None:
        """Make every index now, before processes are forked that would each make its own."""
        self.by_name, self.frequencies  # noqa: B018

    def is_open(self, number: int) -> bool:
        return self.orders[number].status is Status.AWAITING


def address_key(address: str) -> str:
    """An address for comparing: case, marks, spaces and punctuation do not make two."""
    return "".join(c for c in fold(address) if c.isalnum() or c == "/")


def name_key(name: str) -> str:
    """``search_key``, the quick way for a name of letters and single spaces."""
    folded = fold(name)
    return folded if folded.replace(" ", "").isalpha() and " ".join(folded.split()) == folded else search_key(name)
