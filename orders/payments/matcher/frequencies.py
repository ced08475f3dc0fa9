"""How common a word of a name, a sum, a ward is among the orders: what it says that it agrees."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2

from orders.payments.matcher.facts import OrderFacts

_UNSEEN = 10  # as if so many more orders had been seen: nothing is quite impossible


class Frequencies:
    """``size`` is how many orders were counted; ``words`` are those of folded names, ``totals`` whole đồng."""

    def __init__(
        self, size: int, *, words: Mapping[str, int], totals: Mapping[int, int], wards: Mapping[str, int]
    ) -> None:
        self.size, self.words, self.totals, self.wards = size, words, totals, wards
        self.log_size = log2(size) if size else 0.0
        self._bits: dict[str | int, float] = {}

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

    def word_bits(self, word: str) -> float:
        """What it says that this word of a name agrees: NGUYEN little, a rare one more. At most 12 bits."""
        if word not in self._bits:
            self._bits[word] = self._rarity(self.words.get(word, 0), most=12.0)
        return self._bits[word]

    def total_bits(self, amount: int) -> float:
        """What it says that this sum agrees: 200,000 little, 1,717,000 more. At most 10 bits."""
        if amount not in self._bits:
            self._bits[amount] = self._rarity(self.totals.get(amount, 0), most=10.0)
        return self._bits[amount]

    def ward_bits(self, ward: str) -> float:
        return self._rarity(self.wards.get(ward, 0), most=6.0)

    def _rarity(self, count: int, *, most: float) -> float:
        bits = -log2((count + 1) / (self.size + _UNSEEN))
        return round(max(0.0, min(most, bits)), 2)
