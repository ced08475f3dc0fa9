"""Questions about what a receipt tells."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orders.deductions.models import Deduction


def deducted_by_line(session: Session, order_id: int) -> dict[int, int]:
    """Order line → what of it was not handed over, in đồng, where there is anything."""
    rows = session.execute(
        select(Deduction.line_id, func.sum(Deduction.amount))
        .where(Deduction.order_id == order_id)
        .group_by(Deduction.line_id)
    )
    return {line_id: int(amount) for line_id, amount in rows if amount}
