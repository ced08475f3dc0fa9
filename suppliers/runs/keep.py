"""Runs written: a batch shared out among its supplier's teams, shared out anew, a run given to another team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, take_turn
from kernel.errors import MarketError, NotFound
from kernel.text import search_key
from people.blocks import place_of, way_order
from people.models import Standing, Team
from suppliers.models import Batch, Parcel, ParcelState
from suppliers.queries import lock_batch, lock_parcel, parcels_with_orders, versions_of
from suppliers.runs import route
from suppliers.runs.models import Run, RunStop
from suppliers.runs.queries import begun_runs, runs_of_batch, team_of, teams_of
from suppliers.runs.route import Load, Pin, Ride, Visit
from suppliers.runs.share import Shared, Stop, share

KIND = "run"


class NoTeam(MarketError):
    """Nobody to share anything out to."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("There is no team yet. Make one under “Teams”, with its blocks and couriers."))


class NothingToShare(MarketError):
    """All is brought, or on its way with somebody."""

    def __init__(self) -> None:
        super().__init__(_("Every stop is delivered, or in a run that has begun. There is nothing to share out."))


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of it: the new runs, and how many stops lie where no team serves."""

    runs: Sequence[Run]
    unserved: int


@dataclass(frozen=True, slots=True)
class _Goods:
    """A stop as the newest manifest has it."""

    bags: int
    amount: int


def plan(session: Session, batch: Batch, doer: Doer) -> Planned:
    """Share out what is still to be brought. Runs in which something was told at a door stay. Does not commit."""
    lock_batch(session, batch.id)
    teams = {team.id: team for team in teams_of(session, batch.supplier_id) if team.active}
    if not teams:
        raise NoTeam
    numbered = _drop_what_has_not_begun(session, batch)
    parcels = _to_bring(session, batch)
    if not parcels:
        raise NothingToShare
    goods = _goods(session, batch)
    shared = _shared(parcels, teams, goods)
    runs = [
        _run(batch, team, load, parcels, goods, doer)
        for team_id, keys in sorted(shared.by_team.items())
        for team in [teams[team_id]]
        for load in _loads([parcels[key] for key in keys], team, goods)
    ]
    for number, run in enumerate(runs, start=numbered + 1):
        run.code = f"{batch.manifest_number}-C{number}"
    session.add_all(runs)
    session.flush()
    return Planned(runs, len(shared.unserved))


def _drop_what_has_not_begun(session: Session, batch: Batch) -> int:
    """Answers the highest number that a run of the batch ever had among those that stay."""
    begun = begun_runs(session, batch.id)
    runs = runs_of_batch(session, batch.id)
    for run in runs:
        if run.id not in begun:
            session.delete(run)
    session.flush()
    return max((int(run.code.rpartition("-C")[2]) for run in runs), default=0)


def _to_bring(session: Session, batch: Batch) -> dict[int, Parcel]:
    """Parcels that are in no run and still to be brought, in the order of the manifest."""
    begun = begun_runs(session, batch.id)
    taken = {stop.parcel_id for run in runs_of_batch(session, batch.id) if run.id in begun for stop in run.stops}
    on_list = {stop["stop"] for stop in versions_of(session, batch.id)[0].snapshot["stops"]}
    return {
        parcel.id: parcel
        for parcel in parcels_with_orders(session, batch.id)
        if parcel.state is not ParcelState.DELIVERED and parcel.id not in taken and parcel.stop in on_list
    }


def _goods(session: Session, batch: Batch) -> dict[int, _Goods]:
    """Stop → how many combos, worth how much."""
    stops: Sequence[dict[str, Any]] = versions_of(session, batch.id)[0].snapshot["stops"]
    return {
        stop["stop"]: _Goods(
            bags=sum(line["quantity"] for line in stop["lines"] if not line.get("nothing")), amount=stop["amount"]
        )
        for stop in stops
    }


def _shared(parcels: Mapping[int, Parcel], teams: Mapping[int, Team], goods: Mapping[int, _Goods]) -> Shared:
    stops = [
        Stop(key, (parcel.order.ward_id, _block_key(parcel)), goods[parcel.stop].bags)
        for key, parcel in parcels.items()
    ]
    served = {key: frozenset((block.ward_id, block.block_key) for block in team.blocks) for key, team in teams.items()}
    return share(stops, served)


def _block_key(parcel: Parcel) -> str:
    return search_key(place_of(parcel.order.address).block)


def _loads(parcels: Sequence[Parcel], team: Team, goods: Mapping[int, _Goods]) -> Sequence[Load]:
    visits = [_visit(parcel, goods[parcel.stop].bags) for parcel in parcels]
    begins, ends = _minutes(team.begins), _minutes(team.ends)
    rides = [Ride(each.id, each.bags, begins, ends) for each in team.vehicles if each.active]
    return route.loads(visits, rides, start=None)


def _visit(parcel: Parcel, bags: int) -> Visit:
    order, place = parcel.order, place_of(parcel.order.address)
    return Visit(
        key=parcel.id,
        bags=bags,
        way=(search_key(order.ward.name), way_order(order.address), parcel.stop),
        street=search_key(f"{order.ward.name} {place.block} {place.street}"),
        first=parcel.urgent or order.ward.standing is Standing.PRIORITISED,
        pin=Pin(order.lat, order.lon) if order.lat is not None and order.lon is not None else None,
    )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _run(
    batch: Batch, team: Team, load: Load, parcels: Mapping[int, Parcel], goods: Mapping[int, _Goods], doer: Doer
) -> Run:
    carried = Counter[str]()
    for key in load.visits:
        carried["bags"] += goods[parcels[key].stop].bags
        carried["amount"] += goods[parcels[key].stop].amount
    return Run(
        batch=batch,
        team=team,
        vehicle_id=load.ride,
        bags=carried["bags"],
        amount=carried["amount"],
        metres=load.metres,
        made_by=doer.by,
        made_at=doer.at,
        stops=[RunStop(parcel_id=key, place=place) for place, key in enumerate(load.visits, start=1)],
    )


def give(session: Session, run: Run, team_id: int, *, seen: str | None, doer: Doer) -> None:
    """Another team of the same supplier brings it. Does not commit."""
    team = team_of(session, team_id, run.batch.supplier_id)
    if team is None or not team.active:
        raise NotFound(_("There is no such team among yours."))
    take_turn(session, run, seen)
    note(session, KIND, run.id, {"team": run.team.name}, {"team": team.name}, doer)
    run.team, run.vehicle = team, None


def set_urgent(session: Session, parcel_id: int, *, urgent: bool, doer: Doer) -> Parcel:
    """The office wants it brought first, or no longer so. Does not commit."""
    parcel = lock_parcel(session, parcel_id)
    if parcel is None:
        raise NotFound(_("There is no such parcel."))
    if parcel.urgent is not urgent:
        note(session, "parcel", parcel.id, {"urgent": parcel.urgent}, {"urgent": urgent}, doer)
        parcel.urgent = urgent
    return parcel
