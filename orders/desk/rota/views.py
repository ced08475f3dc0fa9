"""The rota at the office's desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.forms import differences
from kernel.queries import changes_of
from orders.desk.rota.forms import RotaForm, facts, rota_form
from orders.rota.keep import KIND, rows_of, rule_of, save
from orders.rota.turns import rota_words
from people.models import Role
from people.queries import wards
from people.sessions import requires

rota = Blueprint("rota", __name__, url_prefix="/desk/admin/rounds/rota")


@rota.route("", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show() -> ResponseReturnValue:
    """Once in how many days a household orders; shown as residents read it before it is saved, where asked."""
    all_wards, (city, _own) = wards(db.session), rows_of(db.session)
    form = rota_form(all_wards, rule_of(db.session), city.version, typed=request.method == "POST")
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    if "preview" in request.form:
        words = {ward.name: rota_words(form.rule().days_for(ward.id)) for ward in all_wards}
        return _page(form, 200, preview=words)
    try:
        doer = Doer(current_user.username, clock.now(), form.because.data or "")
        many = save(db.session, all_wards, form.rule(), seen=form.version.data, doer=doer)
    except Overtaken as refusal:
        db.session.rollback()
        form.version.data = str(rows_of(db.session)[0].version)
        kept = {field.name: "" for field in form.own} | facts(rule_of(db.session))
        return _page(form, refusal.status, overtaken=refusal, both=list(differences(form, kept)))
    db.session.commit()
    flash(_("Rules changed: %(many)s.", many=many), "good")
    return redirect(url_for(".show"), code=303)


def _page(form: RotaForm, status: int, **more: object) -> ResponseReturnValue:
    changes = changes_of(db.session, KIND, rows_of(db.session)[0].id)
    return render_template("desk/admin/rota.html", form=form, changes=changes, **more), status
