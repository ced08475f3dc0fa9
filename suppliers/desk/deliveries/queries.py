"""Questions about a delivery day. They look at the batches of the day's rounds, however long the city delivers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kernel.models import Change
from kernel.queries import among
from orders.models import Order
from people.models import Supplier, Team, WardRow
from shop.models import Round, Slot
from suppliers.door.fold import ATTEMPTS
from suppliers.door.models import DoorEvent, DoorKind, DoorOutcome
from suppliers.door.queries import ASIDE
from suppliers.models import Batch, Manifest, Parcel, ParcelEvent, ParcelState
from suppliers.runs.models import Run, RunStop

_Asked = TypeVarTuple("_Asked")

NUDGED = "nudged"
"""The field of a nudge in the history of a team or a supplier."""


class Show(StrEnum):
    """Which stops are listed."""

    LEFT = "left"
    FAILED = "failed"
    LATE = "late"
    RECEIVED = "received"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Scope:
    """A delivery day; of it one team, or what is in no run yet of ``idle`` (a supplier), or one ward.

    ``gone``: parcels off the newest manifest, to which nothing is left to bring. ``over``: slots whose end has passed.
    """

    day: date
    gone: Sequence[int] = ()
    over: Collection[Slot] = ()
    team: int | None = None
    idle: int | None = None
    ward: int | None = None


class Tally(NamedTuple):
    """So ``many`` stops stand alike. ``team_id``: None in no run. ``spent``: it was tried as often as it may be."""

    supplier_id: int
    team_id: int | None
    ward_id: int
    slot: Slot
    state: ParcelState
    spent: bool
    many: int


def latest_day(session: Session) -> date | None:
    """The latest delivery day for which something has left."""
    return session.scalar(select(func.max(Round.delivery_on)).where(_has_left()))


def is_out(session: Session, day: date) -> bool:
    """Whether something has left for that day."""
    return bool(session.scalar(select(exists().where(Round.delivery_on == day, _has_left()))))


def days_near(session: Session, day: date, *, most: int = 3) -> Sequence[date]:
    """Delivery days for which something has left, ``most`` before that day and as many after it, in order."""
    days = select(Round.delivery_on).where(_has_left()).distinct().limit(most)
    before = session.scalars(days.where(Round.delivery_on < day).order_by(Round.delivery_on.desc())).all()
    after = session.scalars(days.where(Round.delivery_on > day).order_by(Round.delivery_on)).all()
    return [*reversed(before), *after]


def slots_out(session: Session, day: date) -> Sequence[Slot]:
    """The parts of the day for which something has left."""
    return session.scalars(select(Round.slot).where(Round.delivery_on == day, _has_left()).distinct()).all()


def _has_left() -> ColumnElement[bool]:
    return exists().where(Batch.round_id == Round.id)


def gone_of(session: Session, day: date) -> list[int]:
    """Parcels of the day that their newest manifest has no more. Only a manifest that was made anew can lack any."""
    later = aliased(Manifest)
    newest = ~exists().where(later.batch_id == Manifest.batch_id, later.version > Manifest.version)
    rows = session.execute(
        select(Manifest.batch_id, Manifest.snapshot)
        .join(Manifest.batch)
        .join(Batch.round)
        .where(Round.delivery_on == day, Manifest.version > 1, newest)
    )
    on_list = {batch_id: {stop["stop"] for stop in snapshot["stops"]} for batch_id, snapshot in rows}
    if not on_list:
        return []
    parcels = session.execute(
        select(Parcel.id, Parcel.batch_id, Parcel.stop).where(among(session, Parcel.batch_id, list(on_list)))
    )
    return [key for key, batch_id, stop in parcels if stop not in on_list[batch_id]]


def tallies(session: Session, scope: Scope) -> list[Tally]:
    """How many stops of the day stand how, apart by supplier, team, ward and part of the day. One statement."""
    stops = _stops(session, scope).subquery()
    keys = [stops.c[name] for name in ("supplier_id", "team_id", "ward_id", "slot", "state", "spent")]
    rows = session.execute(select(*keys, func.count()).group_by(*keys))
    return [Tally(*row[:5], bool(row[5]), row[6]) for row in rows]


def _stops(session: Session, scope: Scope) -> Select[*tuple[Any, ...]]:
    spent = case((Parcel.state == ParcelState.FAILED, attempts_of(Parcel.id) >= ATTEMPTS), else_=false())
    return _of_day(
        session,
        scope,
        select(
            Parcel.id.label("parcel_id"),
            Parcel.supplier_id,
            Run.team_id,
            Order.ward_id,
            Round.slot,
            Parcel.state,
            spent.label("spent"),
        ),
    )


def _of_day(session: Session, scope: Scope, asked: Select[*_Asked]) -> Select[*_Asked]:
    """``asked`` of parcels, joined with their rounds, orders and runs, and only of this part of the day."""
    joined = (
        asked.join(Batch, Batch.id == Parcel.batch_id)
        .join(Round, Round.id == Batch.round_id)
        .join(Order, Order.id == Parcel.order_id)
        .outerjoin(RunStop, RunStop.parcel_id == Parcel.id)
        .outerjoin(Run, Run.id == RunStop.run_id)
        .where(Round.delivery_on == scope.day)
    )
    if scope.gone:
        joined = joined.where(~among(session, Parcel.id, scope.gone))
    if scope.team is not None:
        joined = joined.where(Run.team_id == scope.team)
    if scope.idle is not None:
        joined = joined.where(Run.id.is_(None), Parcel.supplier_id == scope.idle)
    return joined if scope.ward is None else joined.where(Order.ward_id == scope.ward)


def attempts_of(parcel_id: Any) -> ColumnElement[int]:
    """How often a parcel was brought in vain since it was last put on its way, as `suppliers.door.fold` counts it."""
    mark, door = aliased(ParcelEvent), aliased(DoorEvent)
    begun = select(func.max(ParcelEvent.at)).where(*_begun(ParcelEvent, parcel_id)).scalar_subquery()
    first = select(func.max(ParcelEvent.id)).where(*_begun(ParcelEvent, parcel_id)).scalar_subquery()
    told = (door.kind == DoorKind.FAILED) & (door.outcome == DoorOutcome.APPLIED) & (door.at >= begun)
    marked = (mark.became == ParcelState.FAILED) & mark.door_id.is_(None) & (mark.id > first)
    by_couriers = select(func.count()).where(door.parcel_id == parcel_id, told).scalar_subquery()
    by_others = select(func.count()).where(mark.parcel_id == parcel_id, marked).scalar_subquery()
    return by_couriers + by_others


def _begun(event: type[ParcelEvent], parcel_id: Any) -> tuple[ColumnElement[bool], ...]:
    return event.parcel_id == parcel_id, event.became == ParcelState.DISPATCHED, event.door_id.is_(None)


def last_heard(session: Session, scope: Scope) -> dict[tuple[int, int | None], datetime]:
    """Supplier and team (None: in no run) → when we last heard something of the day's stops."""
    asked = _of_day(session, scope, select(Parcel.supplier_id, Run.team_id, func.max(DoorEvent.received_at)))
    rows = session.execute(
        asked.join(DoorEvent, DoorEvent.parcel_id == Parcel.id).group_by(Parcel.supplier_id, Run.team_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


@dataclass(frozen=True, slots=True)
class Listed:
    """A stop of the list, who brings it, and how often that was tried in vain."""

    parcel: Parcel
    team: Team | None
    attempts: int


def listed(session: Session, scope: Scope, show: Show, *, most: int, skip: int) -> list[Listed]:
    """Stops with orders, suppliers and history within reach: the urgent first, then by ward, batch and stop; what was
    received, the newest first."""
    asked = _of_day(session, scope, select(Parcel, Team, attempts_of(Parcel.id)))
    asked = asked.outerjoin(Team, Team.id == Run.team_id).join(WardRow, WardRow.id == Order.ward_id)
    newest = select(func.max(ParcelEvent.id)).where(ParcelEvent.parcel_id == Parcel.id).scalar_subquery()
    by_place = (Parcel.urgent.desc(), WardRow.name, Parcel.batch_id, Parcel.stop)
    rows = session.execute(
        asked.where(_shown(scope, show))
        .options(joinedload(Parcel.order), joinedload(Parcel.supplier), selectinload(Parcel.history))
        .order_by(*((newest.desc(),) if show is Show.RECEIVED else by_place))
        .limit(most)
        .offset(skip)
    )
    return [Listed(*row) for row in rows]


def _shown(scope: Scope, show: Show) -> ColumnElement[bool]:
    if show is Show.RECEIVED:
        return Parcel.state == ParcelState.DELIVERED
    if show is Show.FAILED:
        return Parcel.state == ParcelState.FAILED
    tried = and_(Parcel.state == ParcelState.FAILED, attempts_of(Parcel.id) < ATTEMPTS)
    left = or_(Parcel.state == ParcelState.DISPATCHED, tried)
    return and_(left, Round.slot.in_(list(scope.over))) if show is Show.LATE else left


def count_aside(session: Session, scope: Scope) -> int:
    """How much was told of the day's stops that did not count."""
    asked = _of_day(session, scope, select(func.count()).select_from(Parcel))
    asked = asked.join(DoorEvent, DoorEvent.parcel_id == Parcel.id).where(DoorEvent.outcome.in_(ASIDE))
    return session.scalar(asked) or 0


def told_aside(session: Session, scope: Scope, *, most: int, skip: int) -> Sequence[DoorEvent]:
    """What was told of the day's stops and did not count, the newest first, with who told it and of which order."""
    asked = _of_day(session, scope, select(DoorEvent).select_from(Parcel))
    return session.scalars(
        asked.join(DoorEvent, DoorEvent.parcel_id == Parcel.id)
        .where(DoorEvent.outcome.in_(ASIDE))
        .options(joinedload(DoorEvent.staff), joinedload(DoorEvent.parcel).joinedload(Parcel.order))
        .order_by(DoorEvent.received_at.desc(), DoorEvent.id.desc())
        .limit(most)
        .offset(skip)
    ).all()


def teams_named(session: Session, team_ids: Collection[int]) -> dict[int, Team]:
    return {team.id: team for team in session.scalars(select(Team).where(Team.id.in_(team_ids)))}


def lock_team(session: Session, team_id: int) -> Team | None:
    """The team, held: nobody else nudges it meanwhile."""
    return session.scalar(select(Team).where(Team.id == team_id).with_for_update(of=Team))


def last_nudges(
    session: Session, kind: str, things: type[Team] | type[Supplier], ids: Collection[int]
) -> Mapping[int, Change]:
    """Team or supplier → its last nudge, by the end of its own history."""
    of_it = (Change.kind == kind, Change.subject_id == things.id, Change.field == NUDGED)
    last = select(Change.id).where(*of_it).order_by(Change.id.desc()).limit(1).correlate(things).scalar_subquery()
    rows = session.scalars(select(Change).join(things, Change.id == last).where(things.id.in_(ids)))
    return {change.subject_id: change for change in rows}
