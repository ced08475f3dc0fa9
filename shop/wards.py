"""Wards locked, open or first: who may order, and what their residents are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, take_turn
from kernel.errors import MarketError
from kernel.web import show_moment
from people.models import Standing, WardRow
from people.queries import wards
from shop.models import Round
from shop.queries import free_by_ward, rounds_taking_orders, ward_as_it_is, wards_apart

KIND = "ward"


class WardLocked(MarketError):
    """Nothing is brought to this ward now."""

    def __init__(self, ward: WardRow) -> None:
        super().__init__(locked_words(ward))


class NothingChanged(MarketError):
    """It stands so already."""

    status = 422


@dataclass(frozen=True, slots=True)
class Apart:
    """The wards that are not as usual, for a notice in the shop."""

    locked: Sequence[WardRow]
    first: Sequence[WardRow]

    @property
    def anything(self) -> bool:
        return bool(self.locked or self.first)


def apart(session: Session) -> Apart:
    """All of the city's."""
    return _sorted(wards_apart(session))


def locked(session: Session) -> Apart:
    """The wards that get nothing, for a page on which somebody has still to say where they live."""
    return Apart(apart(session).locked, ())


def apart_of(ward: WardRow | None) -> Apart:
    """What the residents of one ward are told of it."""
    return _sorted([ward] if ward else [])


def _sorted(found: Sequence[WardRow]) -> Apart:
    return Apart(
        [ward for ward in found if ward.standing is Standing.LOCKED],
        [ward for ward in found if ward.standing is Standing.PRIORITISED],
    )


@dataclass(frozen=True, slots=True)
class Nearest:
    """The round that is brought next, and the wards that are full in it, by the round that has places for them."""

    round: Round
    full: Sequence[tuple[Sequence[WardRow], Round | None]]


def nearest(session: Session, at: datetime) -> Nearest | None:
    """The next round that takes orders of anybody. Full is who has no place left with any supplier."""
    rounds = rounds_taking_orders(session, at)
    if not rounds:
        return None
    free = free_by_ward(session, [each.id for each in rounds])
    by_next: dict[int | None, list[WardRow]] = {}
    for ward in wards(session):
        if ward.standing is not Standing.LOCKED and free.get((rounds[0].id, ward.id)) == 0:
            by_next.setdefault(_next_free(ward, rounds[1:], free, at), []).append(ward)
    known = {each.id: each for each in rounds}
    return Nearest(rounds[0], [(there, known.get(number or 0)) for number, there in by_next.items()])


def _next_free(ward: WardRow, rounds: Sequence[Round], free: Mapping[tuple[int, int], int], at: datetime) -> int | None:
    open_for = (each.id for each in rounds if each.takes_orders(at, ward.id) and free.get((each.id, ward.id)))
    return next(open_for, None)


def locked_words(ward: WardRow) -> str:
    """Why somebody of this ward cannot order, since when, and what to do."""
    return str(
        _(
            "Nothing is delivered to %(ward)s since %(since)s: %(because)s. You cannot order for this ward now. "
            "As soon as the office opens it again, you can.",
            ward=ward.name,
            since=show_moment(ward.standing_since) if ward.standing_since else "",
            because=ward.standing_because.rstrip("."),
        )
    )


def refuse_if_locked(session: Session, ward: WardRow) -> None:
    """WardLocked where it is; who locks it meanwhile waits until the caller's transaction ends, and sees its order."""
    now = ward_as_it_is(session, ward.id)
    if now.standing is Standing.LOCKED:
        raise WardLocked(now)


def is_locked(session: Session, ward_id: int) -> bool:
    return session.get_one(WardRow, ward_id).standing is Standing.LOCKED


def set_standing(session: Session, ward: WardRow, standing: Standing, *, seen: str | None, doer: Doer) -> None:
    """Lock a ward, open it, or put it first, from now on, with the reason that its residents read. Does not commit."""
    take_turn(session, ward, seen)
    reason = "" if standing is Standing.OPEN else doer.because
    was = {"standing": ward.standing.value, "standing_because": ward.standing_because}
    became = {"standing": standing.value, "standing_because": reason}
    if was == became:
        raise NothingChanged(_("This ward stands so already, for this reason."))
    if standing is not ward.standing:
        ward.standing_since = None if standing is Standing.OPEN else doer.at
    ward.standing, ward.standing_because = standing, reason
    note(session, KIND, ward.id, {"standing": was["standing"]}, {"standing": became["standing"]}, doer)
    if standing.value == was["standing"]:
        note(session, KIND, ward.id, {"standing_because": was["standing_because"]}, {"standing_because": reason}, doer)
    session.flush()
