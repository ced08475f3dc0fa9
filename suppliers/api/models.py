"""A supplier's tokens, and the answers that a repeated request gets again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from people.models import Staff, Supplier


class ApiToken(Base):
    """A key for a supplier's program. Only the hash of its secret is kept; what it allows never changes.

    ``prefix`` is its public part: it stands in lists, so that people can tell one from another.
    """

    __tablename__ = "api_tokens"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="lasts"),)

    id: Mapped[BigId]
    prefix: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    name: Mapped[str]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(default="", server_default="")

    supplier: Mapped[Supplier] = relationship()
    staff: Mapped[Staff] = relationship()

    def is_live(self, at: datetime) -> bool:
        """Whether it opens anything: not revoked, not run out, and whoever made it may still sign in."""
        return self.revoked_at is None and at < self.expires_at and self.staff.active


class ApiAnswer(Base):
    """What a request with an Idempotency-Key was answered. Kept for 48 hours, then deleted."""

    __tablename__ = "api_answers"
    __table_args__ = (UniqueConstraint("token_id", "key"),)

    id: Mapped[BigId]
    token_id: Mapped[int] = mapped_column(ForeignKey("api_tokens.id"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)
