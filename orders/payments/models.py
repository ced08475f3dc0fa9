"""Money in its final shape: real transfers and debits, where each đồng is, what the matcher proposed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, BigId, Dong
from orders.models import Order
from orders.payments.feeds.models import BankAccount


class Transfer(Base):
    """One real movement of money into an account of ours, told once or many times.

    ``earliest`` and ``latest`` bound its booking: a bank's row mostly has a date and no hour; ``likely_at`` is a guess
    between them, for taking turns. ``amount`` = ``unplaced`` (what nobody has taken yet) + ``allocated`` + ``credit`` +
    ``refund_due`` + ``refunded``, which the tables keep with each posting. Nothing else of a transfer ever changes, but
    for two marks: ``set_aside`` takes it out of sight, ``by_hand`` keeps the matcher's hands off it.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("account_id", "identity"),
        CheckConstraint("amount > 0 AND unplaced >= 0 AND unplaced <= amount", name="amounts"),
        Index(
            "ix_transfers_unplaced",
            "booked_on",
            "id",
            postgresql_where=text("unplaced > 0 AND NOT set_aside"),
            sqlite_where=text("unplaced > 0 AND NOT set_aside"),
        ),
        Index("ix_transfers_credit", "id", postgresql_where=text("credit > 0"), sqlite_where=text("credit > 0")),
        Index(
            "ix_transfers_refund_due",
            "id",
            postgresql_where=text("refund_due > 0"),
            sqlite_where=text("refund_due > 0"),
        ),
        Index("ix_transfers_refunded", "id", postgresql_where=text("refunded > 0"), sqlite_where=text("refunded > 0")),
        Index("ix_transfers_set_aside", "id", postgresql_where=text("set_aside"), sqlite_where=text("set_aside")),
        Index("ix_transfers_account_id_booked_on", "account_id", "booked_on"),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    identity: Mapped[str]
    booked_on: Mapped[date]
    earliest: Mapped[datetime]
    latest: Mapped[datetime]
    likely_at: Mapped[datetime]
    amount: Mapped[Dong]
    reference: Mapped[str]
    memo: Mapped[str]
    payer_name: Mapped[str]
    payer_account: Mapped[str]
    bank_hint: Mapped[str]
    unplaced: Mapped[Dong] = mapped_column(default=0)
    allocated: Mapped[Dong] = mapped_column(default=0, server_default="0")
    credit: Mapped[Dong] = mapped_column(default=0, server_default="0")
    refund_due: Mapped[Dong] = mapped_column(default=0, server_default="0")
    refunded: Mapped[Dong] = mapped_column(default=0, server_default="0")
    set_aside: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)

    account: Mapped[BankAccount] = relationship(lazy="joined")
    proposal: Mapped[Proposal | None] = relationship(back_populates="transfer")


class DebitKind(StrEnum):
    """Why money left an account. The bank may take back what it credited by mistake."""

    UNEXPLAINED = "unexplained"
    REFUND = "refund"
    REVERSAL = "reversal"
    FEE = "fee"
    SUPPLIER = "supplier"
    OTHER = "other"


