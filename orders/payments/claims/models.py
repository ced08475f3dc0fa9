"""What residents say of their payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.models import Order

_WAITS = text("answered_at IS NULL")


class PaymentClaim(Base):
    """A resident said "I have paid", and, if they liked, from which bank, when and how much.

    ``answered_at``: since when nobody need look at it: the money was found, or the order is given up or long over.
    """

    __tablename__ = "payment_claims"
    __table_args__ = (
        Index("ix_payment_claims_order_id", "order_id", "at"),
        # The desk's list looks at those that wait, however many were answered.
        Index("ix_payment_claims_waiting", "order_id", "at", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )

    id: Mapped[BigId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime]
    bank: Mapped[str] = mapped_column(default="")
    transferred_at: Mapped[datetime | None]
    amount: Mapped[Dong | None]
    answered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()

    @property
    def moment(self) -> datetime:
        """When the money left, as far as we know: at the latest when it was said."""
        return self.transferred_at or self.at
