"""The chain itself: one link seals up to a thousand rows of one table, and names the link before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, BigId


class ChainLink(Base):
    """A seal on rows of ``rows_of``. Append-only.

    ``form``: which columns were read (see ``Evidence``). ``ids``: which rows, as ranges ("1..997,999..1001").
    ``digests``: the first 8 bytes of each row's sha256 in that order: they tell a faulty row. ``root``: sha256 over the
    whole digests. ``hash``: over all of this and ``previous``.
    """

    __tablename__ = "chain_links"
    __table_args__ = (Index("ix_chain_links_rows_of_last_id", "rows_of", "last_id"),)

    id: Mapped[BigId]
    rows_of: Mapped[str]
    form: Mapped[int]
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    ids: Mapped[str]
    digests: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[str]
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    sealed_at: Mapped[datetime]
