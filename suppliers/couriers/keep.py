"""Teams written: added, changed, switched on and off, with their blocks and vehicles. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel import clock
from kernel.changes import Doer, note, note_new, note_part, take_turn
from kernel.errors import MarketError
from kernel.text import search_key
from people.models import Staff, Team, TeamBlock, Vehicle, WardRow
from people.queries import wards
from suppliers.couriers.blocks import Served, written
from suppliers.couriers.queries import teams_of

KIND = "team"
MOST_VEHICLES = 100


class NameTaken(MarketError):
    """Something of this supplier's is called so already."""

    status = 422


@dataclass(frozen=True, slots=True)
class About:
    """What a form says of a team."""

    name: str
    phone: str
    begins: time
    ends: time
    served: Sequence[Served]


def facts(team: Team) -> dict[str, object]:
    """What a form about a team shows and a history compares."""
    return {
        "name": team.name,
        "phone": team.phone,
        "begins": team.begins.strftime("%H:%M"),
        "ends": team.ends.strftime("%H:%M"),
        "blocks": written(team.blocks),
    }


def add(session: Session, supplier_id: int, about: About, doer: Doer) -> Team:
    """A new team of the supplier."""
    team = Team(supplier_id=supplier_id)
    _write(session, team, about)
    try:
        with session.begin_nested():
            session.add(team)
    except IntegrityError as fault:  # somebody took the name at the same moment
        raise _taken(about.name) from fault
    note_new(session, KIND, team.id, team.name, doer)
    return team


def change(session: Session, team: Team, about: About, *, seen: str | None, doer: Doer) -> None:
    """Another name, phone, shift, other blocks."""
    was = facts(team)
    take_turn(session, team, seen)
    try:
        with session.begin_nested():
            _write(session, team, about)
    except IntegrityError as fault:
        raise _taken(about.name) from fault
    note(session, KIND, team.id, was, facts(team), doer)


def _write(session: Session, team: Team, about: About) -> None:
    with session.no_autoflush:
        same = (each for each in teams_of(session, team.supplier_id) if each is not team)
        if any(search_key(each.name) == search_key(about.name) for each in same):
            raise _taken(about.name)
        team.name, team.phone, team.begins, team.ends = about.name, about.phone, about.begins, about.ends
        _serve(team, about.served, {ward.code: ward for ward in wards(session)})


def _serve(team: Team, served: Iterable[Served], rows: dict[str, WardRow]) -> None:
    """The blocks that stay are the rows that they were: what refers to them stays right."""
    there = {(each.ward.code, each.block_key): each for each in team.blocks}
    team.blocks[:] = [
        there.get(each.key) or TeamBlock(ward=rows[each.ward.code], block=each.block, block_key=each.key[1])
        for each in served
    ]


def _taken(name: str) -> NameTaken:
    return NameTaken(_("You have a team called “%(name)s” already.", name=name))


def switch(session: Session, team: Team, *, active: bool, seen: str | None, doer: Doer) -> None:
    """Switch a team off, with its passes, or on again. Its couriers can still sign in and finish what they carry."""
    take_turn(session, team, seen)
    note(session, KIND, team.id, {"active": team.active}, {"active": active}, doer)
    team.active = active


def add_vehicle(session: Session, team: Team, vehicle: Vehicle, *, seen: str | None, doer: Doer) -> None:
    """One more vehicle."""
    if any(search_key(each.name) == search_key(vehicle.name) for each in team.vehicles):
        raise NameTaken(_("This team has a vehicle of this name already. Switch it on, or choose another name."))
    if len(team.vehicles) >= MOST_VEHICLES:
        raise NameTaken(_("At most %(most)s vehicles a team.", most=MOST_VEHICLES))
    take_turn(session, team, seen)
    team.vehicles.append(vehicle)
    session.flush()
    told = " · ".join(filter(None, (vehicle.plate, str(vehicle.bags))))
    note_part(session, KIND, team.id, "vehicle", about=vehicle.name, was="", became=told, doer=doer)


def switch_vehicle(session: Session, vehicle: Vehicle, *, active: bool, seen: str | None, doer: Doer) -> None:
    """Take a vehicle off the road, or put it on again."""
    take_turn(session, vehicle.team, seen)
    note_part(
        session, KIND, vehicle.team_id, "active", about=vehicle.name, was=vehicle.active, became=active, doer=doer
    )
    vehicle.active = active


def end_of(day: date) -> datetime:
    """When an account ends whose last day this is."""
    return clock.at(day + timedelta(days=1), 0)


def last_day(staff: Staff) -> date | None:
    """The last day on which an account opens something; None if it never ends."""
    return clock.local(staff.ends_at - timedelta(microseconds=1)).date() if staff.ends_at else None
