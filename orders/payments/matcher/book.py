"""The orders that a transfer may pay, found by code, by phone and by name without looking through them all."""

from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cached_property, lru_cache
from math import log2
from typing import Any

from kernel.text import fold, search_key
from orders.payments.matcher.facts import OrderFacts, Status
from people.wards import understand

_UNSEEN = 10  # as if so many more orders had been seen: nothing is quite impossible
_NONE: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def ward_keys(ward: str) -> frozenset[str]:
    """The folded names of the 2021 wards that an order's ward may be; an unknown one stands for itself."""
    return frozenset(w.key for w in understand(ward)) or frozenset({search_key(ward)})


class Book:
    """Orders by number, in the order given. Nothing in it changes while transfers are decided."""

    def __init__(self, orders: Iterable[OrderFacts]) -> None:
        self.orders = list(orders)
        self.by_code: dict[str, int] = {}
        self.by_phone: dict[str, tuple[int, ...]] = {}
        self._rarities: dict[tuple[str, Hashable], float] = {}
        for number, order in enumerate(self.orders):
            self.by_code[order.code] = number
            if order.phone:
                self.by_phone[order.phone] = (*self.by_phone.get(order.phone, _NONE), number)

    def of_phone(self, phone: str) -> tuple[int, ...]:
        return self.by_phone.get(phone, _NONE)

    @cached_property
    def names(self) -> list[str]:
        """Each order's name, folded, words parted by single spaces."""
        return [_name_key(order.name) for order in self.orders]

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """By the whole name without spaces."""
        found: dict[str, tuple[int, ...]] = {}
        for number, name in enumerate(self.names):
            joined = name.replace(" ", "")
            found[joined] = (*found.get(joined, _NONE), number)
        return found

    @cached_property
    def totals(self) -> Counter[int]:
        """How often each sum is owed; a closed order counts with its total."""
        return Counter([order.owed or order.total for order in self.orders])

    @cached_property
    def words(self) -> Counter[str]:
        """How often each word stands in a name."""
        return Counter(" ".join(self.names).split())

    @cached_property
    def wards(self) -> Counter[str]:
        return Counter([order.ward for order in self.orders])

    def prepare(self) -> None:
        """Make every index now, before processes are forked that would each make its own."""
        self.by_name, self.totals, self.words, self.wards  # noqa: B018

    def is_open(self, number: int) -> bool:
        return self.orders[number].status is Status.AWAITING

    def word_bits(self, word: str) -> float:
        """What it says that this word of a name agrees: NGUYEN little, a rare one more. At most 12 bits."""
        return self._rarity("word", word, self.words, most=12.0)

    def total_bits(self, amount: int) -> float:
        """What it says that this sum agrees: 200,000 little, 1,717,000 more. At most 10 bits."""
        return self._rarity("total", amount, self.totals, most=10.0)

    def ward_bits(self, ward: str) -> float:
        return self._rarity("ward", ward, self.wards, most=6.0)

    def _rarity(self, what: str, value: Hashable, counts: Counter[Any], *, most: float) -> float:
        key = (what, value)
        if key not in self._rarities:
            bits = -log2((counts[value] + 1) / (len(self.orders) + _UNSEEN))
            self._rarities[key] = round(max(0.0, min(most, bits)), 2)
        return self._rarities[key]


def address_key(address: str) -> str:
    """An address for comparing: case, marks, spaces and punctuation do not make two."""
    return "".join(c for c in fold(address) if c.isalnum() or c == "/")


def _name_key(name: str) -> str:
    """``search_key``, the quick way for a name of letters and single spaces."""
    folded = fold(name)
    return folded if folded.replace(" ", "").isalpha() and " ".join(folded.split()) == folded else search_key(name)
