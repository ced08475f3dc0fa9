"""Questions about residents who say that they have paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from orders.models import Order, OrderState
from orders.payments.claims.models import PaymentClaim

_WAITS = PaymentClaim.answered_at.is_(None)


def claims_of(session: Session, order_id: int) -> Sequence[PaymentClaim]:
    """What was said of an order's payment, oldest first."""
    return session.scalars(
        select(PaymentClaim).where(PaymentClaim.order_id == order_id).order_by(PaymentClaim.at, PaymentClaim.id)
    ).all()


def orders_said_to_be_paid(session: Session, *, most: int, after: int = 0) -> Sequence[tuple[Order, datetime]]:
    """Orders whose money has not been found, with when it was first said; oldest first. Served by a partial index."""
    first = (
        select(PaymentClaim.order_id, func.min(PaymentClaim.at).label("said_at"))
        .where(_WAITS)
        .group_by(PaymentClaim.order_id)
        .subquery()
    )
    rows = session.execute(
        select(Order, first.c.said_at)
        .join(first, first.c.order_id == Order.id)
        .where(Order.state.in_((OrderState.OPEN, OrderState.EXPIRED)))
        .options(joinedload(Order.ward), joinedload(Order.round))
        .order_by(first.c.said_at, Order.id)
        .limit(most)
        .offset(after)
    )
    return [(order, said_at) for order, said_at in rows]


def count_said_to_be_paid(session: Session) -> int:
    waits = select(func.count(PaymentClaim.order_id.distinct())).join(PaymentClaim.order)
    return int(session.scalar(waits.where(_WAITS, Order.state.in_((OrderState.OPEN, OrderState.EXPIRED)))) or 0)


def answered_claims(session: Session, *, said_before: datetime, most: int = 500) -> Sequence[int]:
    """Claims that still count as waiting though their order is paid or given up, or they are older than that."""
    over = Order.state.in_((OrderState.CONFIRMED, OrderState.CANCELLED)) | (PaymentClaim.at < said_before)
    waiting = select(PaymentClaim.id).join(PaymentClaim.order).where(_WAITS, over)
    return session.scalars(waiting.order_by(PaymentClaim.id).limit(most)).all()
