"""An order taken elsewhere gets its combos, so that somebody can pack it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.money import format_dong
from orders.holds import hold_beyond
from orders.models import Order, OrderLine
from orders.queries import lock_orders
from shop.queries import combos_by_code


class WrongCombos(MarketError):
    """The combos cannot be the order's: unknown, of another total, or it has its combos already."""


def give_combos(session: Session, order: Order, picked: Mapping[str, int], *, at: datetime) -> int:
    """Replace the line "taken elsewhere" by combos of the same total and take their places, beyond capacity if need be.

    Answers how many places are beyond the round's. Locks the order. Does not commit.
    """
    lock_orders(session, [order.id])
    session.refresh(order, ["lines"])
    if all(line.supplier_id is not None for line in order.lines):
        raise WrongCombos(_("This order has its combos already."))
    lines = _lines(session, picked)
    total = sum(line.amount for line in lines)
    if total != order.total:
        raise WrongCombos(
            _(
                "These combos cost %(total)s, the order %(wanted)s. Choose combos of the same total.",
                total=format_dong(total),
                wanted=format_dong(order.total),
            )
        )
    for line in list(order.lines):
        session.delete(line)
    order.lines = lines
    session.flush()
    return hold_beyond(session, [order], at=at)


def _lines(session: Session, picked: Mapping[str, int]) -> list[OrderLine]:
    combos = combos_by_code(session, picked.keys())
    if unknown := sorted(set(picked) - set(combos)):
        raise WrongCombos(_("There is no combo %(code)s.", code=unknown[0]))
    return [OrderLine.of(combos[code], quantity) for code, quantity in picked.items()]
