"""Staff at the office's desk: for its heads."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import KeepForm, differences
from kernel.paging import matching, page_of
from kernel.queries import changes_of
from people.desk import staff as keep
from people.desk.forms import NewStaffForm, StaffForm
from people.models import Role, Staff
from people.queries import active_suppliers, all_staff, live_sign_ins, signed_in_since, username_taken
from people.sessions import requires

staff = Blueprint("staff", __name__, url_prefix="/desk/admin/staff")


@staff.route("")
@requires(Role.OFFICE, manages=True)
def index() -> ResponseReturnValue:
    """Everybody who may sign in, or once might."""
    asked = request.args.get("q", "")
    found = matching(all_staff(db.session), asked, lambda one: (one.username, one.name, _works_for(one)))
    since = signed_in_since(db.session, clock.now())
    return render_template("desk/admin/staff.html", found=page_of(found), q=asked, since=since)


def _works_for(one: Staff) -> str:
    firm = one.supplier.name if one.supplier else str(_("the office"))
    return f"{firm} {one.team.name}" if one.team else firm


@staff.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE, manages=True)
def new() -> ResponseReturnValue:
    """Add somebody; the start password is shown on the answer, once."""
    form = NewStaffForm(data={"delivers": True})
    form.offer(active_suppliers(db.session))
    if not form.validate_on_submit():
        return _ask(form, 422 if form.is_submitted() else 200)
    if username_taken(db.session, form.username.data or ""):
        return _taken(form)
    made = Staff(
        username=form.username.data,
        name=form.name.data,
        role=Role.SUPPLIER if form.firm_id else Role.OFFICE,
        supplier_id=form.firm_id,
        manages=form.manages.data,
        delivers=form.delivers.data or not form.firm_id,
    )
    try:
        password = keep.add(db.session, made, _me())
        db.session.commit()
    except IntegrityError:  # somebody took the name at the same moment
        db.session.rollback()
        return _taken(form)
    return render_template("desk/admin/start_password.html", who=made, password=password), 201


def _taken(form: NewStaffForm) -> ResponseReturnValue:
    form.username.errors = [_("Somebody has this sign-in name already.")]
    return _ask(form, 422)


def _ask(form: NewStaffForm, status: int) -> ResponseReturnValue:
    return render_template("desk/admin/staff_new.html", form=form), status


@staff.route("/<int:staff_id>", methods=["GET", "POST"])
@requires(Role.OFFICE, manages=True)
def show(staff_id: int) -> ResponseReturnValue:
    """One account: its name and rights, its sessions, its history."""
    who = _load(staff_id)
    form = StaffForm(data={**keep.facts(who), "version": str(who.version)})
    if not form.validate_on_submit():
        return _page(who, form, 422 if form.is_submitted() else 200)
    try:
        manages, seen = bool(form.manages.data), form.version.data
        delivers = bool(form.delivers.data)
        keep.change(
            db.session, who, name=form.name.data or "", manages=manages, delivers=delivers, seen=seen, doer=_me()
        )
    except MarketError as refusal:
        return _refuse(staff_id, form, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", staff_id=staff_id), code=303)


def _refuse(staff_id: int, form: StaffForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed, beside what somebody else has saved meanwhile."""
    db.session.rollback()
    who = _load(staff_id)
    if not isinstance(refusal, Overtaken):
        form.manages.errors = [str(refusal)]
        return _page(who, form, refusal.status)
    form.version.data = str(who.version)
    both = list(differences(form, keep.facts(who)))
    return _page(who, form, refusal.status, overtaken=refusal, both=both)


def _page(who: Staff, form: StaffForm, status: int, **more: object) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/staff_one.html",
        who=who,
        form=form,
        plain=KeepForm(formdata=None, version=str(who.version)),
        sessions=live_sign_ins(db.session, who.id, clock.now()),
        changes=changes_of(db.session, keep.KIND, who.id),
        **more,
    )
    return page, status


@staff.route("/<int:staff_id>/reset-password", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def reset_password(staff_id: int) -> ResponseReturnValue:
    """Give somebody else a start password, shown on the answer, once."""
    who = _load(staff_id)
    password = keep.reset_password(db.session, who, seen=KeepForm().version.data, doer=_me())
    db.session.commit()
    return render_template("desk/admin/start_password.html", who=who, password=password)


@staff.route("/<int:staff_id>/active", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def switch(staff_id: int) -> ResponseReturnValue:
    """Switch an account off, with all its sessions, or on again."""
    who, active = _load(staff_id), request.form.get("active") == "yes"
    keep.switch(db.session, who, active=active, seen=KeepForm().version.data, doer=_me())
    db.session.commit()
    flash(_("%(who)s can sign in.", who=who.name) if active else _("%(who)s is signed out for good.", who=who.name))
    return redirect(url_for(".show", staff_id=staff_id), code=303)


@staff.route("/<int:staff_id>/sign-out", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def sign_out(staff_id: int) -> ResponseReturnValue:
    """End every session of somebody; they can sign in again."""
    ended = keep.sign_out(db.session, _load(staff_id), _me())
    db.session.commit()
    flash(_("Sessions ended: %(many)s.", many=ended), "good")
    return redirect(url_for(".show", staff_id=staff_id), code=303)


def _me() -> Doer:
    return Doer(current_user.username, clock.now())


def _load(staff_id: int) -> Staff:
    found = db.session.get(Staff, staff_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return found
