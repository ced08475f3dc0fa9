"""Runs: what of a batch a team takes out in one load of a vehicle, in the order of the way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.database import Base, Dong
from people.models import Team, Vehicle
from suppliers.models import Batch, Parcel


class Run(Base):
    """A team's share of a batch that one vehicle takes at once: ``bags`` combos worth ``amount`` đồng.

    ``metres``: how long the way is between its pins; None where it goes by street and number.
    """

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicles.id"))
    bags: Mapped[int]
    amount: Mapped[Dong]
    metres: Mapped[int | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    batch: Mapped[Batch] = relationship()
    team: Mapped[Team] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    stops: Mapped[list[RunStop]] = relationship(
        back_populates="run", order_by="RunStop.place", cascade="all, delete-orphan"
    )


class RunStop(Base):
    """One parcel of a run. A parcel is in one run, or none."""

    __tablename__ = "run_stops"
    __table_args__ = (UniqueConstraint("run_id", "place"),)

    parcel_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("parcels.id"), primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    place: Mapped[int]

    run: Mapped[Run] = relationship(back_populates="stops")
    parcel: Mapped[Parcel] = relationship()
