"""The office's page of a delivery day: numbers by team and ward, the stops behind them, what did not count; nudges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError
from kernel.paging import Screen, screen_of
from orders.models import Order
from people.models import Role
from people.sessions import requires
from suppliers.desk.deliveries import keep, queries
from suppliers.desk.deliveries.board import board, count_late, scope_of
from suppliers.desk.deliveries.queries import Listed, Scope, Show
from suppliers.door.models import DoorEvent
from suppliers.door.queries import events_of_parcels
from suppliers.door.wording import OUTCOMES, REASONS
from suppliers.queries import parcels_of_order

desk_deliveries = Blueprint("desk_deliveries", __name__, url_prefix="/desk/deliveries")

_TEAM = re.compile(r"(s?)([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A stop of the list. ``last``: the courier's telling by which it stands where it stands, if by one's."""

    listed: Listed
    last: DoorEvent | None


@desk_deliveries.app_template_global("late_deliveries")
def late_deliveries() -> int:
    """How many of today's stops are late, for the office's menu."""
    return count_late(db.session, clock.now())


@desk_deliveries.app_template_global("door_history")
def door_history(order: Order) -> list[tuple[str, Sequence[DoorEvent]]]:
    """What couriers told of an order, by the supplier whose parcel it was; of parcels of which something was told."""
    parcels = parcels_of_order(db.session, order.id) if order.dispatched_at else ()
    told = events_of_parcels(db.session, [parcel.id for parcel in parcels])
    return [(parcel.supplier.name, told[parcel.id]) for parcel in parcels if parcel.id in told]


@desk_deliveries.app_context_processor
def words() -> dict[str, Any]:
    """What a telling at a door is called."""
    return {"door_outcomes": OUTCOMES, "door_reasons": REASONS}


@desk_deliveries.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """The numbers of a day, and the list that was asked for."""
    now = clock.now()
    scope = scope_of(db.session, _day(request.args.get("day", "")), now)
    show = request.args.get("show", "")
    asked = Show(show) if show in list(Show) else None
    narrow = _narrowed(scope)
    return render_template(
        "desk/deliveries.html",
        board=board(db.session, scope),
        scope=narrow,
        near=queries.days_near(db.session, scope.day),
        today=clock.today(),
        now=now,
        show=asked,
        stops=_stops(narrow, asked) if asked and asked is not Show.ASIDE else None,
        aside=_aside(narrow) if asked is Show.ASIDE else None,
        here=_here(scope.day, request.args),
    )


def _day(asked: str) -> date:
    """The day that was asked for; else today, if something is out for it; else the latest day with something out."""
    try:
        return date.fromisoformat(asked)
    except ValueError:
        today = clock.today()
        if queries.is_out(db.session, today):
            return today
        return queries.latest_day(db.session) or today


def _narrowed(scope: Scope) -> Scope:
    ward = request.args.get("ward", "")
    if ward.isascii() and ward.isdigit() and len(ward) < 10:
        scope = replace(scope, ward=int(ward))
    if team := _TEAM.fullmatch(request.args.get("team", "")):
        key = int(team[2])
        scope = replace(scope, idle=key) if team[1] else replace(scope, team=key)
    return scope


def _stops(scope: Scope, show: Show) -> Screen[Row]:
    found = screen_of(lambda most, skip: queries.listed(db.session, scope, show, most=most, skip=skip))
    told = events_of_parcels(db.session, [each.parcel.id for each in found.rows])
    rows = [Row(each, _by_whose_word(each, told.get(each.parcel.id, ()))) for each in found.rows]
    return Screen(rows, found.number, found.more)


def _by_whose_word(each: Listed, told: Sequence[DoorEvent]) -> DoorEvent | None:
    return next((event for event in told if event.id == each.parcel.history[-1].door_id), None)


def _aside(scope: Scope) -> Screen[DoorEvent]:
    return screen_of(lambda most, skip: queries.told_aside(db.session, scope, most=most, skip=skip))


def _here(day: date, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the address says of the list, for coming back to it."""
    kept = {name: asked.get(name, "") for name in ("show", "team", "ward", "page")}
    return {"day": day.isoformat(), **{name: value[:20] for name, value in kept.items() if value}}


@desk_deliveries.route("/parcels/<int:parcel_id>/urgent", methods=["POST"])
@requires(Role.OFFICE)
def urgent(parcel_id: int) -> ResponseReturnValue:
    """Bring this stop first, or no longer so."""
    first = request.form.get("urgent") == "yes"
    parcel = keep.set_urgent(db.session, parcel_id, urgent=first, doer=_doer())
    db.session.commit()
    words = _("%(code)s is brought first.") if first else _("%(code)s is no longer brought first.")
    flash(words % {"code": parcel.order.code}, "good")
    return _back()


@desk_deliveries.route("/teams/<int:team_id>/nudge", methods=["POST"])
@requires(Role.OFFICE)
def nudge_team(team_id: int) -> ResponseReturnValue:
    """Ask a team for what is left."""
    try:
        team = keep.nudge_team(db.session, team_id, _day(request.form.get("day", "")), _doer())
    except (keep.NothingLeft, keep.NudgedJustNow) as refusal:
        return _not_now(refusal)
    return _nudged(team.name)


@desk_deliveries.route("/suppliers/<int:supplier_id>/nudge", methods=["POST"])
@requires(Role.OFFICE)
def nudge_supplier(supplier_id: int) -> ResponseReturnValue:
    """Ask a supplier for what is in no run yet."""
    try:
        firm = keep.nudge_supplier(db.session, supplier_id, _day(request.form.get("day", "")), _doer())
    except (keep.NothingLeft, keep.NudgedJustNow) as refusal:
        return _not_now(refusal)
    return _nudged(firm.name)


def _nudged(name: str) -> ResponseReturnValue:
    db.session.commit()
    flash(_("%(name)s is told what is left.", name=name), "good")
    return _back()


def _not_now(refusal: MarketError) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(refusal), "warn")
    return _back()


def _back() -> ResponseReturnValue:
    here = _here(_day(request.form.get("day", "")), request.form)
    return redirect(url_for(".index", **here) + ("#list" if "show" in here else ""), code=303)


def _doer() -> Doer:
    return Doer(current_user.username, clock.now())
