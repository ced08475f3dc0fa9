"""The last orders of a round's wards at the office's desk."""

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
from kernel.queries import changes_of
from orders.desk.closes.forms import ClosesForm, closes_form, facts
from orders.desk.closes.keep import save
from orders.desk.rounds import plan
from orders.desk.rounds.forms import wall
from orders.queries import wards_with_orders
from people.models import Role
from people.queries import wards
from people.sessions import requires
from shop.models import Round

closes = Blueprint("closes", __name__, url_prefix="/desk/admin/rounds")


@closes.route("/<int:round_id>/closes", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(round_id: int) -> ResponseReturnValue:
    """Until when each ward orders and pays; shown as residents read it before it is saved, where asked."""
    delivery = _load(round_id)
    form = closes_form(wards(db.session), delivery, typed=request.method == "POST")
    if request.method == "POST" and (ward_id := request.form.get("close", "")):
        return _page(delivery, _closing(form, ward_id), 200, filled=True)
    if not form.validate_on_submit() or not form.fits(delivery):
        return _page(delivery, form, 422 if form.is_submitted() else 200)
    if "preview" in request.form:
        return _page(delivery, form, 200, preview=form.moments())
    try:
        doer = Doer(current_user.username, clock.now(), form.because.data or "")
        many = save(db.session, delivery, wards(db.session), form.moments(), seen=form.version.data, doer=doer)
    except MarketError as refusal:
        return _refuse(round_id, form, refusal)
    db.session.commit()
    flash(_("Wards changed: %(many)s.", many=many), "good")
    return redirect(url_for(".show", round_id=round_id), code=303)


def _closing(form: ClosesForm, ward_id: str) -> ClosesForm:
    """The form with this moment as the last one of a ward; not saved yet."""
    for field in form.times:
        if str(field.ward_id) == ward_id:
            field.raw_data, field.data = None, wall(clock.now())
            form.closed_now.data = True
    return form


def _refuse(round_id: int, form: ClosesForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed; the refusal stands at the question that it answers."""
    db.session.rollback()
    delivery = _load(round_id)
    if isinstance(refusal, Overtaken):
        form.version.data = str(delivery.version)
        kept = {field.name: None for field in form.times} | dict(facts(delivery))
        return _page(delivery, form, refusal.status, overtaken=refusal, both=list(differences(form, kept)))
    if isinstance(refusal, plan.ReasonNeeded):
        form.because.errors = [str(refusal)]
    else:
        form.form_errors = [str(refusal)]
    return _page(delivery, form, refusal.status)


def _page(delivery: Round, form: ClosesForm, status: int, **more: object) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/closes.html",
        round=delivery,
        form=form,
        wards={ward.id: ward for ward in wards(db.session)},
        ordered=wards_with_orders(db.session, delivery.id),
        now=clock.now(),
        changes=changes_of(db.session, plan.KIND, delivery.id),
        **more,
    )
    return page, status


def _load(round_id: int) -> Round:
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound(_("There is no such delivery round."))
    return found
