"""How a group stands: each order with what it still owes, the open rest, and until when it may be paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from orders.groups.queries import orders_of
from orders.models import Order, OrderState
from orders.payments.queries import paid_by_order


@dataclass(frozen=True, slots=True)
class Member:
    """An order of a group; ``owed`` in whole đồng, nothing where it is not open."""

    order: Order
    owed: int


@dataclass(frozen=True, slots=True)
class Stand:
    """A group's orders as they were entered. Sums in whole đồng; ``total`` leaves out what was given up or expired."""

    members: tuple[Member, ...]

    @property
    def open(self) -> list[Member]:
        return [member for member in self.members if member.owed > 0]

    @property
    def owed(self) -> int:
        return sum(member.owed for member in self.members)

    @property
    def total(self) -> int:
        stands = (OrderState.OPEN, OrderState.CONFIRMED)
        return sum(member.order.total for member in self.members if member.order.state in stands)

    @property
    def until(self) -> datetime | None:
        """When the first of those that wait runs out: all at once, unless the office has revived one."""
        return min((member.order.expires_at for member in self.open), default=None)


def stand_of(session: Session, code: str) -> Stand:
    orders = orders_of(session, code)
    paid = paid_by_order(session, [order.id for order in orders])
    return Stand(tuple(Member(order, _owed(order, paid.get(order.id, 0))) for order in orders))


def _owed(order: Order, paid: int) -> int:
    return max(0, order.due - paid) if order.state is OrderState.OPEN else 0
