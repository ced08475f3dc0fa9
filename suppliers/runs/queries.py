"""Questions about runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from shop.models import Round
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
