"""What banks told us: the office's accounts, statements as they were read, each row word for word."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId


class BankAccount(Base):
    """An account of the office. ``covered_until``: up to when its feed has told us everything.

    Exactly one receives what residents pay. Bank and number never change, and no account is deleted; nobody waits for
    the statements of one that is not active.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        UniqueConstraint("bank_code", "number"),
        Index(
            "uq_bank_accounts_receives",
            "receives",
            unique=True,
            postgresql_where=text("receives"),
            sqlite_where=text("receives"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_code: Mapped[str]
    number: Mapped[str]
    holder: Mapped[str]
    receives: Mapped[bool] = mapped_column(default=False)
    covered_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ImportState(StrEnum):
    """A statement is previewed, then booked piece by piece, then done; or dropped before booking."""

    PREVIEWED = "previewed"
    BOOKING = "booking"
    BOOKED = "booked"
    DROPPED = "dropped"


class StatementImport(Base):
    """An uploaded statement as it was read (``content``), and how far its booking got (``next_row``).

    ``phase`` is for people who wait: what is done once the rows are booked, and how much of it (0: nobody knows).
    """

    __tablename__ = "statement_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.PREVIEWED)
    filename: Mapped[str]
    layout: Mapped[str]
    content: Mapped[dict[str, Any]]
    covers_until: Mapped[datetime | None]
    next_row: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(default="", server_default="")
    phase_done: Mapped[int] = mapped_column(default=0, server_default="0")
    phase_total: Mapped[int] = mapped_column(default=0, server_default="0")
    new: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    outgoing: Mapped[int] = mapped_column(default=0)
    doubtful: Mapped[int] = mapped_column(default=0, server_default="0")
    imported_by: Mapped[str]
    imported_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]

    account: Mapped[BankAccount] = relationship(lazy="joined")


class Outcome(StrEnum):
    """What became of a bank's message: a new transfer, one that we knew already, money that went out, or a doubt."""

    BOOKED = "booked"
    KNOWN = "known"
    OUTGOING = "outgoing"
    QUARANTINED = "quarantined"


class InboundMessage(Base):
    """A bank's row, word for word, whatever became of it. Append-only."""

    __tablename__ = "inbound_messages"
    __table_args__ = (UniqueConstraint("statement_id", "row"),)

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement_imports.id"))
    row: Mapped[int]
    raw: Mapped[dict[str, Any]]
    outcome: Mapped[Outcome]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    debit_id: Mapped[int | None] = mapped_column(ForeignKey("debits.id"), index=True)
    received_at: Mapped[datetime]
