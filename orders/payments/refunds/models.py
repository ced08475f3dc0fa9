"""Refunds: what is owed back to whom, who wanted it, and how far it got; batches of them as the bank was given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, Dong
from kernel.four_eyes import DECIDED_WITH_A_NAME, Proposed
from orders.models import Order
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Debit, Place, Transfer

_TO_EXPORT = text("state = 'applied' AND batch_id IS NULL AND stopped_at IS NULL")
_EXPORTED = text("batch_id IS NOT NULL AND debit_id IS NULL AND stopped_at IS NULL")
_REMEMBERED = text("forgotten_at IS NULL")
_WAITING = text("state = 'proposed'")


class RefundBatch(Base):
    """Refunds exported together, to be paid from one account of ours. ``attempt`` names the form that made it.

    ``size`` and ``total`` (whole đồng) are of the day it was made. A cancelled one keeps nothing but these.
    """

    __tablename__ = "refund_batches"
    __table_args__ = (
        CheckConstraint("size > 0 AND total > 0", name="holds_something"),
        CheckConstraint("(cancelled_by IS NULL) = (cancelled_at IS NULL)", name="cancelled_with_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))
    attempt: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    total: Mapped[Dong]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    cancelled_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    because: Mapped[str] = mapped_column(default="", server_default="")

    account: Mapped[BankAccount] = relationship(lazy="joined")


class Refund(Proposed, Base):
    """``amount`` đồng of a transfer on the way back. ``taken_from``: where it lay, and will lie if it comes to nothing.

    ``named_by`` said to which account; whoever approves is somebody else than they and than the proposer. ``code``
    stands in the memo of the payment. ``debit`` is the payment, as a statement showed it; ``returned`` the transfer
    with which a bank gave it back to us. ``stopped_at``: approved, then given up. ``forgotten_at``: since when the
    payee is blank.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0 AND taken_from IN ('unplaced', 'credit')", name="takes_something"),
        CheckConstraint(
            "state <> 'applied' OR (named_by IS NOT NULL AND named_by <> decided_by AND proposed_by <> decided_by)",
            name="four_eyes",
        ),
        CheckConstraint(DECIDED_WITH_A_NAME, name="decided_with_a_name"),
        CheckConstraint(
            "(named_by IS NULL) = (named_at IS NULL) AND (named_by IS NULL OR forgotten_at IS NOT NULL"
            " OR (bank_bin <> '' AND account <> '' AND name <> ''))",
            name="named_whole",
        ),
        CheckConstraint("batch_id IS NULL OR state = 'applied'", name="exported_when_approved"),
        CheckConstraint(
            "(debit_id IS NULL) = (paid_at IS NULL)"
            " AND (debit_id IS NULL OR (state = 'applied' AND stopped_at IS NULL))",
            name="paid_when_approved",
        ),
        CheckConstraint(
            "(stopped_by IS NULL) = (stopped_at IS NULL) AND (stopped_at IS NULL OR state = 'applied')",
            name="stopped_with_a_name",
        ),
        Index("ix_refunds_waiting", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
        Index("ix_refunds_to_export", "id", postgresql_where=_TO_EXPORT, sqlite_where=_TO_EXPORT),
        Index("ix_refunds_exported", "id", postgresql_where=_EXPORTED, sqlite_where=_EXPORTED),
        Index("ix_refunds_remembered", "id", postgresql_where=_REMEMBERED, sqlite_where=_REMEMBERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    amount: Mapped[Dong]
    taken_from: Mapped[Place]
    code: Mapped[str] = mapped_column(unique=True)
    bank_bin: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    other_account_reason: Mapped[str] = mapped_column(default="")
    named_by: Mapped[str | None]
    named_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("refund_batches.id"), index=True)
    debit_id: Mapped[int | None] = mapped_column(ForeignKey("debits.id"), unique=True)
    paid_at: Mapped[datetime | None]
    returned_id: Mapped[int | None] = mapped_column(ForeignKey("transfers.id"), index=True)
    stopped_by: Mapped[str | None]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(default="", server_default="")
    forgotten_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    transfer: Mapped[Transfer] = relationship(foreign_keys=[transfer_id])
    order: Mapped[Order | None] = relationship()
    batch: Mapped[RefundBatch | None] = relationship()
    debit: Mapped[Debit | None] = relationship()
    returned: Mapped[Transfer | None] = relationship(foreign_keys=[returned_id])
