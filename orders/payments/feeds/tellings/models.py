"""Who told a transfer, under which keys it is found again, and what waits for a clerk because nobody can be sure."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.models import Transfer

_OPEN = text("state = 'open'")


class Telling(Base):
    """One feed has told this transfer. Only of transfers that a webhook told, so most statements have none.

    Of such a transfer each feed's telling stands here, the statement's too. Taken back by a clerk, it is deleted.
    """

    __tablename__ = "tellings"
    __table_args__ = (
        UniqueConstraint("account_id", "feed", "key"),
        Index("ix_tellings_transfer_id", "transfer_id", "feed"),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    feed: Mapped[Feed]
    key: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"))
    told: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class TellingKey(Base):
    """A hash of what a telling may be known again by. Looked up by key, for days around a day."""

    __tablename__ = "telling_keys"
    __table_args__ = (Index("ix_telling_keys_key", "account_id", "key", "booked_on"),)

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    key: Mapped[str]
    booked_on: Mapped[date]
    telling_id: Mapped[int] = mapped_column(ForeignKey("tellings.id", ondelete="CASCADE"), index=True)


class DoubtState(StrEnum):
    """A telling waits in quarantine, is a known transfer, or is another one."""

    OPEN = "open"
    SAME = "same"
    ANOTHER = "another"


class Doubt(Base):
    """A telling in quarantine: no money is credited for it until a clerk says whether it is a transfer we know.

    ``transfer_ids``: which it may be. ``transfer_id``: which it is, once decided.
    """

    __tablename__ = "doubts"
    __table_args__ = (
        UniqueConstraint("account_id", "feed", "key"),
        CheckConstraint("(state = 'open') = (transfer_id IS NULL)", name="decided_names_a_transfer"),
        Index("ix_doubts_open", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    feed: Mapped[Feed]
    key: Mapped[str]
    why: Mapped[Why]
    told: Mapped[dict[str, Any]]
    transfer_ids: Mapped[list[Any]]
    state: Mapped[DoubtState] = mapped_column(default=DoubtState.OPEN)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"))
    raised_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    account: Mapped[BankAccount] = relationship(lazy="joined")
    transfer: Mapped[Transfer | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)

    @property
    def as_told(self) -> Told:
        return Told.from_json(self.told)


class DoubtEvent(Base):
    """What a clerk said of a doubt, and why. Append-only."""

    __tablename__ = "doubt_events"

    id: Mapped[BigId]
    doubt_id: Mapped[int] = mapped_column(ForeignKey("doubts.id"), index=True)
    what: Mapped[str]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"))
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]
