"""The orders of one name. A common name has hundreds: they are sorted once, and not looked through again and again."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple, Self

from kernel.once import once
from orders.payments.matcher.facts import OrderFacts

FEW = 8  # NGUYEN THI LAN has hundreds; those of the very sum, ordered last, are the likeliest


class Namesakes:
    """By number in the book, whose ``sums`` are what each order owed."""

    def __init__(self, numbers: Sequence[int], *, orders: Sequence[OrderFacts], sums: Sequence[int]) -> None:
        self._numbers, self._orders, self._sums = numbers, orders, sums

    def of_sum(self, amount: int) -> Sequence[int]:
        """Those that owed just this."""
        if len(self._numbers) <= FEW:
            return [number for number in self._numbers if self._sums[number] == amount]
        return self._by_sum.get(amount, ())

    @once
    def _by_sum(self) -> dict[int, list[int]]:
        by_sum: dict[int, list[int]] = {}
        for number in self._numbers:
            by_sum.setdefault(self._sums[number], []).append(number)
        return by_sum

    @once
    def first_codes(self) -> list[str]:
        """Of many, those few that come first."""
        return nsmallest(FEW, [self._orders[number].code for number in self._numbers])


class Turn(NamedTuple):
    """Orders by number, the one placed first before the others, and when each was placed."""

    numbers: Sequence[int]
    moments: Sequence[datetime]

    @classmethod
    def of(cls, numbers: Iterable[int], orders: Sequence[OrderFacts]) -> Self:
        turn = sorted(numbers, key=lambda number: (orders[number].placed_at, orders[number].code))
        return cls(turn, [orders[number].placed_at for number in turn])

    def last(self, most: int, *, before: datetime) -> list[int]:
        """So many that were placed last ``before`` something; if they are too few, those placed last at all, too."""
        split = bisect_right(self.moments, before)
        found = self.numbers[max(0, split - most) : split][::-1]
        return [*found, *self.numbers[max(split, len(self.numbers) - most + len(found)) :][::-1]]
