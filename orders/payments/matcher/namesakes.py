"""The orders of one name. A common name has hundreds: they are sorted once, and not looked through again and again."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Self

from kernel.once import once
from orders.payments.matcher.facts import OrderFacts


class Namesakes:
    """By number in the book, whose ``sums`` are what each order owed."""

    def __init__(self, numbers: Sequence[int], *, orders: Sequence[OrderFacts], sums: Sequence[int]) -> None:
        self.by_sum: dict[int, list[int]] = {}
        for number in numbers:
            self.by_sum.setdefault(sums[number], []).append(number)
        self._numbers, self._orders = numbers, orders

    @once
    def by_code(self) -> list[int]:
        """All of them, in the order of their codes."""
        return sorted(self._numbers, key=lambda number: self._orders[number].code)


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
