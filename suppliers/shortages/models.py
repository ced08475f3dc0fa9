"""Shortages as they were declared and shared out, what became of them for each order, and how the office shares."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.deductions.models import Deduction
from orders.models import Order, OrderLine
from orders.payments.refunds.models import Refund
from shop.quantities import Unit, show_quantity
from suppliers.models import Batch

_CALLS = text("calls_waiting > 0")
_BY_HAND = text("done_at IS NULL AND withdrawn_at IS NULL")


class Rule(StrEnum):
    """Who goes without: those who paid last, or everybody a part."""

    PAYMENT = "payment"
    PROPORTION = "proportion"


class Outcome(StrEnum):
    """What an order gets in place of what is missing."""

    EQUIVALENT = "equivalent"
    REFUND = "refund"
    CALL = "call"
    WITHDRAWN = "withdrawn"


class Shortage(Base):
    """``missing`` grams, millilitres or pieces of an item of a batch. What was declared never changes.

    ``instead``: what the supplier can give for it, in words, empty for nothing. ``attempt`` names the form that made
    it, so that one sent twice declares once. ``calls_waiting``: how many residents are still to be called.
    """

    __tablename__ = "shortages"
    __table_args__ = (
        CheckConstraint("missing > 0", name="something_missing"),
        CheckConstraint("calls_waiting >= 0", name="calls_not_negative"),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_with_a_name"),
        Index("ix_shortages_calls", "id", postgresql_where=_CALLS, sqlite_where=_CALLS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    item: Mapped[str]
    unit: Mapped[Unit]
    measure: Mapped[str]
    missing: Mapped[int]
    instead: Mapped[str]
    because: Mapped[str]
    rule: Mapped[Rule]
    attempt: Mapped[str | None] = mapped_column(unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
    calls_waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(default="", server_default="")

    batch: Mapped[Batch] = relationship()

    def amount_of(self, quantity: int) -> str:
        """So much of the item as people write it."""
        return show_quantity(quantity, self.unit, self.measure)


class ShortageShare(Base):
    """What of a shortage falls on one line of an order: ``portions`` whole combos' parts of the item. Append-only."""

    __tablename__ = "shortage_shares"
    __table_args__ = (
        UniqueConstraint("shortage_id", "line_id"),
        CheckConstraint("portions > 0 AND quantity > 0", name="something_missing"),
    )

    id: Mapped[BigId]
    shortage_id: Mapped[int] = mapped_column(ForeignKey("shortages.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    portions: Mapped[int]
    quantity: Mapped[int]

    shortage: Mapped[Shortage] = relationship()
    order: Mapped[Order] = relationship()
    line: Mapped[OrderLine] = relationship()


class ShortageStep(Base):
    """What became of an order in a shortage; the last one counts. Append-only. ``instead``: what it gets, in words."""

    __tablename__ = "shortage_steps"
    __table_args__ = (Index("ix_shortage_steps_shortage_id_order_id", "shortage_id", "order_id"),)

    id: Mapped[BigId]
    shortage_id: Mapped[int] = mapped_column(ForeignKey("shortages.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    became: Mapped[Outcome]
    instead: Mapped[str] = mapped_column(default="", server_default="")
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]


class ShortageEntry(Base):
    """Which deductions and refunds are a shortage's. Append-only."""

    __tablename__ = "shortage_entries"
    __table_args__ = (CheckConstraint("(deduction_id IS NULL) <> (refund_id IS NULL)", name="one_of_both"),)

    id: Mapped[BigId]
    shortage_id: Mapped[int] = mapped_column(ForeignKey("shortages.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    deduction_id: Mapped[int | None] = mapped_column(ForeignKey("deductions.id"), unique=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)

    deduction: Mapped[Deduction | None] = relationship()
    refund: Mapped[Refund | None] = relationship()


class ReturnByHand(Base):
    """``amount`` đồng that an order had paid before the city moved in and that somebody has to give back by hand."""

    __tablename__ = "returns_by_hand"
    __table_args__ = (
        UniqueConstraint("shortage_id", "order_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(done_by IS NULL) = (done_at IS NULL)", name="done_with_a_name"),
        CheckConstraint("done_at IS NULL OR withdrawn_at IS NULL", name="done_or_withdrawn"),
        Index("ix_returns_by_hand_waiting", "id", postgresql_where=_BY_HAND, sqlite_where=_BY_HAND),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shortage_id: Mapped[int] = mapped_column(ForeignKey("shortages.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    amount: Mapped[Dong]
    done_by: Mapped[str | None]
    done_at: Mapped[datetime | None]
    because: Mapped[str] = mapped_column(default="", server_default="")
    withdrawn_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()
    shortage: Mapped[Shortage] = relationship()


class ItemPrice(Base):
    """What an item is worth where it is missing: đồng for a kilogram, a litre or a piece."""

    __tablename__ = "item_prices"
    __table_args__ = (UniqueConstraint("name", "unit"), CheckConstraint("price > 0", name="price_positive"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit: Mapped[Unit]
    price: Mapped[Dong]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class SharingRule(Base):
    """By which rule the office shares shortages out: one row."""

    __tablename__ = "sharing_rule"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule: Mapped[Rule]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
