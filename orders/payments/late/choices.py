"""What a clerk may choose for money that came for an order which takes none: four ways, the fairest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from orders.models import Order, OrderState
from orders.payments.models import Transfer
from orders.payments.queries import paid_by_order
from shop.models import Round
from shop.queries import places_left, rounds_taking_orders

MOST = 3
"""So many orders of a transfer are asked about at once."""


class Way(StrEnum):
    """What becomes of the money."""

    REVIVE = "revive"
    NEXT_ROUND = "next-round"
    CREDIT = "credit"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Choices:
    """The ways that are open for one order. ``coming``: the next round that has room for it.

    ``in_time``: by what the bank tells of its hour, the money may have come before the deadline.
    """

    order: Order
    owed: int
    in_time: bool
    own_has_room: bool
    coming: Round | None

    @property
    def ways(self) -> Sequence[Way]:
        return list(self._ways())

    def _ways(self) -> Iterator[Way]:
        if self.own_has_room:
            yield Way.REVIVE
        if self.coming:
            yield Way.NEXT_ROUND
        yield from (Way.CREDIT, Way.REFUND)

    @property
    def shown(self) -> str:
        """What the clerk saw, to be posted back: what was offered is what is done."""
        coming = self.coming.id if self.coming else 0
        return f"{self.order.code}.{self.order.state.value}.{self.owed}.{self.own_has_room:d}.{coming}"


def choices_of(session: Session, transfer: Transfer, orders: Sequence[Order], *, at: datetime) -> Sequence[Choices]:
    """For those of the orders that take no money: expired, cancelled, or paid already."""
    if not transfer.unplaced:
        return []
    paid = paid_by_order(session, [order.id for order in orders])
    owed = {order.id: order.due - paid.get(order.id, 0) for order in orders}
    asked = [order for order in orders if takes_nothing(order, owed[order.id])][:MOST]
    return [_choices(session, transfer, order, owed=owed[order.id], at=at) for order in asked]


def takes_nothing(order: Order, owed: int) -> bool:
    over = order.state in (OrderState.EXPIRED, OrderState.CANCELLED)
    return over or (order.state is OrderState.CONFIRMED and owed <= 0)


def _choices(session: Session, transfer: Transfer, order: Order, *, owed: int, at: datetime) -> Choices:
    over = order.state in (OrderState.EXPIRED, OrderState.CANCELLED) and order.forgotten_at is None
    in_time = order.state is OrderState.EXPIRED and transfer.earliest <= order.expires_at
    return Choices(
        order,
        owed,
        in_time=in_time,
        own_has_room=over and in_time and _own_takes_it(session, transfer, order, at),
        coming=_coming(session, order, at) if over else None,
    )


def _own_takes_it(session: Session, transfer: Transfer, order: Order, at: datetime) -> bool:
    """Its own round has not left and still has its places; once closed, only for the whole sum: no rest can follow."""
    delivery = order.round
    enough = at < delivery.closes_at or transfer.unplaced >= order.due
    return delivery.dispatched_at is None and enough and _has_room(session, order, delivery)


def _coming(session: Session, order: Order, at: datetime) -> Round | None:
    return next((each for each in rounds_taking_orders(session, at) if _has_room(session, order, each)), None)


def _has_room(session: Session, order: Order, delivery: Round) -> bool:
    suppliers = {line.supplier_id for line in order.lines if line.supplier_id is not None}
    return not suppliers or places_left(session, delivery.id, order.ward_id, suppliers) > 0
