"""The outbox of notices, the addresses that people asked to be told at, and what the adapters must keep."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, BigId


class Channel(StrEnum):
    """By which way somebody is told. ``hand``: a person of the office copies the text."""

    SMS = "sms"
    ZALO = "zalo"
    EMAIL = "email"
    PUSH = "push"
    HAND = "hand"


class NoticeState(StrEnum):
    """What became of a notice. ``failed``: refused for good; ``given_up``: tried too often; ``skipped``: overtaken."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    COPIED = "copied"
    SKIPPED = "skipped"


_DUE = text("state = 'waiting' AND channel <> 'hand'")
_BY_HAND = text("state = 'waiting' AND channel = 'hand'")
_TROUBLE = text("state IN ('waiting', 'failed', 'given_up')")


class Notice(Base):
    """One thing told to one address, written with the change it tells of. The log is this table.

    ``subject``: what it is about (an order's code); ``topic``: which matter (its money, a parcel); ``sense``: the event
    and what sets it apart from its like. Of one sense each address is told once, and again only after the topic had
    other news (``turn`` counts). ``key`` names it to gateways, the same at each attempt. ``fault`` is a short code,
    never a gateway's words, for they may quote a resident.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("subject", "topic", "sense", "turn", "channel", "address", name="uq_notices_once"),
        Index("ix_notices_due", "not_before", "id", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_notices_by_hand", "id", postgresql_where=_BY_HAND, sqlite_where=_BY_HAND),
        Index("ix_notices_trouble", "state", "channel", "id", postgresql_where=_TROUBLE, sqlite_where=_TROUBLE),
        Index("ix_notices_subject", "subject", "id"),
        Index("ix_notices_state", "state", "id"),
        Index("ix_notices_channel", "channel", "id"),
        Index("ix_notices_event", "event", "id"),
    )

    id: Mapped[BigId]
    key: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    topic: Mapped[str]
    event: Mapped[str]
    sense: Mapped[str]
    turn: Mapped[int]
    channel: Mapped[Channel]
    address: Mapped[str]
    language: Mapped[str]
    params: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[NoticeState] = mapped_column(default=NoticeState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    provider_id: Mapped[str] = mapped_column(default="")
    fault: Mapped[str] = mapped_column(default="")


class ToldAt(Base):
    """An address that somebody asked to be told at about a subject: an e-mail, a browser (with its keys)."""

    __tablename__ = "told_at"
    __table_args__ = (UniqueConstraint("subject", "channel", "address"),)

    id: Mapped[BigId]
    subject: Mapped[str]
    channel: Mapped[Channel]
    address: Mapped[str]
    keys: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]


class KeptSecret(Base):
    """What an adapter must keep and all nodes share: the key pair of web push, Zalo's tokens.

    ``lease_until``: a node is getting new ones.
    """

    __tablename__ = "kept_secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
