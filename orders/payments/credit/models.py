"""Whose credit a transfer's is, where its allocations do not say."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base
from orders.models import Order


class CreditOwner(Base):
    """A clerk said that a transfer's credit is of whoever placed this order, which it does not pay."""

    __tablename__ = "credit_owners"

    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    by: Mapped[str]
    at: Mapped[datetime]

    order: Mapped[Order] = relationship()
