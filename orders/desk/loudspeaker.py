"""What the ward's loudspeaker reads out of a round: days, places and numbers in words, nobody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock, spoken
from kernel.database import db
from kernel.errors import NotFound
from kernel.languages import language
from orders.queries import households_of_round
from people.models import Role, Standing, WardRow
from people.queries import wards
from people.sessions import requires
from shop.announcements import told_to
from shop.models import Announcement, Round, Slot
from shop.queries import capacities_of
from shop.rounds import SLOTS
from shop.wards import locked_words

loudspeaker = Blueprint("loudspeaker", __name__, url_prefix="/desk/rounds")

NOON, EVENING = 11, 17  # o'clock
_FILE_NAME = "loudspeaker-{round}.txt"


@dataclass(frozen=True, slots=True)
class Served:
    """A ward that the round goes to, and how many households there have paid."""

    ward: WardRow
    households: int


class Line(NamedTuple):
    """A paragraph of the script, and the language that it is read in."""

    words: str
    language: str


@loudspeaker.route("/<int:round_id>/loudspeaker")
@requires(Role.OFFICE)
def show(round_id: int) -> ResponseReturnValue:
    """The script as a page to copy or print, for one ward or all."""
    delivery = _load(round_id)
    ward, lines = _asked(delivery)
    return render_template("desk/loudspeaker.html", round=delivery, ward=ward, wards=wards(db.session), lines=lines)


@loudspeaker.route("/<int:round_id>/loudspeaker.txt")
@requires(Role.OFFICE)
def plain(round_id: int) -> ResponseReturnValue:
    """The script as a file of plain text."""
    _ward, lines = _asked(_load(round_id))
    answer = Response("\n\n".join(line.words for line in lines) + "\n", content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f'inline; filename="{_FILE_NAME.format(round=round_id)}"'
    return answer


def _load(round_id: int) -> Round:
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound(_("There is no such delivery round."))
    return found


def _asked(delivery: Round) -> tuple[WardRow | None, list[Line]]:
    ward = next((each for each in wards(db.session) if str(each.id) == request.args.get("ward")), None)
    hotline = app.extensions["settings"].hotline
    told = told_to(db.session, ward).announcements
    return ward, script(delivery, served(db.session, delivery, ward), told, hotline=hotline)


def served(session: Session, delivery: Round, ward: WardRow | None) -> list[Served]:
    """The wards that the round goes to, by name: all of them, or the one that was asked for."""
    households = households_of_round(session, delivery.id)
    reached = {each.ward_id for each in capacities_of(session, delivery.id) if each.places or each.held}
    there = [ward] if ward else [each for each in wards(session) if each.id in reached | households.keys()]
    return [Served(each, households.get(each.id, 0)) for each in there]


def script(delivery: Round, places: Sequence[Served], told: Sequence[Announcement], *, hotline: str) -> list[Line]:
    """Paragraphs, each said in one breath or two."""
    spoken_in = language()
    names = _and([each.ward.name for each in places])
    opening = [
        _("Dear residents of %(wards)s. This is an announcement of the Economic Office.", wards=names)
        if names
        else _("Dear residents. This is an announcement of the Economic Office."),
        _(
            "The next delivery of groceries is on %(day)s, %(part)s.",
            day=spoken.day(delivery.delivery_on, spoken_in),
            part=part_of_day(delivery),
        ),
        *_locked(places),
        *_households(places, spoken_in),
        *_deadline(delivery, places, spoken_in),
    ]
    closing = [*_hotline(hotline, spoken_in), _("Thank you for listening.")]
    return [
        *(Line(words, spoken_in) for words in opening),
        *(Line(_announced(each, spoken_in), each.language(spoken_in)) for each in told),
        *(Line(words, spoken_in) for words in closing),
    ]


def _hotline(number: str, spoken_in: str) -> list[str]:
    if not number:
        return []
    return [_("Questions? Call %(number)s. I repeat: %(number)s.", number=spoken.digits(number, spoken_in))]


def part_of_day(delivery: Round) -> str:
    """The part of the day that is promised; else from when on: what left the evening before comes from the morning."""
    if delivery.slot is not Slot.ALL_DAY:
        return str(SLOTS[delivery.slot])
    left = clock.local(delivery.dispatch_at)
    if left.date() < delivery.delivery_on or left.hour < NOON:
        return str(_("from the morning on"))
    return str(_("in the afternoon") if left.hour < EVENING else _("in the evening"))


def _households(places: Sequence[Served], spoken_in: str) -> list[str]:
    found = [each for each in places if each.households]
    if not found:
        return [_("Nobody has a paid order in this delivery yet.")]
    total = _said(sum(each.households for each in found), spoken_in)
    words = [_("Households that will receive their goods: %(many)s.", many=total)]
    if len(found) > 1:
        each_ward = (f"{each.ward.name}, {_said(each.households, spoken_in)}" for each in found)
        words.append(f"{'; '.join(each_ward)}.")
    return [" ".join(words), _("Please keep your phone on, wait at your door, wear a mask and keep your distance.")]


def _said(many: int, spoken_in: str) -> str:
    return spoken.number(many, spoken_in)


def _deadline(delivery: Round, places: Sequence[Served], spoken_in: str) -> list[str]:
    """Until when, ward by ward where one has a last order of its own; what is past is not said."""
    closes = {each.ward.id: delivery.closes_for(each.ward.id) for each in places}
    if not any(delivery.takes_orders(clock.now(), ward_id) for ward_id in closes or [None]):
        return [_("This delivery takes no more orders. Please order in the next one.")]
    if len(set(closes.values())) <= 1:
        return [_until(next(iter(closes.values()), delivery.closes_at), spoken_in)]
    still = [each.ward for each in places if delivery.takes_orders(clock.now(), each.ward.id)]
    return [_("%(ward)s: %(until)s", ward=ward.name, until=_until(closes[ward.id], spoken_in)) for ward in still]


def _until(closes_at: datetime, spoken_in: str) -> str:
    hour, day = spoken.hour(closes_at, spoken_in), spoken.day(clock.local(closes_at), spoken_in)
    return str(_("The last moment to order and to pay is %(hour)s on %(day)s.", hour=hour, day=day))


def _locked(places: Sequence[Served]) -> list[str]:
    return [locked_words(each.ward) for each in places if each.ward.standing is Standing.LOCKED]


def _announced(announcement: Announcement, spoken_in: str) -> str:
    """The announcement as it was written, each paragraph closed with a stop."""
    parts = [announcement.title_in(spoken_in), *announcement.paragraphs(spoken_in)]
    return " ".join(part if re.search(r"[.!?…:]$", part) else f"{part}." for part in parts)


def _and(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return str(_("%(these)s and %(last)s", these=", ".join(names[:-1]), last=names[-1]))
