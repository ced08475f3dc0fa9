"""What an order's page says of money beyond its total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.credit.owners import credits_of
from orders.payments.credit.queries import open_orders_of
from orders.payments.queries import paid_by_order


@dataclass(frozen=True, slots=True)
class CreditView:
    """``amount`` đồng are kept; ``orders`` could be paid with it: (order, owed)."""

    amount: int
    orders: Sequence[tuple[Order, int]]


def credit_view(session: Session, order: Order) -> CreditView | None:
    """None where there is none."""
    amount = sum(transfer.credit for transfer in credits_of(session, order))
    if not amount:
        return None
    waiting = [each for each in open_orders_of(session, order.phone) if each.id != order.id]
    paid = paid_by_order(session, [each.id for each in waiting])
    return CreditView(amount, [(each, each.due - paid.get(each.id, 0)) for each in waiting])
