"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, note, take_turn
from kernel.database import db
from kernel.languages import is_ours
from people import sessions
from people.forms import PasswordForm, SignInForm
from people.models import Role, Staff
from people.passwords import fits, hashed
from people.sessions import requires

people = Blueprint("people", __name__)

HOMES = {Role.OFFICE: "desk.inbox", Role.SUPPLIER: "suppliers.home", Role.COURIER: "courier.home"}


@people.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; lead on to the page that was asked for, or home."""
    if current_user.is_authenticated:
        return redirect(url_for(HOMES[current_user.role]))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form)
    try:
        staff = _try(form)
    except sessions.WrongSignIn as refusal:
        form.password.errors = [str(refusal)]
        return render_template("people/sign_in.html", form=form), refusal.status
    return redirect(_onward(staff))


def _try(form: SignInForm) -> Staff:
    username = (form.username.data or "").strip()
    sessions.count_try(db.session, username=username, address=request.remote_addr or "")
    db.session.commit()
    staff = sessions.sign_in(db.session, username=username, password=form.password.data or "")
    db.session.commit()
    return staff


def _onward(staff: Staff) -> str:
    """The page that was asked for, if it is one of ours (a path, never another host), else the role's home."""
    wanted = request.args.get("next", "")
    return wanted if is_ours(wanted) else url_for(HOMES[staff.role])


@people.route("/sign-out", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """End this session for good, on the server too."""
    sessions.sign_out(db.session)
    db.session.commit()
    flash(_("You are signed out."), "good")
    return redirect(url_for("people.sign_in"))


@people.route("/account/password", methods=["GET", "POST"])
@requires(*Role, start_password_will_do=True)
def password() -> ResponseReturnValue:
    """Everybody changes their own password here; all their other browsers are signed out."""
    form = PasswordForm(current_user.username)
    if not form.validate_on_submit():
        return render_template("people/password.html", form=form), 422 if form.is_submitted() else 200
    sessions.count_try(db.session, username=current_user.username, address=request.remote_addr or "")
    db.session.commit()
    if not fits(form.old.data or "", current_user.password_hash):
        form.old.errors = [_("This is not your present password.")]
        return render_template("people/password.html", form=form), 422
    _change_password(db.session.get_one(Staff, current_user.id), form.new.data or "")
    flash(_("Your password is changed. Your other browsers are signed out."), "good")
    return redirect(url_for(HOMES[current_user.role]), code=303)


def _change_password(staff: Staff, new: str) -> None:
    take_turn(db.session, staff, str(staff.version))  # a reset that came between stands
    staff.password_hash, staff.must_change = hashed(new), False
    sessions.sign_out_everywhere(db.session, staff.id, but_here=True)
    note(db.session, "staff", staff.id, {}, {"password": "·"}, Doer(staff.username, clock.now()))
    db.session.commit()
