"""Tables of the kernel: the outbox of background work, throttles, the worker's sign of life, the office's changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, BigId

_WAITING = text("done_at IS NULL AND failed_at IS NULL")


class Job(Base):
    """A piece of work promised in the transaction that caused it. huey carries only its id; this row is the truth."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_waiting", "run_after", postgresql_where=_WAITING, sqlite_where=_WAITING),)

    id: Mapped[BigId]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(default="")


class ThrottleWindow(Base):
    """How often something was tried since ``opened_at``."""

    __tablename__ = "throttle_windows"

    key: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    tries: Mapped[int]


class Heartbeat(Base):
    """When a worker last said that it is alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Change(Base):
    """One field of one thing that somebody in the office changed. Append-only.

    ``kind`` and ``subject_id`` name the thing, ``about`` a part of it; ``was`` is empty for a thing that is new.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_subject", "kind", "subject_id", "id"),)

    id: Mapped[BigId]
    kind: Mapped[str]
    subject_id: Mapped[int]
    field: Mapped[str]
    about: Mapped[str] = mapped_column(default="", server_default="")
    was: Mapped[str]
    became: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str] = mapped_column(default="", server_default="")
