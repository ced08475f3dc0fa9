"""Questions about runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from people.models import Team
from shop.models import Round
from suppliers.door.models import DoorEvent
from suppliers.models import Batch, Parcel, ParcelState
from suppliers.runs.models import Run, RunStop


def runs_of_team(session: Session, team_id: int, since: date) -> Sequence[Run]:
    """A team's runs delivered on ``since`` or later, the next first."""
    return session.scalars(
        select(Run)
        .join(Run.batch)
        .join(Batch.round)
        .where(Run.team_id == team_id, Round.delivery_on >= since)
        .options(joinedload(Run.batch).joinedload(Batch.round), joinedload(Run.vehicle))
        .order_by(Round.delivery_on, Run.id)
    ).all()


def run_counts(session: Session, run_ids: Sequence[int]) -> dict[int, dict[ParcelState, int]]:
    """Run → how many of its parcels stand where."""
    rows = session.execute(
        select(RunStop.run_id, Parcel.state, func.count())
        .join(Parcel, Parcel.id == RunStop.parcel_id)
        .where(RunStop.run_id.in_(run_ids))
        .group_by(RunStop.run_id, Parcel.state)
    )
    counts: dict[int, dict[ParcelState, int]] = {}
    for run_id, state, many in rows:
        counts.setdefault(run_id, {})[state] = many
    return counts


def runs_of_batch(session: Session, batch_id: int) -> Sequence[Run]:
    """A batch's runs by number, with teams, vehicles and stops within reach."""
    return session.scalars(
        select(Run)
        .where(Run.batch_id == batch_id)
        .options(joinedload(Run.team), joinedload(Run.vehicle), selectinload(Run.stops))
        .order_by(Run.id)
        .execution_options(populate_existing=True)
    ).all()


def begun_runs(session: Session, batch_id: int) -> set[int]:
    """Runs of a batch of which something was told at a door."""
    told = exists().where(DoorEvent.run_id == Run.id)
    return set(session.scalars(select(Run.id).where(Run.batch_id == batch_id, told)))


def run_by_code(session: Session, code: str) -> Run | None:
    """The run with its team, vehicle, batch and stops; its parcels and their orders within reach."""
    parcel = selectinload(Run.stops).joinedload(RunStop.parcel)
    return session.scalar(
        select(Run)
        .where(Run.code == code)
        .options(
            joinedload(Run.team),
            joinedload(Run.vehicle),
            joinedload(Run.batch).joinedload(Batch.round),
            parcel.joinedload(Parcel.order),
            parcel.selectinload(Parcel.history),
        )
    )


def run_of(session: Session, run_id: int) -> Run | None:
    return session.get(Run, run_id)


def teams_of(session: Session, supplier_id: int) -> Sequence[Team]:
    """A supplier's teams by name, with their blocks and vehicles."""
    return session.scalars(
        select(Team)
        .where(Team.supplier_id == supplier_id)
        .options(selectinload(Team.blocks), selectinload(Team.vehicles))
        .order_by(Team.name)
    ).all()


def team_of(session: Session, team_id: int, supplier_id: int) -> Team | None:
    return session.scalar(select(Team).where(Team.id == team_id, Team.supplier_id == supplier_id))


def in_no_run(session: Session, batch_id: int) -> int:
    """How many parcels of a batch are still to be brought and in no run."""
    in_a_run = exists().where(RunStop.parcel_id == Parcel.id)
    left = (Parcel.batch_id == batch_id) & (Parcel.state != ParcelState.DELIVERED) & ~in_a_run
    return session.scalar(select(func.count()).select_from(Parcel).where(left)) or 0
