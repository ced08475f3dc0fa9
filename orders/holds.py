"""The places that orders hold in their delivery round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from orders.models import Order, OrderState, PlaceHold
from orders.queries import held_capacities
from shop.capacity import Door, force_places, give_back

HOLDING = (OrderState.OPEN, OrderState.CONFIRMED)


def hold(session: Session, order: Order, capacity_ids: Iterable[int], *, at: datetime) -> None:
    """Write down the places that the order has taken."""
    session.add_all(PlaceHold(order_id=order.id, capacity_id=taken, held_at=at) for taken in capacity_ids)


def release(session: Session, order: Order, *, at: datetime) -> None:
    """Give the order's places back to its round. A second call finds none."""
    holds = held_capacities(session, order.id)
    for place in holds:
        place.released_at = at
    give_back(session, [place.capacity_id for place in holds])


def hold_beyond(session: Session, orders: Sequence[Order], *, at: datetime) -> int:
    """Take the places of orders of one round, open or confirmed, even where there are none left.

    The orders must have their ids. Answers how many places are beyond the round's.
    """
    holding = [order for order in orders if order.state in HOLDING]
    if not holding:
        return 0
    wanted = Counter(door for order in holding for door in _doors(order))
    taken, beyond = force_places(session, holding[0].round_id, wanted)
    for order in holding:
        hold(session, order, [taken[door] for door in _doors(order)], at=at)
    return beyond


def _doors(order: Order) -> set[Door]:
    return {(order.ward_id, line.supplier_id) for line in order.lines if line.supplier_id is not None}
