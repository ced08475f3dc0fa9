"""Tables of the close: a day of an account as it was sealed, and what came in for it afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.payments.feeds.models import BankAccount


class DaySeal(Base):
    """One day of one account, closed. Append-only: what came in late is sealed anew, as the next version.

    ``number`` counts an account's seals, and ``previous`` is the hash of the one before: a chain. ``snapshot`` is all
    that stands in the minute, ``sha256`` its fingerprint. ``behind``: later days were sealed already when this was.
    """

    __tablename__ = "day_seals"
    __table_args__ = (
        UniqueConstraint("account_id", "day", "version"),
        UniqueConstraint("account_id", "number"),
        CheckConstraint("opening + incoming - outgoing = closing", name="adds_up"),
        CheckConstraint("stated IS NULL OR stated = closing OR because <> ''", name="difference_explained"),
        Index(
            "ix_day_seals_behind",
            "account_id",
            "day",
            "number",
            postgresql_where=text("behind"),
            sqlite_where=text("behind"),
        ),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    day: Mapped[date]
    version: Mapped[int]
    number: Mapped[int]
    behind: Mapped[bool]
    opening: Mapped[Dong]
    incoming: Mapped[Dong]
    outgoing: Mapped[Dong]
    closing: Mapped[Dong]
    stated: Mapped[int | None] = mapped_column(BigInteger)
    because: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    previous: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    # Last, and not loaded unless it is looked at: it may hold a day of twenty thousand movements.
    snapshot: Mapped[dict[str, Any]] = mapped_column(deferred=True)

    account: Mapped[BankAccount] = relationship(lazy="joined")


class LateMovement(Base):
    """Money booked on a day that was sealed without it, which the tables write down themselves. Append-only.

    ``seal_id``: the newest seal of the first sealed day that should have held it. The day is open until sealed anew.
    """

    __tablename__ = "late_movements"
    __table_args__ = (CheckConstraint("(transfer_id IS NULL) <> (debit_id IS NULL)", name="one_movement"),)

    id: Mapped[BigId]
    seal_id: Mapped[int] = mapped_column(ForeignKey("day_seals.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    booked_on: Mapped[date]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), unique=True)
    debit_id: Mapped[int | None] = mapped_column(ForeignKey("debits.id"), unique=True)
