"""How common a word of a name, a sum, a ward is among the orders: what it says that it agrees."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2
from typing import TypeVar

from orders.payments.matcher.facts import OrderFacts

_UNSEEN = 10  # as if so many more orders had been seen: nothing is quite impossible

_Key = TypeVar("_Key")


class _Bits(dict[_Key, float]):
    """What it says that something agrees that ``counts`` of ``size`` orders have, at ``most``: worked out once."""

    def __init__(self, counts: Mapping[_Key, int], size: int, *, most: float) -> None:
        super().__init__()
        self._counts, self._size, self._most = counts, size, most

    def __missing__(self, key: _Key) -> float:
        bits = -log2((self._counts.get(key, 0) + 1) / (self._size + _UNSEEN))
        self[key] = bits = round(max(0.0, min(self._most, bits)), 2)
        return bits


class Frequencies:
    """``size`` is how many orders were counted; ``words`` are those of folded names, ``totals`` whole đồng."""

    def __init__(
        self, size: int, *, words: Mapping[str, int], totals: Mapping[int, int], wards: Mapping[str, int]
    ) -> None:
        self.size, self.words, self.totals, self.wards = size, words, totals, wards
        self.log_size = log2(size) if size else 0.0
        self._of_words = _Bits(words, size, most=12.0)
        self._of_totals = _Bits(totals, size, most=10.0)
        self._of_wards = _Bits(wards, size, most=6.0)

    @classmethod
    def of(cls, orders: Iterable[OrderFacts], names: Iterable[str]) -> "Frequencies":
        """Counted; ``names`` are those of the orders, folded. A closed order counts with its total."""
        listed, words = list(orders), Counter[str]()
        for name, often in Counter(names).items():
            for word in name.split():
                words[word] += often
        return cls(
            len(listed),
            words=words,
            totals=Counter([order.owed or order.total for order in listed]),
            wards=Counter([order.ward for order in listed]),
        )

    def words_bits(self, words: Iterable[str]) -> float:
        """What it says that these words of a name agree: NGUYEN little, a rare one more. At most 12 bits each."""
        return sum(map(self._of_words.__getitem__, words))

    def total_bits(self, amount: int) -> float:
        """What it says that this sum agrees: 200,000 little, 1,717,000 more. At most 10 bits."""
        return self._of_totals[amount]

    def ward_bits(self, ward: str) -> float:
        """What it says that the ward agrees. At most 6 bits."""
        return self._of_wards[ward]
