"""A supplier's teams: the list with the way in for a table of couriers, a team's page, its vehicles."""

from __future__ import annotations

from datetime import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import KeepForm, differences
from kernel.phones import display
from kernel.queries import changes_of
from people.models import Role, Team, Vehicle
from people.sessions import requires
from suppliers.couriers import keep
from suppliers.couriers.forms import TeamForm, UploadForm, VehicleForm
from suppliers.couriers.queries import courier_counts, couriers_of, teams_of

couriers = Blueprint("couriers", __name__, url_prefix="/suppliers/teams")


@couriers.route("")
@requires(Role.SUPPLIER, delivers=True)
def index() -> ResponseReturnValue:
    """The teams of the supplier who is signed in."""
    return render_template("suppliers/couriers/index.html", **listed(), form=UploadForm())


def listed() -> dict[str, object]:
    """What the list of teams shows."""
    mine = current_user.supplier_id
    return {"teams": teams_of(db.session, mine), "counts": courier_counts(db.session, mine)}


@couriers.route("/new", methods=["GET", "POST"])
@requires(Role.SUPPLIER, delivers=True)
def new() -> ResponseReturnValue:
    """Add a team."""
    form = TeamForm(data={"begins": time(7), "ends": time(19)})
    if not form.validate_on_submit():
        return _ask(form, 422 if form.is_submitted() else 200)
    try:
        team = keep.add(db.session, current_user.supplier_id, _about(form), me())
    except keep.NameTaken as refusal:
        db.session.rollback()
        form.name.errors = [str(refusal)]
        return _ask(form, refusal.status)
    db.session.commit()
    flash(_("Team “%(name)s” is kept. Now add its vehicles and couriers.", name=team.name), "good")
    return redirect(url_for(".show", team_id=team.id), code=303)


def _ask(form: TeamForm, status: int) -> ResponseReturnValue:
    return render_template("suppliers/couriers/new.html", form=form), status


@couriers.route("/<int:team_id>", methods=["GET", "POST"])
@requires(Role.SUPPLIER, delivers=True)
def show(team_id: int) -> ResponseReturnValue:
    """One team: what it serves, rides and who belongs to it; its history."""
    team = load(team_id)
    form = _kept(team) if request.method == "GET" else TeamForm()
    if not form.validate_on_submit():
        return _page(team, form, 422 if form.is_submitted() else 200)
    try:
        keep.change(db.session, team, _about(form), seen=form.version.data, doer=me())
    except MarketError as refusal:
        return _refuse(team_id, form, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", team_id=team_id), code=303)


def _kept(team: Team) -> TeamForm:
    data = {**keep.facts(team), "begins": team.begins, "ends": team.ends, "version": str(team.version)}
    return TeamForm(formdata=None, data=data)


def _about(form: TeamForm) -> keep.About:
    if form.begins.data is None or form.ends.data is None:
        raise TypeError("the form has not been validated")
    return keep.About(form.name.data or "", form.phone.data or "", form.begins.data, form.ends.data, form.served)


def _refuse(team_id: int, form: TeamForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed, beside what somebody else has saved meanwhile."""
    db.session.rollback()
    team = load(team_id)
    if not isinstance(refusal, Overtaken):
        form.name.errors = [str(refusal)]
        return _page(team, form, refusal.status)
    form.version.data, form.phone.data = str(team.version), display(form.phone.data or "")
    now = {**keep.facts(team), "phone": display(team.phone), "begins": team.begins, "ends": team.ends}
    return _page(team, form, refusal.status, overtaken=refusal, both=list(differences(form, now)))


def _page(team: Team, form: TeamForm, status: int, **more: object) -> ResponseReturnValue:
    told: dict[str, object] = {
        "vehicle_form": VehicleForm(formdata=None),
        "members": couriers_of(db.session, team.id),
        "changes": changes_of(db.session, keep.KIND, team.id),
        "last_day": keep.last_day,
        "now": clock.now(),
    }
    return render_template("suppliers/couriers/team.html", team=team, form=form, **{**told, **more}), status


@couriers.route("/<int:team_id>/active", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def switch(team_id: int) -> ResponseReturnValue:
    """Switch a team off, with its passes, or on again."""
    team, active = load(team_id), request.form.get("active") == "yes"
    keep.switch(db.session, team, active=active, seen=KeepForm().version.data, doer=me())
    db.session.commit()
    flash(_("“%(name)s” is switched on.", name=team.name) if active else _("“%(name)s” is off.", name=team.name))
    return redirect(url_for(".show", team_id=team_id), code=303)


@couriers.route("/<int:team_id>/vehicles", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def add_vehicle(team_id: int) -> ResponseReturnValue:
    """One more vehicle of a team."""
    team, form = load(team_id), VehicleForm()
    if not form.validate_on_submit():
        return _page(team, _kept(team), 422, vehicle_form=form)
    vehicle = Vehicle(name=form.name.data, plate=form.plate.data, bags=form.bags.number)
    try:
        keep.add_vehicle(db.session, team, vehicle, seen=form.version.data, doer=me())
    except keep.NameTaken as refusal:
        db.session.rollback()
        form.name.errors = [str(refusal)]
        team = load(team_id)
        return _page(team, _kept(team), refusal.status, vehicle_form=form)
    db.session.commit()
    flash(_("The vehicle is kept."), "good")
    return redirect(url_for(".show", team_id=team_id), code=303)


@couriers.route("/<int:team_id>/vehicles/<int:vehicle_id>/active", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def switch_vehicle(team_id: int, vehicle_id: int) -> ResponseReturnValue:
    """Take a vehicle off the road, or put it on again."""
    vehicle, active = _vehicle(load(team_id), vehicle_id), request.form.get("active") == "yes"
    keep.switch_vehicle(db.session, vehicle, active=active, seen=KeepForm().version.data, doer=me())
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", team_id=team_id), code=303)


def _vehicle(team: Team, vehicle_id: int) -> Vehicle:
    found = next((each for each in team.vehicles if each.id == vehicle_id), None)
    if found is None:
        raise NotFound(_("There is no such vehicle in this team."))
    return found


def me() -> Doer:
    """Who is signed in, now."""
    return Doer(current_user.username, clock.now())


def load(team_id: int) -> Team:
    """The team, if it is the signed-in supplier's own; else as if there were none."""
    found = db.session.get(Team, team_id)
    if found is None or found.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such team among yours."))
    return found
