"""Questions about deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.models import Order, OrderState


def lock_due_before(session: Session, round_id: int, moment: datetime) -> Sequence[Order]:
    """Open orders of a round that are to be paid before ``moment``, locked, as they stand now."""
    due = (Order.round_id == round_id) & (Order.state == OrderState.OPEN) & (Order.expires_at < moment)
    return session.scalars(
        select(Order).where(due).order_by(Order.id).with_for_update(of=Order).execution_options(populate_existing=True)
    ).all()
