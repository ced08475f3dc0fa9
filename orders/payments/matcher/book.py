"""The orders that a transfer may pay, found by code, by phone and by name without looking through them all."""

from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from typing import Self

from kernel.text import fold, search_key
from orders.payments.matcher.facts import OrderFacts, Status
from orders.payments.matcher.frequencies import Frequencies
from orders.payments.matcher.namesakes import Namesakes
from people.wards import understand

HEAD = 6  # letters
_NONE: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def ward_keys(ward: str) -> frozenset[str]:
    """The folded names of the 2021 wards that an order's ward may be; an unknown one stands for itself."""
    return frozenset(w.key for w in understand(ward)) or frozenset({search_key(ward)})


class Numbers(dict[str, int | list[int]]):
    """Orders' numbers by a key. Most keys have one order: only where there are more is there a list."""

    @classmethod
    def by(cls, keys: Iterable[str], numbers: Iterable[int]) -> Self:
        """The keys of all orders and their ``numbers``; an order whose key is empty has none."""
        index = cls()
        put = index.setdefault
        for key, number in zip(keys, numbers, strict=True):
            if key and (found := put(key, number)) != number:
                if isinstance(found, list):
                    found.append(number)
                else:
                    index[key] = [found, number]
        return index

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
        self.asked = [order.owed if order.status is Status.AWAITING else 0 for order in self.orders]  # of open ones
        self._numbers = [*range(len(self.orders))]  # each once in memory, whatever finds it
        self.by_code = dict(zip([order.code for order in self.orders], self._numbers, strict=True))
        self.by_phone = Numbers.by([order.phone for order in self.orders], self._numbers)
        self.by_group: dict[str, list[int]] = {}
        self._namesakes: dict[str, Namesakes] = {}  # where they were asked for
        self._frequencies = frequencies
        for number, order in enumerate(self.orders):
            if order.group:
                self.by_group.setdefault(order.group, []).append(number)

    def of_phone(self, phone: str) -> tuple[int, ...]:
        return self.by_phone.of(phone)

    def household(self, number: int) -> int:
        """The first order of the same phone: whoever pays for one may mean another. Without a phone, itself."""
        found = self.by_phone.get(self.orders[number].phone, number)
        return found[0] if isinstance(found, list) else found

    def namesakes(self, name: str) -> Namesakes:
        """The orders of a whole name, given without spaces."""
        if name not in self._namesakes:
            self._namesakes[name] = Namesakes(self.by_name.of(name), orders=self.orders, sums=self.sums)
        return self._namesakes[name]

    @cached_property
    def names(self) -> list[str]:
        """Each order's name, folded, words parted by single spaces."""
        return [self._name_keys[order.name] for order in self.orders]

    @cached_property
    def _name_keys(self) -> dict[str, str]:
        return name_keys({order.name for order in self.orders})  # two thirds of a city's people have a namesake

    @cached_property
    def by_name(self) -> Numbers:
        """By the whole name without spaces."""
        joined = {name: name.replace(" ", "") for name in self._name_keys.values()}
        return Numbers.by([joined[name] for name in self.names], self._numbers)

    @cached_property
    def heads(self) -> frozenset[str]:
        """How the names begin, written without spaces: with few surnames, where most words begin no name."""
        return frozenset(name[:HEAD] for name in self.by_name)

    @cached_property
    def frequencies(self) -> Frequencies:
        return self._frequencies or Frequencies.of(self.orders, self.names)

    def prepare(self) -> None:
        """Make every index now, before processes are forked that would each make its own."""
        self.by_name, self.heads, self.frequencies  # noqa: B018


def address_key(address: str) -> str:
    """An address for comparing: case, marks, spaces and punctuation do not make two."""
    return "".join(c for c in fold(address) if c.isalnum() or c == "/")


def name_keys(names: Collection[str]) -> dict[str, str]:
    """The ``search_key`` of each name, the quick way for those of letters and single spaces: all folded at once."""
    folded = fold("\n".join(names)).split("\n")
    if len(folded) != len(names):  # somebody has a line break in his name
        folded = [*map(fold, names)]
    return {
        name: key if key.replace(" ", "").isalpha() and "  " not in f" {key} " else search_key(name)
        for name, key in zip(names, folded, strict=True)
    }
