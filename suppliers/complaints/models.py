"""Complaints as they were told, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.deductions.models import Deduction
from orders.models import Order, OrderLine
from orders.payments.refunds.models import Refund
from people.models import Supplier
from suppliers.models import Parcel

_WAITS = text("state = 'waiting'")
_BY_HAND = text("outside > 0 AND done_at IS NULL AND undone_at IS NULL")
_PART = text("coalesce(line_id, 0)")


class ComplaintKind(StrEnum):
    """What is wrong with it."""

    MISSING = "missing"
    SPOILED = "spoiled"
    WRONG = "wrong"
    DAMAGED = "damaged"
    OTHER = "other"


class ComplaintSource(StrEnum):
    """Who told it: the resident on the order's page, or the courier at the door."""

    RESIDENT = "resident"
    COURIER = "courier"


class ComplaintState(StrEnum):
    """Where it stands. Only what waits can become something else."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Complaint(Base):
    """Something of a parcel is wrong: of one line its ``item``, or all of it where ``item`` is empty.

    ``line_id``: None where a courier named what no line of the order is; ``words`` has it then. ``photo``: under which
    name the file store has it. ``door_key``: the courier's own telling. ``attempt`` names the form that made it, so
    that one sent twice counts once. ``amount`` đồng go back once accepted, of which ``outside`` came before the city
    moved in and are given back by hand, by ``done_by``. ``undone_at``: since when its acceptance is void. ``reply``:
    what the supplier says of it. What was told never changes; words and photo are forgotten in time (migration 0029).
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_in_its_time"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_with_a_name"),
        CheckConstraint("(state = 'accepted') = (amount > 0)", name="accepted_with_a_sum"),
        CheckConstraint("outside BETWEEN 0 AND amount", name="outside_within_the_sum"),
        CheckConstraint("done_at IS NULL OR (outside > 0 AND done_by IS NOT NULL)", name="done_with_a_name"),
        CheckConstraint(
            "undone_at IS NULL OR (state = 'accepted' AND undone_by IS NOT NULL AND done_at IS NULL)",
            name="undone_with_a_name",
        ),
        CheckConstraint("(replied_by IS NULL) = (replied_at IS NULL)", name="replied_with_a_name"),
        CheckConstraint("(source = 'courier') = (door_key IS NOT NULL)", name="courier_with_a_key"),
        Index("ix_complaints_supplier_id_id", "supplier_id", "id"),
        Index("ix_complaints_waiting", "id", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index("ix_complaints_by_hand", "id", postgresql_where=_BY_HAND, sqlite_where=_BY_HAND),
        Index(
            "uq_complaints_waiting",
            "parcel_id",
            _PART,
            "item",
            unique=True,
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
        Index(
            "uq_complaints_door",
            "door_key",
            _PART,
            "item",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
            sqlite_where=text("state <> 'withdrawn'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    item: Mapped[str]
    kind: Mapped[ComplaintKind]
    words: Mapped[str] = mapped_column(default="", server_default="")
    photo: Mapped[str] = mapped_column(default="", server_default="")
    source: Mapped[ComplaintSource]
    door_key: Mapped[str | None] = mapped_column(index=True)
    attempt: Mapped[str | None] = mapped_column(unique=True)
    told_by: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[ComplaintState] = mapped_column(default=ComplaintState.WAITING, server_default="waiting")
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    amount: Mapped[Dong] = mapped_column(default=0, server_default="0")
    outside: Mapped[Dong] = mapped_column(default=0, server_default="0")
    done_by: Mapped[str | None]
    done_at: Mapped[datetime | None]
    done_because: Mapped[str] = mapped_column(default="", server_default="")
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]
    undone_because: Mapped[str] = mapped_column(default="", server_default="")
    reply: Mapped[str] = mapped_column(default="", server_default="")
    replied_by: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    order: Mapped[Order] = relationship()
    parcel: Mapped[Parcel] = relationship()
    supplier: Mapped[Supplier] = relationship()
    line: Mapped[OrderLine | None] = relationship()

    @property
    def what(self) -> str:
        """What it is about, in words."""
        return self.item or (self.line.name if self.line else self.words)

    @property
    def waits(self) -> bool:
        return self.state is ComplaintState.WAITING


class ComplaintEntry(Base):
    """Which deductions and refunds are a complaint's. Append-only."""

    __tablename__ = "complaint_entries"
    __table_args__ = (CheckConstraint("(deduction_id IS NULL) <> (refund_id IS NULL)", name="one_of_both"),)

    id: Mapped[BigId]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    deduction_id: Mapped[int | None] = mapped_column(ForeignKey("deductions.id"), unique=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)

    deduction: Mapped[Deduction | None] = relationship()
    refund: Mapped[Refund | None] = relationship()
