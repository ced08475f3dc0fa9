"""What the matcher knows of all orders without looking at them: how common names, sums and wards are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class FrequencyTable(Base):
    """Counted now and then over the orders that may be paid; ``newest_order`` is the last one's id at that time."""

    __tablename__ = "frequencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    newest_order: Mapped[int]
    size: Mapped[int]
    words: Mapped[dict[str, Any]]
    totals: Mapped[dict[str, Any]]
    wards: Mapped[dict[str, Any]]
