"""The table of the rota."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base


class Rota(Base):
    """Once in how many days a household orders: in one ward, or in every ward that says nothing (``ward_id`` None).

    0: as often as it likes. The row of the city is always there; its version is that of the whole rota.
    """

    __tablename__ = "rotas"
    __table_args__ = (
        CheckConstraint("days BETWEEN 0 AND 60", name="days"),
        # Two rows without a ward would be equal to no constraint: the index counts something that both have.
        Index("uq_rotas_city", text("coalesce(ward_id, 0)"), unique=True),
        Index("uq_rotas_ward_id", "ward_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ward_id: Mapped[int | None] = mapped_column(ForeignKey("wards.id"))
    days: Mapped[int]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
