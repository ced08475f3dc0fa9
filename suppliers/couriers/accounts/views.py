"""Couriers' accounts: many from a table, looked at first; one by one switched, let last longer, given a password."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Overtaken
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import KeepForm
from kernel.queries import changes_of
from people.desk import staff as keep
from people.models import Role, Staff
from people.queries import live_sign_ins
from people.sessions import requires
from suppliers.couriers.accounts import enter, shown
from suppliers.couriers.accounts.enter import Slip
from suppliers.couriers.accounts.plan import Planned, is_good, plan
from suppliers.couriers.accounts.upload import TableFault, read
from suppliers.couriers.forms import LastsForm, UploadForm
from suppliers.couriers.keep import end_of, last_day
from suppliers.couriers.queries import courier_by_id
from suppliers.couriers.views import listed, me

couriers_accounts = Blueprint("couriers_accounts", __name__, url_prefix="/suppliers/teams")


@couriers_accounts.route("", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def look() -> ResponseReturnValue:
    """Read a table and show what each line would do. Nothing is written."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _ask(form, 422)
    content = form.file.data.read()
    db.session.rollback()  # parsing must not hold a transaction
    try:
        rows = read(content)
    except TableFault as refusal:
        form.file.errors = [str(refusal)]
        return _ask(form, refusal.status)
    return _looked_at(plan(db.session, current_user.supplier_id, rows), 200)


def _ask(form: UploadForm, status: int) -> ResponseReturnValue:
    return render_template("suppliers/couriers/index.html", **listed(), form=form), status


def _looked_at(lines: Sequence[Planned], status: int, refusal: str = "") -> ResponseReturnValue:
    good = is_good(lines)
    page = render_template(
        "suppliers/couriers/look.html",
        lines=lines,
        good=good,
        packed=shown.pack(current_user.supplier_id, lines) if good else "",
        refusal=refusal,
        last_day=last_day,
    )
    return page, status if good else 422


@couriers_accounts.route("/accounts", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def make() -> ResponseReturnValue:
    """Make what was shown, all of it or nothing; the start passwords are on the answer, once."""
    mine, doer = current_user.supplier_id, me()
    told = shown.unpack(request.form.get("packed", ""), mine)
    db.session.rollback()
    passwords = enter.passwords_for(told)
    try:
        slips, moved = enter.enter(db.session, mine, told, passwords=passwords, doer=doer)
        db.session.commit()
    except (enter.ChangedMeanwhile, Overtaken) as refusal:
        db.session.rollback()
        return _looked_at(plan(db.session, mine, told.rows), refusal.status, str(refusal))
    return _slips(slips, moved), 201


def _slips(slips: Sequence[Slip], moved: Sequence[Staff] = ()) -> str:
    sign_in_at = url_for("people.sign_in", _external=True)
    return render_template(
        "suppliers/couriers/slips.html", slips=slips, moved=moved, sign_in_at=sign_in_at, last_day=last_day
    )


@couriers_accounts.route("/couriers/<int:courier_id>")
@requires(Role.SUPPLIER, delivers=True)
def show(courier_id: int) -> ResponseReturnValue:
    """One courier's account: its end, its password, its history."""
    who = _load(courier_id)
    return _page(who, LastsForm(formdata=None, last_day=last_day(who)), 200)


def _page(who: Staff, form: LastsForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "suppliers/couriers/courier.html",
        who=who,
        form=form,
        last_day=last_day(who),
        now=clock.now(),
        sessions=live_sign_ins(db.session, who.id, clock.now()),
        changes=changes_of(db.session, keep.KIND, who.id),
    )
    return page, status


@couriers_accounts.route("/couriers/<int:courier_id>/lasts", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def lasts(courier_id: int) -> ResponseReturnValue:
    """Let an account end on another day."""
    who, form = _load(courier_id), LastsForm()
    if not form.validate_on_submit() or form.last_day.data is None:
        return _page(who, form, 422)
    try:
        keep.lasts(db.session, who, ends_at=end_of(form.last_day.data), seen=form.version.data, doer=me())
    except keep.LastsTooLong as refusal:
        db.session.rollback()
        form.last_day.errors = [str(refusal)]
        return _page(_load(courier_id), form, refusal.status)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", courier_id=courier_id), code=303)


@couriers_accounts.route("/couriers/<int:courier_id>/reset-password", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def reset_password(courier_id: int) -> ResponseReturnValue:
    """Another start password, shown on the answer, once."""
    who = _load(courier_id)
    password = keep.reset_password(db.session, who, seen=KeepForm().version.data, doer=me())
    db.session.commit()
    return _slips([Slip(who, password)])


@couriers_accounts.route("/couriers/<int:courier_id>/active", methods=["POST"])
@requires(Role.SUPPLIER, delivers=True)
def switch(courier_id: int) -> ResponseReturnValue:
    """Switch an account off, with its sessions and its pass, or on again."""
    who, active = _load(courier_id), request.form.get("active") == "yes"
    keep.switch(db.session, who, active=active, seen=KeepForm().version.data, doer=me())
    db.session.commit()
    flash(_("%(who)s can sign in.", who=who.name) if active else _("%(who)s is signed out for good.", who=who.name))
    return redirect(url_for(".show", courier_id=courier_id), code=303)


def _load(courier_id: int) -> Staff:
    """The courier, if of the signed-in supplier; else as if there were none."""
    found = courier_by_id(db.session, courier_id)
    if found is None or found.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such courier among yours."))
    return found
