"""Runs written: a batch shared out among its supplier's teams, shared out anew, a run given to another team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from suppliers.queries import lock_batch, lock_parcels_of, newest_manifest, parcels_with_orders
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
class _Goods:
    """A stop as the newest manifest has it."""

    bags: int
    amount: int


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be shared out, as plain values: it may take a while, and nobody is to wait for it meanwhile.

    ``by_team``: what each team brings, on which rides. ``goods`` by parcel.
    """

    by_team: Mapping[int, tuple[Sequence[Visit], Sequence[Ride]]]
    goods: Mapping[int, _Goods]


class Overtaken(MarketError):
    """Something was told at a door while the stops were being shared out."""

    def __init__(self) -> None:
        super().__init__(_("Something was delivered meanwhile. Share the stops out once more."))


def prepare(session: Session, batch: Batch) -> Task:
    """Who brings what is still to be brought. Runs in which something was told at a door stay as they are."""
    teams = {team.id: team for team in teams_of(session, batch.supplier_id) if team.active}
    if not teams:
        raise NoTeam
    parcels = _to_bring(session, batch)
    if not parcels:
        raise NothingToShare
    of_stop = _goods(session, batch)
    goods = {key: of_stop[parcel.stop] for key, parcel in parcels.items()}
    shared = _shared(parcels, teams, goods)
    by_team = {
        team: ([_visit(parcels[key], goods[key].bags) for key in keys], _rides(teams[team]))
        for team, keys in sorted(shared.by_team.items())
    }
    return Task(by_team, goods)


def solve(task: Task) -> Iterator[tuple[int, Sequence[Load]]]:
    """Each team with its loads, one team after the other; needs no database."""
    for team, (visits, rides) in task.by_team.items():
        yield team, route.loads(visits, rides, start=None)


def write(
    session: Session, batch: Batch, task: Task, solved: Mapping[int, Sequence[Load]], doer: Doer
) -> Sequence[Run]:
    """The runs take the place of those that have not begun. Refuses what was overtaken meanwhile. Does not commit."""
    lock_batch(session, batch.id)
    lock_parcels_of(session, batch.id)
    if _to_bring(session, batch).keys() != task.goods.keys():
        raise Overtaken
    number = _drop_what_has_not_begun(session, batch)
    runs = [_run(batch, team, load, task.goods, doer) for team, loads in solved.items() for load in loads]
    for run in runs:
        number += 1
        run.code = f"{batch.manifest_number}-C{number}"
    session.add_all(runs)
    session.flush()
    return runs


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
    on_list = {stop["stop"] for stop in newest_manifest(session, batch.id).snapshot["stops"]}
    return {
        parcel.id: parcel
        for parcel in parcels_with_orders(session, batch.id)
        if parcel.state is not ParcelState.DELIVERED and parcel.id not in taken and parcel.stop in on_list
    }


def _goods(session: Session, batch: Batch) -> dict[int, _Goods]:
    """Stop → how many combos, worth how much."""
    stops: Sequence[dict[str, Any]] = newest_manifest(session, batch.id).snapshot["stops"]
    return {
        stop["stop"]: _Goods(
            bags=sum(line["quantity"] for line in stop["lines"] if not line.get("nothing")), amount=stop["amount"]
        )
        for stop in stops
    }


def _shared(parcels: Mapping[int, Parcel], teams: Mapping[int, Team], goods: Mapping[int, _Goods]) -> Shared:
    stops = [Stop(key, (parcel.order.ward_id, _block_key(parcel)), goods[key].bags) for key, parcel in parcels.items()]
    served = {key: frozenset((block.ward_id, block.block_key) for block in team.blocks) for key, team in teams.items()}
    return share(stops, served)


def _block_key(parcel: Parcel) -> str:
    return search_key(place_of(parcel.order.address).block)


def _rides(team: Team) -> list[Ride]:
    begins, ends = _minutes(team.begins), _minutes(team.ends)
    return [Ride(each.id, each.bags, begins, ends) for each in team.vehicles if each.active]


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


def _run(batch: Batch, team_id: int, load: Load, goods: Mapping[int, _Goods], doer: Doer) -> Run:
    return Run(
        batch_id=batch.id,
        team_id=team_id,
        vehicle_id=load.ride,
        bags=sum(goods[key].bags for key in load.visits),
        amount=sum(goods[key].amount for key in load.visits),
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
