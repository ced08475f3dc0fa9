"""Wards at the office's desk: how each stands, and what was ordered there."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import differences
from kernel.paging import screen_of
from kernel.queries import changes_of
from orders.desk.wards.forms import StandingForm
from orders.queries import count_to_deliver, orders_to_deliver
from people.models import Role, WardRow
from people.queries import wards
from people.sessions import requires
from shop.wards import KIND, Apart, NothingChanged, apart_of, set_standing

ward_desk = Blueprint("ward_desk", __name__, url_prefix="/desk/admin/rounds/wards")


@ward_desk.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every ward: how it stands, since when and why, and how many orders have not left."""
    return render_template("desk/admin/wards.html", wards=wards(db.session), waiting=count_to_deliver(db.session))


@ward_desk.route("/<int:ward_id>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(ward_id: int) -> ResponseReturnValue:
    """Lock a ward, open it, or put it first; shown as its residents read it before it is saved, where asked."""
    ward = _load(ward_id)
    form = StandingForm(data=_facts(ward) | {"version": str(ward.version)})
    if not form.validate_on_submit():
        return _page(ward, form, 422 if form.is_submitted() else 200)
    if "preview" in request.form:
        return _page(ward, form, 200, preview=_as_it_would_be(ward, form))
    try:
        doer = Doer(current_user.username, clock.now(), form.because.data or "")
        set_standing(db.session, ward, form.chosen, seen=form.version.data, doer=doer)
    except MarketError as refusal:
        return _refuse(ward_id, form, refusal)
    db.session.commit()
    flash(_("Saved. The shop shows it from now on."), "good")
    return redirect(url_for(".show", ward_id=ward_id), code=303)


def _facts(ward: WardRow) -> dict[str, object]:
    return {"standing": ward.standing.value, "because": ward.standing_because}


def _as_it_would_be(ward: WardRow, form: StandingForm) -> Apart:
    """The ward as residents would read of it; nothing is kept of that."""
    since = ward.standing_since if form.chosen is ward.standing else clock.now()
    fresh = WardRow(
        name=ward.name, standing=form.chosen, standing_because=form.because.data or "", standing_since=since
    )
    return apart_of(fresh)


def _refuse(ward_id: int, form: StandingForm, refusal: MarketError) -> ResponseReturnValue:
    db.session.rollback()
    ward = _load(ward_id)
    if isinstance(refusal, Overtaken):
        form.version.data = str(ward.version)
        both = list(differences(form, _facts(ward)))
        return _page(ward, form, refusal.status, overtaken=refusal, both=both)
    field = form.standing if isinstance(refusal, NothingChanged) else form.because
    field.errors = [str(refusal)]
    return _page(ward, form, refusal.status)


def _page(ward: WardRow, form: StandingForm, status: int, **more: object) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/ward.html",
        ward=ward,
        form=form,
        found=screen_of(lambda most, skip: orders_to_deliver(db.session, ward.id, most=most, skip=skip)),
        changes=changes_of(db.session, KIND, ward.id),
        **more,
    )
    return page, status


def _load(ward_id: int) -> WardRow:
    """A ward of the city as it orders now; those of 2025 take no orders."""
    found = next((each for each in wards(db.session) if each.id == ward_id), None)
    if found is None:
        raise NotFound(_("There is no such ward."))
    return found
