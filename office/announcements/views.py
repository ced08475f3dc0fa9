"""Announcements at the office's desk: all of them, writing one with a look at it first, taking one back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from office.announcements.forms import AnnouncementForm
from orders.forms import ReasonForm
from people.models import Role
from people.queries import wards
from people.sessions import requires
from shop.announcements import Draft, publish, withdraw, written
from shop.models import Announcement
from shop.queries import all_announcements

announcements = Blueprint("announcements", __name__, url_prefix="/desk/announcements")

PAGE = 40


@announcements.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """All announcements, newest first, those that are over among them."""
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    found = all_announcements(db.session, most=PAGE + 1, after=(number - 1) * PAGE)
    return render_template(
        "desk/announcements.html", announcements=found[:PAGE], number=number, more=len(found) > PAGE, now=clock.now()
    )


@announcements.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE)
def write() -> ResponseReturnValue:
    """Write one; nothing is published before the writer has asked for it, and it can be looked at first."""
    form = AnnouncementForm()
    form.offer_wards(wards(db.session))
    if not form.validate_on_submit():
        return _ask(form, None, 422 if form.is_submitted() else 200)
    draft = _draft(form)
    if request.form.get("do") != "publish":
        return _ask(form, draft, 200)
    made = publish(db.session, draft, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The announcement is published."), "good")
    return redirect(url_for(".show", announcement_id=made.id), code=303)


def _draft(form: AnnouncementForm) -> Draft:
    return Draft(
        ward=next((ward for ward in wards(db.session) if str(ward.id) == form.ward.data), None),
        title=form.title.data or "",
        body=form.body.data or "",
        title_en=form.title_en.data or "",
        body_en=form.body_en.data or "",
        expires_at=form.until,
    )


def _ask(form: AnnouncementForm, draft: Draft | None, status: int) -> ResponseReturnValue:
    preview = written(draft, by=current_user, at=clock.now()) if draft else None
    where = draft.ward if draft else None
    return render_template("desk/announce.html", form=form, preview=preview, where=where), status


@announcements.route("/<int:announcement_id>")
@requires(Role.OFFICE)
def show(announcement_id: int) -> ResponseReturnValue:
    """One announcement, as residents see it, and what became of it."""
    return _page(_load(announcement_id), ReasonForm(formdata=None))


@announcements.route("/<int:announcement_id>/withdraw", methods=["POST"])
@requires(Role.OFFICE)
def take_back(announcement_id: int) -> ResponseReturnValue:
    """Show it no longer, with the reason on record."""
    found, form = _load(announcement_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(found, form)
    withdraw(found, by=current_user, at=clock.now(), because=form.because.data or "")
    db.session.commit()
    flash(_("The announcement is withdrawn. Residents no longer see it."), "good")
    return redirect(url_for(".show", announcement_id=found.id), code=303)


def _page(found: Announcement, form: ReasonForm) -> ResponseReturnValue:
    page = render_template("desk/announcement.html", announcement=found, form=form, now=clock.now())
    return page, 422 if form.errors else 200


def _load(announcement_id: int) -> Announcement:
    found = db.session.get(Announcement, announcement_id)
    if found is None:
        raise NotFound(_("There is no such announcement."))
    return found
