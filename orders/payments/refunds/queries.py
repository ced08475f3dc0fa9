"""Questions about refunds: which there are, how far they got, what fits a debit."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.payments.refunds.models import Refund


def code_in_use(session: Session, code: str) -> bool:
    return session.scalar(select(Refund.id).where(Refund.code == code)) is not None


def lock_refunds(session: Session, refund_ids: Collection[int]) -> dict[int, Refund]:
    """These refunds with their rows locked, in the one order in which everybody locks, as they stand now.

    Whoever locks their transfers, too, has done so before.
    """
    rows = session.scalars(
        select(Refund)
        .where(Refund.id.in_(refund_ids))
        .order_by(Refund.id)
        .with_for_update(of=Refund)
        .execution_options(populate_existing=True)
    )
    return {refund.id: refund for refund in rows}
