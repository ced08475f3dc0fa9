"""What providers sent to our webhooks: each call as it came, and each movement that it tells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, BigId, Dong
from orders.payments.feeds.tellings.told import Feed


class CallState(StrEnum):
    """A call is kept, then its movements are booked; or nobody can read it."""

    RECEIVED = "received"
    BOOKED = "booked"
    UNREADABLE = "unreadable"


class HookCall(Base):
    """A call with a right signature, byte for byte. The same bytes again are the same call.

    ``sent_at``: the time that its sender signed. Nothing of it changes but its state.
    """

    __tablename__ = "hook_calls"
    __table_args__ = (
        UniqueConstraint("provider", "digest"),
        Index("ix_hook_calls_provider_received_at", "provider", "received_at"),
    )

    id: Mapped[BigId]
    provider: Mapped[Feed]
    digest: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[str]
    state: Mapped[CallState] = mapped_column(default=CallState.RECEIVED)
    received_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]


class HookOutcome(StrEnum):
    """What became of a movement that a provider told."""

    BOOKED = "booked"
    KNOWN = "known"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class HookMessage(Base):
    """One movement of one call, as it was read, and what became of it. Append-only.

    ``why`` says why it was ignored. ``amount`` is below zero for money that went out.
    """

    __tablename__ = "hook_messages"
    __table_args__ = (
        UniqueConstraint("call_id", "place"),
        Index("ix_hook_messages_provider_id", "provider", "provider_id"),
    )

    id: Mapped[BigId]
    call_id: Mapped[int] = mapped_column(ForeignKey("hook_calls.id"))
    place: Mapped[int]
    provider: Mapped[Feed]
    provider_id: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_accounts.id"))
    account_number: Mapped[str]
    amount: Mapped[Dong]
    raw: Mapped[dict[str, Any]]
    outcome: Mapped[HookOutcome]
    why: Mapped[str]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    doubt_id: Mapped[int | None] = mapped_column(ForeignKey("doubts.id"))
    received_at: Mapped[datetime]
