"""Tables of the waiting list."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from orders.models import Order
from people.models import WardRow
from shop.models import Round


class WaitingStatus(StrEnum):
    """Where somebody stands: in the line, with a place kept, with an order made of it, or passed over unused."""

    WAITING = "waiting"
    OFFERED = "offered"
    ORDERED = "ordered"
    PASSED = "passed"


_IN_LINE = text("status IN ('waiting', 'offered')")
_WAITS = text("status = 'waiting'")
_OFFERED = text("status = 'offered'")


class WaitingEntry(Base):
    """Somebody who waits for a place of a full round; first come, first served by ``id``. Gone when the round closes.

    ``language``: in which they are told of an offer. ``picked``: combo's code → quantity; ``supplier_ids``: with whom
    the places are needed.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        CheckConstraint("status <> 'offered' OR offered_until IS NOT NULL", name="offers_end"),
        Index(
            "uq_waiting_entries_phone",
            "round_id",
            "phone",
            unique=True,
            postgresql_where=_IN_LINE,
            sqlite_where=_IN_LINE,
        ),
        Index("ix_waiting_entries_line", "round_id", "ward_id", "id", postgresql_where=_WAITS, sqlite_where=_WAITS),
        Index("ix_waiting_entries_offers", "offered_until", postgresql_where=_OFFERED, sqlite_where=_OFFERED),
        Index("ix_waiting_entries_round_id", "round_id"),
    )

    id: Mapped[BigId]
    token: Mapped[str] = mapped_column(unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    ward_id: Mapped[int] = mapped_column(ForeignKey("wards.id"))
    name: Mapped[str]
    phone: Mapped[str]
    picked: Mapped[dict[str, Any]]
    supplier_ids: Mapped[list[Any]]
    status: Mapped[WaitingStatus] = mapped_column(default=WaitingStatus.WAITING)
    joined_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    language: Mapped[str] = mapped_column(default="vi", server_default="vi")
    consent_wording: Mapped[str]
    consent_at: Mapped[datetime]

    round: Mapped[Round] = relationship(lazy="joined")
    ward: Mapped[WardRow] = relationship(lazy="joined")
    order: Mapped[Order | None] = relationship()
    places: Mapped[list[KeptPlace]] = relationship()

    @property
    def closes_at(self) -> datetime:
        """The last moment at which its ward may order; the line ends then."""
        return self.round.closes_for(self.ward_id)

    @property
    def subject(self) -> str:
        """What notices about this entry are filed under."""
        return f"W{self.id}"


class KeptPlace(Base):
    """A place in a capacity that is kept for somebody of the waiting list: counted there as held."""

    __tablename__ = "kept_places"

    entry_id: Mapped[int] = mapped_column(ForeignKey("waiting_entries.id"), primary_key=True)
    capacity_id: Mapped[int] = mapped_column(ForeignKey("capacities.id"), primary_key=True)
