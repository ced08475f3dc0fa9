"""Questions about what was told at doors."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from people.models import Staff
from suppliers.door.models import DoorEvent, DoorOutcome
from suppliers.models import Parcel
from suppliers.runs.models import Run, RunStop

ASIDE = (
    DoorOutcome.WAITING,
    DoorOutcome.TOO_LATE,
    DoorOutcome.ALREADY_DELIVERED,
    DoorOutcome.NO_MORE_ATTEMPTS,
)
"""What was told and did not count: somebody has to look at it."""


def event_by_key(session: Session, key: str) -> DoorEvent | None:
    return session.scalar(select(DoorEvent).where(DoorEvent.key == key))


def events_of_parcel(session: Session, parcel_id: int) -> Sequence[DoorEvent]:
    return session.scalars(
        select(DoorEvent)
        .where(DoorEvent.parcel_id == parcel_id)
        .options(joinedload(DoorEvent.staff))
        .order_by(DoorEvent.at, DoorEvent.id)
    ).all()


def events_of_parcels(session: Session, parcel_ids: Collection[int]) -> dict[int, list[DoorEvent]]:
    """Parcel → what couriers told of it, by the time it happened."""
    return _by_parcel(session, DoorEvent.parcel_id.in_(parcel_ids))


def events_of_run(session: Session, run_code: str) -> dict[int, list[DoorEvent]]:
    """The same of all parcels of a run."""
    parcels = select(RunStop.parcel_id).join(Run, RunStop.run_id == Run.id).where(Run.code == run_code)
    return _by_parcel(session, DoorEvent.parcel_id.in_(parcels))


def _by_parcel(session: Session, which: ColumnElement[bool]) -> dict[int, list[DoorEvent]]:
    rows = session.scalars(
        select(DoorEvent)
        .where(which)
        .options(joinedload(DoorEvent.staff).joinedload(Staff.team))
        .order_by(DoorEvent.at, DoorEvent.id)
    )
    found: dict[int, list[DoorEvent]] = {}
    for event in rows:
        found.setdefault(event.parcel_id, []).append(event)
    return found


def run_of_parcel(session: Session, parcel_id: int) -> int | None:
    """In which run it is, if in one."""
    return session.scalar(select(RunStop.run_id).where(RunStop.parcel_id == parcel_id))


def kept_aside(session: Session, batch_ids: Collection[int]) -> dict[int, int]:
    """Batch → how much was told of its parcels that did not count."""
    rows = session.execute(
        select(Parcel.batch_id, func.count())
        .join(DoorEvent, DoorEvent.parcel_id == Parcel.id)
        .where(Parcel.batch_id.in_(batch_ids), DoorEvent.outcome.in_(ASIDE))
        .group_by(Parcel.batch_id)
    )
    return {row[0]: row[1] for row in rows}


def photographed(session: Session, order_ids: Collection[int]) -> Sequence[DoorEvent]:
    """What was told of these orders' parcels that holds something personal, for forgetting it."""
    personal = (DoorEvent.photo != "") | (DoorEvent.words != "") | (DoorEvent.witness != "")
    return session.scalars(
        select(DoorEvent)
        .join(Parcel, Parcel.id == DoorEvent.parcel_id)
        .where(Parcel.order_id.in_(order_ids), personal)
        .order_by(DoorEvent.id)
    ).all()


def proof_of_order(session: Session, order_id: int) -> Sequence[DoorEvent]:
    """The photographs that count, of an order's parcels."""
    return session.scalars(
        select(DoorEvent)
        .join(Parcel, Parcel.id == DoorEvent.parcel_id)
        .where(Parcel.order_id == order_id, DoorEvent.photo != "", DoorEvent.outcome == DoorOutcome.APPLIED)
        .order_by(DoorEvent.id)
    ).all()


def events_aside(session: Session, batch_id: int) -> Sequence[DoorEvent]:
    """What was told of a batch's parcels and did not count, the newest first."""
    return session.scalars(
        select(DoorEvent)
        .join(DoorEvent.parcel)
        .where(Parcel.batch_id == batch_id, DoorEvent.outcome.in_(ASIDE))
        .options(joinedload(DoorEvent.staff), contains_eager(DoorEvent.parcel).joinedload(Parcel.order))
        .order_by(DoorEvent.id.desc())
        .limit(100)
    ).all()
