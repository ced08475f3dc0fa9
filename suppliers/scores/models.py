"""What a batch came to: how many stops, brought in time, short, complained of."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base
from suppliers.models import Batch


class SupplierScore(Base):
    """One batch in numbers of stops, as counted at ``counted_at``.

    ``on_time``: delivered by the end of what was promised. ``short``: something was missing. ``complaints``: told by
    residents and not withdrawn, of which ``upheld`` were accepted.
    """

    __tablename__ = "supplier_scores"
    __table_args__ = (
        CheckConstraint("on_time BETWEEN 0 AND delivered AND delivered + failed <= stops", name="stops_add_up"),
        CheckConstraint("upheld BETWEEN 0 AND complaints", name="upheld_of_complaints"),
        Index("ix_supplier_scores_supplier_id_delivery_on", "supplier_id", "delivery_on"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True, autoincrement=False)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    delivery_on: Mapped[date] = mapped_column(index=True)
    stops: Mapped[int]
    delivered: Mapped[int]
    on_time: Mapped[int]
    failed: Mapped[int]
    short: Mapped[int]
    complaints: Mapped[int]
    upheld: Mapped[int]
    counted_at: Mapped[datetime]

    batch: Mapped[Batch] = relationship()
