"""An earlier order's combos put into the basket: what is still sold, at today's prices, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from orders.models import Order
from shop import basket as baskets
from shop.basket import MOST_OF_ONE
from shop.models import Combo
from shop.queries import combos_by_id


@dataclass(frozen=True, slots=True)
class Changed:
    """A combo that costs other than it did, in whole đồng."""

    name: str
    was: int
    costs: int


@dataclass(frozen=True, slots=True)
class Refill:
    """What can be had again (combo, quantity), what is no longer sold, and whose price has changed."""

    lines: tuple[tuple[Combo, int], ...]
    dropped: tuple[str, ...]
    changed: tuple[Changed, ...]


def look(session: Session, order: Order) -> Refill:
    """Compare an order with what is sold today. Changes nothing."""
    combos = combos_by_id(session, {line.combo_id for line in order.lines if line.combo_id is not None})
    wanted: Counter[int] = Counter()
    paid: dict[int, int] = {}
    dropped = []
    for line in order.lines:
        if line.combo_id is None or not combos[line.combo_id].on_sale:
            dropped.append(line.name)
            continue
        wanted[line.combo_id] += line.quantity
        paid[line.combo_id] = line.unit_price
    kept = [(combos[number], min(many, MOST_OF_ONE)) for number, many in wanted.items()]
    changed = [Changed(c.name, paid[c.id], c.price) for c, _many in kept if c.price != paid[c.id]]
    return Refill(tuple(kept), tuple(dict.fromkeys(dropped)), tuple(changed))


def fill(refill: Refill) -> None:
    """Have as many of each in the basket as then; what else lies in it stays. A repeat changes nothing."""
    for combo, quantity in refill.lines:
        baskets.change(combo.code, quantity)
