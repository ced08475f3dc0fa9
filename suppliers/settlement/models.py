"""Tables of settlements: the paper that two sides agree to, and the parcels that stand in it, each once."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.payments.models import Debit, DebitKind
from people.models import Supplier
from suppliers.models import Parcel

_OPEN = text("state IN ('draft', 'put_back')")
_UNPAID = text("state = 'agreed' AND debit_id IS NULL")


class SettlementState(StrEnum):
    """Where a settlement stands. Whether it is paid is the debit's to say."""

    DRAFT = "draft"
    PUT_BACK = "put_back"
    AGREED = "agreed"
    DROPPED = "dropped"


class Side(StrEnum):
    """Who agrees."""

    OFFICE = "office"
    SUPPLIER = "supplier"


class Settlement(Base):
    """What is owed to one supplier for a period. A draft until both sides agree, then it never changes.

    ``version`` counts how often it was drawn up: who agrees says which they saw. ``amount`` less ``deducted`` is
    ``net``; any of them is negative where corrections of earlier periods outweigh. ``snapshot`` and its fingerprint
    ``sha256`` are made when the second side agrees. ``debit``: the payment out of our account that paid it.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        CheckConstraint("begins_on <= ends_on", name="a_period"),
        CheckConstraint("net = amount - deducted", name="adds_up"),
        CheckConstraint("state IN ('draft', 'put_back', 'agreed', 'dropped')", name="known_state"),
        *(
            CheckConstraint(
                f"({side}_at IS NULL) = ({side}_by IS NULL) AND ({side}_at IS NULL) = ({side}_name IS NULL)",
                name=f"{side}_with_a_name",
            )
            for side in Side
        ),
        CheckConstraint(
            "(state = 'agreed') = (sha256 IS NOT NULL) AND (state = 'agreed') = (agreed_at IS NOT NULL)"
            " AND (state <> 'agreed' OR office_at IS NOT NULL AND supplier_at IS NOT NULL)",
            name="agreed_by_both",
        ),
        CheckConstraint(
            "(debit_id IS NULL) = (paid_at IS NULL) AND (debit_id IS NULL OR state = 'agreed')", name="paid_if_agreed"
        ),
        # One at a time: what the next one holds hangs on what this one does.
        Index("uq_settlements_open", "supplier_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_settlements_unpaid", "id", postgresql_where=_UNPAID, sqlite_where=_UNPAID),
        Index("ix_settlements_supplier_id", "supplier_id", "id"),
    )

    id: Mapped[BigId]
    number: Mapped[str] = mapped_column(unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[SettlementState] = mapped_column(default=SettlementState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    drawn_by: Mapped[str]
    drawn_name: Mapped[str]
    drawn_at: Mapped[datetime]
    amount: Mapped[Dong] = mapped_column(default=0)
    deducted: Mapped[Dong] = mapped_column(default=0)
    net: Mapped[Dong] = mapped_column(default=0)
    office_by: Mapped[str | None]
    office_name: Mapped[str | None]
    office_at: Mapped[datetime | None]
    supplier_by: Mapped[str | None]
    supplier_name: Mapped[str | None]
    supplier_at: Mapped[datetime | None]
    sha256: Mapped[str | None]
    agreed_at: Mapped[datetime | None]
    debit_id: Mapped[int | None] = mapped_column(ForeignKey("debits.id"), unique=True)
    paid_by: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    paid_because: Mapped[str] = mapped_column(default="", server_default="")
    # Last, and not loaded unless it is looked at: it may hold a week of five thousand parcels.
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    debit: Mapped[Debit | None] = relationship(lazy="joined")

    @property
    def open(self) -> bool:
        """Whether the two sides still talk about it."""
        return self.state in (SettlementState.DRAFT, SettlementState.PUT_BACK)

    @property
    def paid(self) -> bool:
        """Whether a debit pays it. A debit of which somebody took back what it was pays nothing any more."""
        return self.debit is not None and self.debit.kind is DebitKind.SUPPLIER

    def agreed_by(self, side: Side) -> str | None:
        """Who agreed for this side; None while nobody has."""
        return self.office_name if side is Side.OFFICE else self.supplier_name


class LineKind(StrEnum):
    """Why a parcel stands in a settlement."""

    DELIVERED = "delivered"
    LATE = "late"
    UNDONE = "undone"
    AGAIN = "again"
    DEDUCTED = "deducted"


class SettlementLine(Base):
    """One parcel in one settlement: what it comes to now, and what it had come to in settlements before.

    The first of a parcel has ``turn`` 1; each later one begins where the one before ended, which the table insists on.
    So the ``net`` of all its lines is what is owed for it, once. ``marked_at``: when its last mark was set. ``goods``:
    what of it is delivered, ``[code, name, unit_price, quantity, deducted]`` for each line of the order.
    """

    __tablename__ = "settlement_lines"
    __table_args__ = (
        UniqueConstraint("parcel_id", "turn"),
        CheckConstraint("turn > 0", name="turn_positive"),
        CheckConstraint("deducted >= 0 AND deducted <= amount", name="deducted_within_amount"),
        CheckConstraint("amount <> was_amount OR deducted <> was_deducted", name="changes_something"),
        CheckConstraint("net = amount - deducted - was_amount + was_deducted", name="adds_up"),
        Index("ix_settlement_lines_settlement_id", "settlement_id", "id"),
    )

    id: Mapped[BigId]
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"))
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"))
    turn: Mapped[int]
    kind: Mapped[LineKind]
    marked_at: Mapped[datetime]
    amount: Mapped[Dong]
    deducted: Mapped[Dong]
    was_amount: Mapped[Dong]
    was_deducted: Mapped[Dong]
    net: Mapped[Dong]
    goods: Mapped[list[Any]]

    parcel: Mapped[Parcel] = relationship()


class SettlementDeed(StrEnum):
    """What was done with a settlement."""

    DRAWN = "drawn"
    OFFICE_AGREED = "office_agreed"
    SUPPLIER_AGREED = "supplier_agreed"
    OFFICE_DISAGREED = "office_disagreed"
    SUPPLIER_DISAGREED = "supplier_disagreed"
    DROPPED = "dropped"
    PAID = "paid"


class SettlementEvent(Base):
    """Who did what, when and why. Append-only. ``sha256``: of what both agreed to, in the line of who came second."""

    __tablename__ = "settlement_events"

    id: Mapped[BigId]
    settlement_id: Mapped[int] = mapped_column(ForeignKey("settlements.id"), index=True)
    what: Mapped[SettlementDeed]
    by: Mapped[str]
    name: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]
    sha256: Mapped[str]
