"""What is not handed over of a line is worth, in whole đồng and in the resident's favour. Plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop.quantities import Unit

ItemKey = tuple[str, Unit]
"""An item's name and what counts it."""


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of an item is in one combo."""

    item: ItemKey
    size: int


@dataclass(frozen=True, slots=True)
class Priced:
    """A line: ``quantity`` combos at ``unit_price``, of these portions."""

    quantity: int
    unit_price: int
    portions: Sequence[Portion]

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_price


def portion_worth(line: Priced, portion: Portion, prices: Mapping[ItemKey, int]) -> int:
    """By the office's price of the item, if it keeps one; else the combo's price shared evenly over its items.

    Never more than the combo.
    """
    price = prices.get(portion.item)
    if price is None:
        return -(-line.unit_price // len(line.portions))
    counted_in = 1 if portion.item[1] is Unit.PIECE else 1000
    return min(line.unit_price, -(-portion.size * price // counted_in))


def worth(line: Priced, lost: Mapping[ItemKey, int], prices: Mapping[ItemKey, int]) -> int:
    """What ``lost`` portions of its items come to, over all shortages; a combo of which nothing came: its price."""
    many = [min(lost.get(portion.item, 0), line.quantity) for portion in line.portions]
    whole = min(many, default=0)
    single = sum(
        (each - whole) * portion_worth(line, portion, prices) for each, portion in zip(many, line.portions, strict=True)
    )
    return min(line.amount, whole * line.unit_price + single)
