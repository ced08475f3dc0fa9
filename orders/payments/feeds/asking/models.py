"""What clerks said of columns, and the files that wait for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base
from orders.payments.feeds.models import StatementImport


class RememberedMapping(Base):
    """Which column is what below such headings (``titles``, as they were written when it was said)."""

    __tablename__ = "column_mappings"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    titles: Mapped[list[Any]]
    answer: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]


class StatementUpload(Base):
    """A file as it was uploaded, kept while a clerk may still say what its columns hold.

    ``statement``: what was read of it so far; ``look``, ``account`` and ``drawn_at`` are what the next reading needs.
    """

    __tablename__ = "statement_uploads"
    __table_args__ = (Index("ix_statement_uploads_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    look: Mapped[dict[str, Any]]
    account: Mapped[str]
    drawn_at: Mapped[datetime | None]
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement_imports.id"), unique=True)
    by: Mapped[str]
    at: Mapped[datetime]

    statement: Mapped[StatementImport | None] = relationship()
