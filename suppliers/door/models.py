"""What couriers told at the door. What was told never changes; what became of it may, as more is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from people.models import Staff
from suppliers.models import Parcel


class DoorKind(StrEnum):
    """What happened at a door."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNDONE = "undone"


class DoorReason(StrEnum):
    """Why a parcel could not be handed over."""

    ABSENT = "absent"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    DAMAGED = "damaged"
    MISSING_ITEM = "missing_item"
    LOCKED_AREA = "locked_area"


class DoorOutcome(StrEnum):
    """What became of it. All but the first two are kept and shown: somebody has to look."""

    APPLIED = "applied"
    UNDONE = "undone"
    WAITING = "waiting"  # it undoes what has not come yet
    TOO_LATE = "too_late"  # it undoes what is older than ten minutes
    ALREADY_DELIVERED = "already_delivered"
    NO_MORE_ATTEMPTS = "no_more_attempts"


class DoorEvent(Base):
    """One thing a courier told of a parcel. ``key`` is the phone's own, so that one sent twice counts once.

    ``at``: when it happened, by the phone; ``received_at``: when we heard. ``undoes``: the key of what was a mistake.
    ``photo``: under which name the file store has it. ``witness``: who of the block saw it, where the resident has no
    phone. ``short``: what was missing, ``[{"code": combo, "item": name}]``. Words, witness and photo are forgotten in
    time.
    """

    __tablename__ = "door_events"
    __table_args__ = (
        CheckConstraint("(kind = 'undone') = (undoes IS NOT NULL)", name="undoes_something"),
        CheckConstraint("(kind = 'failed') = (reason IS NOT NULL)", name="failed_with_a_reason"),
    )

    id: Mapped[BigId]
    key: Mapped[str] = mapped_column(unique=True)
    parcel_id: Mapped[int] = mapped_column(ForeignKey("parcels.id"), index=True)
    kind: Mapped[DoorKind]
    undoes: Mapped[str | None]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    run_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    reason: Mapped[DoorReason | None]
    words: Mapped[str] = mapped_column(default="", server_default="")
    witness: Mapped[str] = mapped_column(default="", server_default="")
    photo: Mapped[str] = mapped_column(default="", server_default="")
    short: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    outcome: Mapped[DoorOutcome] = mapped_column(default=DoorOutcome.WAITING)

    parcel: Mapped[Parcel] = relationship()
    staff: Mapped[Staff] = relationship()
