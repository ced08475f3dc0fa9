"""What an account's days brought, counted once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, Dong


class AccountDay(Base):
    """What came into an account and went out of it on a day. The tables add each movement as it is booked."""

    __tablename__ = "account_days"

    account_id: Mapped[int] = mapped_column(ForeignKey("bank_accounts.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    came_in: Mapped[Dong]
    went_out: Mapped[Dong]