class Debit(Base):
    """One real movement of money out of an account of ours, told once or many times.

    Like a transfer it is never changed, but for what explains it: ``kind``, by whom and why; of a reversal, which
    transfer the bank took back by it.
    """

    __tablename__ = "debits"
    __table_args__ = (
        UniqueConstraint("account_id", "identity"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "ix_debits_unexplained",
            "booked_on",
            "id",
            postgresql_where=text("kind = 'unexplained'"),
            sqlite_where=text("kind = 'unexplained'"),
        ),
        Index(
            "ix_debits_supplier",
            "amount",
            postgresql_where=text("kind = 'supplier'"),
            sqlite_where=text("kind = 'supplier'"),
        ),
        Index("ix_debits_account_id_booked_on", "account_id", "booked_on"),
        Index("uq_debits_reverses_id", "reverses_id", unique=True),
    )

    id: Mapped[BigId]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    identity: Mapped[str]
    booked_on: Mapped[date]
    earliest: Mapped[datetime]
    latest: Mapped[datetime]
    amount: Mapped[Dong]
    reference: Mapped[str]
    memo: Mapped[str]
    payee_name: Mapped[str]
    payee_account: Mapped[str]
    kind: Mapped[DebitKind] = mapped_column(default=DebitKind.UNEXPLAINED)
    because: Mapped[str] = mapped_column(default="", server_default="")
    explained_by: Mapped[str | None]
    explained_at: Mapped[datetime | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"))

    account: Mapped[BankAccount] = relationship(lazy="joined")


class Source(StrEnum):
    """Where the money of an allocation comes from: a transfer, or a payment proved before the city moved in."""

    TRANSFER = "transfer"
    OPENING = "opening"


class Allocation(Base):
    """Money given to an order: append-only. ``amount`` is negative in a reversal, which names what it undoes."""

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("(source = 'transfer') = (transfer_id IS NOT NULL)", name="source_named"),
        CheckConstraint("(amount < 0) = (reverses_id IS NOT NULL) AND amount <> 0", name="only_reversals_negative"),
    )

    id: Mapped[BigId]
    source: Mapped[Source]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount: Mapped[Dong]
    automatic: Mapped[bool]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"), unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]

    order: Mapped[Order] = relationship()
    transfer: Mapped[Transfer | None] = relationship()


class Place(StrEnum):
    """Where a đồng can be. For each transfer: amount = allocated + credit + refund due + refunded + unplaced."""

    BANK = "bank"
    OPENING = "opening"
    UNPLACED = "unplaced"
    ALLOCATED = "allocated"
    CREDIT = "credit"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


class Posting(Base):
    """``amount`` đồng moved from one place to another: balanced by its very form. Append-only.

    The tables refuse one of no lawful shape: money comes from the bank once and whole, and goes to an order by an
    allocation of the same sum (migration 0020).
    """

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("amount > 0 AND moved_from <> moved_to", name="moves_something"),
        Index("ix_postings_transfer_id", "transfer_id"),
        Index("ix_postings_order_id", "order_id"),
        Index(
            "uq_postings_allocation_id",
            "allocation_id",
            unique=True,
            postgresql_where=text("allocation_id IS NOT NULL"),
            sqlite_where=text("allocation_id IS NOT NULL"),
        ),
    )

    id: Mapped[BigId]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("allocations.id"))
    moved_from: Mapped[Place]
    moved_to: Mapped[Place]
    amount: Mapped[Dong]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id"), unique=True)
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]


class Verdict(StrEnum):
    """What the matcher said of a transfer."""

    MATCHED = "matched"
    REVIEW = "review"
    UNMATCHED = "unmatched"


class Proposal(Base):
    """The matcher's latest word on a transfer. The desk posts back ``version``: what was seen is what is booked.

    ``reasons`` are the clues for which a human is asked; ``why`` is all of it in a line of plain English.
    """

    __tablename__ = "proposals"

    id: Mapped[BigId]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), unique=True)
    version: Mapped[int] = mapped_column()
    verdict: Mapped[Verdict]
    allocations: Mapped[list[Any]]
    candidates: Mapped[list[Any]]
    reasons: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    confidence: Mapped[float]
    why: Mapped[str]
    decided_at: Mapped[datetime]

    transfer: Mapped[Transfer] = relationship(back_populates="proposal")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  (SQLAlchemy reads it as a plain class attribute)


class DeskEvent(Base):
    """What a clerk did to a transfer without moving money: set aside, taken back. Append-only."""

    __tablename__ = "desk_events"

    id: Mapped[BigId]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), index=True)
    what: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    because: Mapped[str]


class PayerAlias(Base):
    """A clerk gave money of this account to an order of this phone: a clue for the next time, counted once a transfer.

    ``used_at``: when a clerk last said so again. Undoing what taught it deletes it.
    """

    __tablename__ = "payer_aliases"
    __table_args__ = (UniqueConstraint("transfer_id", "phone"), Index("ix_payer_aliases_account", "account", "phone"))

    id: Mapped[BigId]
    account: Mapped[str]
    bank: Mapped[str]
    phone: Mapped[str]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"))
    by: Mapped[str]
    at: Mapped[datetime]
    used_at: Mapped[datetime]
