"""Questions about teams and their couriers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from people.models import Role, Staff, Team
from shop.models import Round
from suppliers.models import Batch
from suppliers.runs.models import Run


def teams_of(session: Session, supplier_id: int) -> Sequence[Team]:
    """A supplier's teams with blocks and vehicles, those that are switched on first."""
    return session.scalars(
        select(Team)
        .where(Team.supplier_id == supplier_id)
        .options(selectinload(Team.blocks), selectinload(Team.vehicles))
        .order_by(Team.active.desc(), Team.name)
    ).all()


def couriers_of(session: Session, team_id: int) -> Sequence[Staff]:
    """A team's couriers, those that are switched on first."""
    return session.scalars(
        select(Staff).where(Staff.team_id == team_id).order_by(Staff.active.desc(), Staff.name, Staff.id)
    ).all()


def courier_counts(session: Session, supplier_id: int) -> dict[int, int]:
    """Team → how many couriers are switched on."""
    rows = session.execute(
        select(Staff.team_id, func.count())
        .where(Staff.supplier_id == supplier_id, Staff.role == Role.COURIER, Staff.active)
        .group_by(Staff.team_id)
    )
    return {team_id: many for team_id, many in rows if team_id is not None}


def active_couriers(session: Session, supplier_id: int, phones: Collection[str]) -> dict[str, Staff]:
    """Phone → the account of the courier of this supplier who is reached there and not switched off."""
    rows = session.scalars(
        select(Staff)
        .where(Staff.supplier_id == supplier_id, Staff.role == Role.COURIER, Staff.active, Staff.phone.in_(phones))
        .options(joinedload(Staff.team))
        .order_by(Staff.id)
        .execution_options(populate_existing=True)
    )
    return {row.phone: row for row in rows}


def courier_by_id(session: Session, courier_id: int) -> Staff | None:
    """Somebody of a team, with team, vehicles and supplier."""
    return session.scalar(
        select(Staff)
        .where(Staff.id == courier_id, Staff.role == Role.COURIER)
        .options(joinedload(Staff.supplier), joinedload(Staff.team).selectinload(Team.vehicles))
    )


def usernames_like(session: Session, beginning: str) -> set[str]:
    """The sign-in names that begin so."""
    return set(session.scalars(select(Staff.username).where(Staff.username.startswith(beginning, autoescape=True))))


def run_days(session: Session, team_id: int, since: date) -> Sequence[date]:
    """The days from ``since`` on which a team has a run, the next first."""
    return session.scalars(
        select(Round.delivery_on)
        .distinct()
        .join(Batch, Batch.round_id == Round.id)
        .join(Run, Run.batch_id == Batch.id)
        .where(Run.team_id == team_id, Round.delivery_on >= since)
        .order_by(Round.delivery_on)
    ).all()
