"""Whose turn it is: a household that gets something in a span of days waits until that is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from kernel.queries import take_turns
from kernel.text import search_key
from kernel.web import show_day
from orders.rota.queries import days_of, delivery_days
from people.models import WardRow
from shop.basket import Basket
from shop.capacity import next_with_places
from shop.models import Round
from shop.rounds import round_promise


class NotYourTurn(MarketError):
    """The household gets something too near to that day. ``instead``: the round that it may order in."""

    def __init__(self, message: str, instead: Round | None = None) -> None:
        super().__init__(message)
        self.instead = instead


def household_of(phone: str, ward_id: int, address: str) -> str:
    """By what a household is known: its phone, or the address where nobody has one."""
    return phone or f"{ward_id} {search_key(address)}"


def rota_words(days: int) -> str:
    """The rule for a page; empty where there is none."""
    if not days:
        return ""
    return str(_("So that everybody gets a turn, each household orders once in %(days)s days of delivery.", days=days))


def first_free(day: date, taken: Sequence[date], days: int) -> date:
    """The first day from ``day`` on that is so many days from each that is ``taken``."""
    while near := [each for each in taken if abs((each - day).days) < days]:
        day = max(near) + timedelta(days=days)
    return day


def check_turn(
    session: Session, household: str, basket: Basket, *, delivery: Round, ward: WardRow, at: datetime
) -> None:
    """NotYourTurn where a rota says so; of two orders of one household at once, the second sees the first."""
    days = days_of(session, ward.id)
    if not days:
        return
    take_turns(session, [household])
    since = min(delivery.delivery_on, clock.local(at).date()) - timedelta(days=days)
    taken = delivery_days(session, [household], since).get(household, [])
    if first_free(delivery.delivery_on, taken, days) == delivery.delivery_on:
        return
    rounds = next_with_places(session, ward, supplier_ids=basket.supplier_ids, at=at, besides=delivery.id)
    free = [each for each in rounds if first_free(each.delivery_on, taken, days) == each.delivery_on]
    raise NotYourTurn(_words(days, taken, delivery, free), free[0] if free else None)


def _words(days: int, taken: Sequence[date], delivery: Round, free: Sequence[Round]) -> str:
    near = next(each for each in taken if abs((each - delivery.delivery_on).days) < days)
    said = [
        _(
            "Your household gets an order on %(day)s already, and each household orders once in %(days)s days. The "
            "next one is possible for %(next)s or later.",
            day=show_day(near),
            days=days,
            next=show_day(first_free(delivery.delivery_on, taken, days)),
        ),
        _("You can choose: %(promise)s.", promise=round_promise(free[0]))
        if free
        else _("No delivery from then on takes orders yet: look here again later."),
    ]
    return " ".join(said)


def check_turns(session: Session, members: Sequence[tuple[str, str]], *, delivery: Round, ward: WardRow) -> None:
    """``check_turn`` for a group: (name, household) of each; two of one household are one too many."""
    days = days_of(session, ward.id)
    if not days:
        return
    households = [household for _name, household in members]
    take_turns(session, households)
    taken = delivery_days(session, households, delivery.delivery_on - timedelta(days=days))
    faults = [*_twice(members), *_too_soon(members, taken, delivery, days)]
    if faults:
        lead = _("Nothing was ordered: each household orders once in %(days)s days.", days=days)
        raise NotYourTurn(" ".join([lead, *faults, _("Remove them, or choose another round.")]))


def _twice(members: Sequence[tuple[str, str]]) -> Iterator[str]:
    counts = Counter(household for _name, household in members)
    for household in (each for each, many in counts.items() if many > 1):
        names = ", ".join(name for name, theirs in members if theirs == household)
        yield _("%(names)s are one household here, by phone or address.", names=names)


def _too_soon(
    members: Sequence[tuple[str, str]], taken: Mapping[str, list[date]], delivery: Round, days: int
) -> Iterator[str]:
    for name, household in members:
        free = first_free(delivery.delivery_on, taken.get(household, []), days)
        if free != delivery.delivery_on:
            yield _("%(name)s may have the next one for %(day)s or later.", name=name, day=show_day(free))
