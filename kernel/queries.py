"""Questions to the kernel's own tables, and small helpers that every package's queries share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel.models import Heartbeat, Job


def waiting_jobs(session: Session, at: datetime, *, most: int = 100) -> Sequence[int]:
    """Ids of jobs that are due and that nobody holds, oldest first. Served by a partial index on what waits."""
    free = Job.lease_until.is_(None) | (Job.lease_until < at)
    waits = Job.done_at.is_(None) & Job.failed_at.is_(None) & (Job.run_after <= at)
    return session.scalars(select(Job.id).where(waits, free).order_by(Job.run_after, Job.id).limit(most)).all()


def last_heartbeat(session: Session, name: str) -> datetime | None:
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))


def database_answers(session: Session) -> bool:
    return bool(session.scalar(text("SELECT 1")) == 1)
