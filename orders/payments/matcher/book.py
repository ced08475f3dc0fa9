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


class Book:
    """Orders by number, in the order given. Nothing in it changes while transfers are decided."""

    def __init__(self, orders: Iterable[OrderFacts], *, frequencies: Frequencies | None = None) -> None:
        """``frequencies``: of all orders, where ``orders`` are only those that some transfers may mean."""
        self.orders = list(orders)
        self.by_code: dict[str, int] = {}
        self.by_phone: dict[str, tuple[int, ...]] = {}
        self._frequencies = frequencies
        for number, order in enumerate(self.orders):
            self.by_code[order.code] = number
            if order.phone:
                self.by_phone[order.phone] = (*self.by_phone.get(order.phone, _NONE), number)

    def of_phone(self, phone: str) -> tuple[int, ...]:
        return self.by_phone.get(phone, _NONE)

    @cached_property
    def names(self) -> list[str]:
        """Each order's name, folded, words parted by single spaces."""
        return [name_key(order.name) for order in self.orders]

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """By the whole name without spaces."""
        found: dict[str, tuple[int, ...]] = {}
        for number, name in enumerate(self.names):
            joined = name.replace(" ", "")
            found[joined] = (*found.get(joined, _NONE), number)
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
