"""Tables of purchase orders: what was ordered, and what became of the paper itself."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from people.models import Supplier
from suppliers.models import Batch

_WAITS = text("acknowledged_at IS NULL")


class PurchaseOrder(Base):
    """What one batch takes of a supplier: goods, prices, sum, and nobody's name. It never changes.

    But for who of the supplier acknowledged it, and when: once. ``sha256`` is the snapshot's fingerprint.
    """

    __tablename__ = "purchase_orders"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_name IS NULL)",
            name="acknowledged_by_somebody",
        ),
        # What rises on the office's page, however many were acknowledged.
        Index("ix_purchase_orders_waiting", "supplier_id", "id", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index("ix_purchase_orders_supplier_id", "supplier_id", "id"),
    )

    id: Mapped[BigId]
    number: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    amount: Mapped[Dong]
    made_at: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    acknowledged_by: Mapped[str | None]
    acknowledged_name: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]

    batch: Mapped[Batch] = relationship()
    supplier: Mapped[Supplier] = relationship(lazy="joined")


class PurchaseDeed(StrEnum):
    """What is done with a purchase order after it was made."""

    ACKNOWLEDGED = "acknowledged"
    NUDGED = "nudged"


class PurchaseEvent(Base):
    """Somebody acknowledged a purchase order, or the office asked for it again. Append-only."""

    __tablename__ = "purchase_events"

    id: Mapped[BigId]
    purchase_order_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"), index=True)
    what: Mapped[PurchaseDeed]
    by: Mapped[str]
    name: Mapped[str]
    at: Mapped[datetime]
