"""Questions about what clerks said of columns, and about files that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.payments.feeds.asking.models import RememberedMapping, StatementUpload
from orders.payments.feeds.read import Mappings

MOST = 200  # as many as are used and listed; the office has a handful


def remembered(session: Session) -> Mappings:
    """What was said of columns, by the headings' fingerprint."""
    return {each.fingerprint: each.answer for each in mappings(session)}


def mappings(session: Session) -> Sequence[RememberedMapping]:
    """The newest first."""
    return session.scalars(select(RememberedMapping).order_by(RememberedMapping.at.desc()).limit(MOST)).all()


def mapping_of(session: Session, fingerprint: str) -> RememberedMapping | None:
    return session.scalar(select(RememberedMapping).where(RememberedMapping.fingerprint == fingerprint))


def waiting_uploads(session: Session, *, most: int = 50) -> Sequence[StatementUpload]:
    """Files of which nothing could be read yet, the newest first."""
    waits = StatementUpload.statement_id.is_(None)
    return session.scalars(select(StatementUpload).where(waits).order_by(StatementUpload.id.desc()).limit(most)).all()


def upload_of(session: Session, statement_id: int) -> StatementUpload | None:
    """The file that a statement was read from, while it is kept."""
    return session.scalar(select(StatementUpload).where(StatementUpload.statement_id == statement_id))


def uploads_before(session: Session, moment: datetime, *, most: int = 20) -> Sequence[StatementUpload]:
    old = StatementUpload.at < moment
    return session.scalars(select(StatementUpload).where(old).order_by(StatementUpload.at).limit(most)).all()
