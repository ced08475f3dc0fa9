"""Deductions: what was not handed over of an order's lines, in đồng. What was ordered stays as it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.models import Order, OrderLine


class Deduction(Base):
    """``amount`` đồng of a line need not be paid, for ``quantity`` of its combos are wanting in something. Append-only.

    Negative only in a reversal, which names what it ``reverses``. Triggers keep ``Order.deducted`` (migration 0022);
    they refuse one of an order that has not left, more than the line came to, and one that leaves the order with more
    money than it owes.
    """

    __tablename__ = "deductions"
    __table_args__ = (
        CheckConstraint("amount <> 0 AND (amount > 0) = (reverses_id IS NULL)", name="only_reversals_negative"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    )

    id: Mapped[BigId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    amount: Mapped[Dong]
    quantity: Mapped[int]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("deductions.id"), unique=True)
    because: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    order: Mapped[Order] = relationship()
    line: Mapped[OrderLine] = relationship()
