"""Rounds planned: made several at once, moved while nothing has left, closed early. A promise moved has its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, note_new, note_part, take_turn
from kernel.errors import MarketError
from kernel.web import show_moment
from orders.notices import telling
from orders.queries import counts_by_state, last_deadline, lock_standing
from shop.capacity import plan_places
from shop.models import Round, Slot, WardClose
from shop.queries import capacities_of, lock_round, rounds_delivering
from shop.rounds import round_delivering, round_name, shifted_close

KIND = "round"
OWN_CLOSE = "ward_closes"
"""The last order of one ward, in a history."""

PROMISED = ("closes_at", "delivery_on", "slot", OWN_CLOSE)
"""What residents were told when they ordered."""

BROUGHT = ("delivery_on", "slot")
"""What of it is the promise that stands on the order."""


class HasLeft(MarketError):
    """The goods are on their way."""


class ReasonNeeded(MarketError):
    """Residents have ordered in this round; they are told why it moves."""

    status = 422


class TooEarly(MarketError):
    """Somebody may still pay then: that was promised."""

    status = 422


class TooLate(MarketError):
    """A ward would close before the round opens."""

    status = 422


class Made(NamedTuple):
    """The rounds that were made, and the days that had one already."""

    rounds: list[Round]
    passed_over: list[date]


class Rhythm(NamedTuple):
    """When a round closes and leaves on the day before, how long it is open, and in which part of the day it comes."""

    closes: time
    leaves: time
    open_for: timedelta
    slot: Slot = Slot.ALL_DAY


def make(session: Session, days: Iterable[date], rhythm: Rhythm, *, like: Round | None, doer: Doer) -> Made:
    """A round for each day that has none in this part of it, with the places and wards' last orders of another.

    Does not commit.
    """
    wanted = sorted(days)
    there = rounds_delivering(session, wanted[0], wanted[-1])
    taken = {each.delivery_on for each in there if Slot.ALL_DAY in (each.slot, rhythm.slot) or each.slot == rhythm.slot}
    made = [round_delivering(day, **rhythm._asdict()) for day in wanted if day not in taken]
    session.add_all(made)
    session.flush()
    for delivery in made:
        note_new(session, KIND, delivery.id, delivery.name, doer)
        for each in capacities_of(session, like.id) if like else ():
            plan_places(session, delivery.id, (each.ward_id, each.supplier_id), each.places)
        for own in like.ward_closes if like else ():
            closes_at = shifted_close(delivery, like, own.closes_at) if like else own.closes_at
            delivery.ward_closes.append(WardClose(ward_id=own.ward_id, closes_at=closes_at))
    return Made(made, [day for day in wanted if day in taken])


def next_free_day(session: Session, earliest: date) -> date:
    """The first day from ``earliest`` on to which nothing is delivered yet."""
    taken = {each.delivery_on for each in rounds_delivering(session, earliest, date.max)}
    day = earliest
    while day in taken:
        day += timedelta(days=1)
    return day


def facts(delivery: Round) -> dict[str, object]:
    return {name: getattr(delivery, name) for name in ("opens_at", "closes_at", "dispatch_at", "delivery_on", "slot")}


def has_orders(session: Session, delivery: Round) -> bool:
    """Whether residents have ordered, and not all of it is over."""
    counts = counts_by_state(session, delivery.id)
    return any(many for state, many in counts.items() if state.value in {"open", "confirmed"})


def move(session: Session, delivery: Round, fresh: dict[str, object], *, seen: str | None, doer: Doer) -> None:
    """Other times for a round that has not left. Deadlines of orders stay as they were told; who is brought something
    at another time than was said is told. Does not commit.
    """
    take_turn(session, delivery, seen)
    lock_round(session, delivery.id)
    if delivery.dispatched_at is not None:
        raise HasLeft(_("This round has left. Its times are history now."))
    was = {name: value for name, value in facts(delivery).items() if not _same_minute(value, fresh[name])}
    became = {name: fresh[name] for name in was}
    if was.keys() & set(PROMISED) and not doer.because and has_orders(session, delivery):
        raise ReasonNeeded(_("Residents have ordered in this round. Say why it moves: they read it."))
    last = last_deadline(session, delivery.id)
    if last is not None and "dispatch_at" in was and became["dispatch_at"] < last:  # type: ignore[operator]
        raise TooEarly(_("Somebody may still pay until %(at)s. It cannot leave before that.", at=show_moment(last)))
    _keep_wards_within(delivery, fresh)
    follows = delivery.name == round_name(delivery.delivery_on, delivery.slot)
    for name, value in became.items():
        setattr(delivery, name, value)
    if follows:
        delivery.name = round_name(delivery.delivery_on, delivery.slot)
    note(session, KIND, delivery.id, was, became, doer)
    if was.keys() & set(BROUGHT):
        telling.delivery_moved(session, lock_standing(session, delivery.id), at=doer.at)


def _keep_wards_within(delivery: Round, fresh: dict[str, object]) -> None:
    """A ward's own last order lies between the round's opening and its dispatch, wherever these move."""
    for own in delivery.ward_closes:
        if own.closes_at > fresh["dispatch_at"]:  # type: ignore[operator]
            raise TooEarly(_ward_closes(own, _("It cannot leave before that.")))
        if own.closes_at <= fresh["opens_at"]:  # type: ignore[operator]
            raise TooLate(_ward_closes(own, _("The round opens before that.")))


def _ward_closes(own: WardClose, then: str) -> str:
    closes = _("%(ward)s has a last order of its own at %(at)s.", ward=own.ward.name, at=show_moment(own.closes_at))
    return f"{closes} {then}"


def _same_minute(one: object, other: object) -> bool:
    """Forms know no seconds."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
    return one == other


def close_now(session: Session, delivery: Round, *, seen: str | None, doer: Doer) -> None:
    """No more orders from this moment on; who has ordered may pay until the deadline they were told."""
    if not delivery.opens_at < doer.at < delivery.last_close:
        raise MarketError(_("This round takes no orders now, so it cannot be closed."))
    for own in [each for each in delivery.ward_closes if each.closes_at > doer.at]:
        note_part(
            session, KIND, delivery.id, OWN_CLOSE, about=own.ward.name, was=own.closes_at, became=doer.at, doer=doer
        )
        delivery.ward_closes.remove(own)
    closes_at = min(delivery.closes_at, doer.at)
    move(session, delivery, {**facts(delivery), "closes_at": closes_at}, seen=seen, doer=doer)
