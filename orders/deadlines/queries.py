"""Questions about deadlines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.queries import among
from orders.models import Order, OrderState
from shop.models import Round
from shop.queries import closes_for


def lock_due_before(session: Session, round_id: int, moment: datetime) -> Sequence[Order]:
    """Open orders of a round that are to be paid before ``moment``, locked, as they stand now."""
    due = (Order.round_id == round_id) & (Order.state == OrderState.OPEN) & (Order.expires_at < moment)
    return session.scalars(
        select(Order).where(due).order_by(Order.id).with_for_update(of=Order).execution_options(populate_existing=True)
    ).all()


class ShortOfTime(NamedTuple):
    """An open order whose deadline is near or past, in a round that has not left; ``closes_at`` is its ward's."""

    id: int
    expires_at: datetime
    closes_at: datetime


def short_of_time(session: Session, order_ids: Collection[int], until: datetime) -> Sequence[ShortOfTime]:
    """Those of these orders that have less time than ``until``, and could have more."""
    closes = closes_for(Order.ward_id)
    rows = session.execute(
        select(Order.id, Order.expires_at, closes)
        .join(Order.round)
        .where(among(session, Order.id, order_ids), Order.state == OrderState.OPEN, Order.expires_at < until)
        .where(Round.dispatched_at.is_(None), closes > Order.expires_at)
        .order_by(Order.id)
    )
    return [ShortOfTime(*row) for row in rows]
