"""What leaves the warehouse: batches, parcels, and manifests as they were handed out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from orders.models import Order, OrderState
from people.models import Supplier
from shop.models import Round


class ParcelState(StrEnum):
    """Where one supplier's part of an order is."""

    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    FAILED = "failed"


class Batch(Base):
    """What one supplier takes out in one round. A second batch holds what was paid after the first had left."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("round_id", "supplier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    number: Mapped[int]
    dispatched_by: Mapped[str]
    dispatched_at: Mapped[datetime]
    because: Mapped[str]

    round: Mapped[Round] = relationship()
    supplier: Mapped[Supplier] = relationship()

    @property
    def manifest_number(self) -> str:
        """The number of this batch's manifest: round, supplier, how-manieth batch."""
        return f"{self.round.id:04d}-{self.supplier.code}-{self.number}"


class Parcel(Base):
    """An order's goods from one supplier, on their way. The foreign key lets only a confirmed order have one.

    ``to_settle``: something has happened to it since it was last settled, if it ever was; triggers keep it (migration
    0024), so that a settlement looks at few parcels, however many there were. ``urgent``: the office wants it first.
    """

    __tablename__ = "parcels"
    __table_args__ = (
        UniqueConstraint("order_id", "supplier_id"),
        UniqueConstraint("batch_id", "stop"),
        CheckConstraint("order_state = 'confirmed'", name="only_of_confirmed_orders"),
        ForeignKeyConstraint(["order_id", "order_state"], ["orders.id", "orders.state"]),
        Index(
            "ix_parcels_to_settle", "supplier_id", postgresql_where=text("to_settle"), sqlite_where=text("to_settle")
        ),
    )

    id: Mapped[BigId]
    order_id: Mapped[int]
    order_state: Mapped[OrderState] = mapped_column(default=OrderState.CONFIRMED)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    stop: Mapped[int]
    state: Mapped[ParcelState] = mapped_column(default=ParcelState.DISPATCHED)
    to_settle: Mapped[bool] = mapped_column(default=False, server_default=false())
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column()

    order: Mapped[Order] = relationship()
    batch: Mapped[Batch] = relationship()
    supplier: Mapped[Supplier] = relationship()
    history: Mapped[list[ParcelEvent]] = relationship(back_populates="parcel", order_by="ParcelEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)


class ParcelEvent(Base):
    """One step of a parcel: who took it, when, and why it failed if it did. ``door_id``: what a courier told of it."""

    __tablename__ = "parcel_events"

    id: Mapped[BigId]
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    became: Mapped[ParcelState]
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]
    door_id: Mapped[int | None] = mapped_column(ForeignKey("door_events.id"))

    parcel: Mapped[Parcel] = relationship(back_populates="history")


class Manifest(Base):
    """A numbered snapshot of a batch: what to buy, whom to bring what. Once that is long done, it forgets to whom.

    What changes later makes another ``version``, with its ``delta`` from the one before (`suppliers.delta`), who made
    it and why. The newest counts; the older ones stay to be read.
    """

    __tablename__ = "manifests"
    __table_args__ = (
        UniqueConstraint("batch_id", "version"),
        CheckConstraint("version > 0 AND (version = 1) = (made_by = '')", name="later_versions_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    made_at: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    delta: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    made_by: Mapped[str] = mapped_column(default="", server_default="")
    because: Mapped[str] = mapped_column(default="", server_default="")

    batch: Mapped[Batch] = relationship()
    supplier: Mapped[Supplier] = relationship()


class ManifestView(Base):
    """Somebody saw or downloaded a manifest, which holds residents' addresses. Append-only.

    ``token_id``: the token of the program that did, which ``staff_id`` made.
    """

    __tablename__ = "manifest_views"

    id: Mapped[BigId]
    manifest_id: Mapped[int] = mapped_column(ForeignKey("manifests.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    form: Mapped[str]
    at: Mapped[datetime]
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_tokens.id"))
