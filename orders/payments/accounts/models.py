"""Which account residents pay to, and who wanted it changed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base
from kernel.four_eyes import DECIDED_WITH_A_NAME, Proposed
from orders.payments.feeds.models import BankAccount


class ReceivingChange(Proposed, Base):
    """Residents shall pay to another account: in force once a second person has applied it."""

    __tablename__ = "receiving_changes"
    __table_args__ = (
        CheckConstraint("state <> 'applied' OR proposed_by <> decided_by", name="four_eyes"),
        CheckConstraint(DECIDED_WITH_A_NAME, name="decided_with_a_name"),
        Index(
            "uq_receiving_changes_waiting",
            "state",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
            sqlite_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    was_id: Mapped[int | None] = mapped_column(ForeignKey("bank_accounts.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"))

    was: Mapped[BankAccount | None] = relationship(foreign_keys=[was_id], lazy="joined")
    account: Mapped[BankAccount] = relationship(foreign_keys=[account_id], lazy="joined")
