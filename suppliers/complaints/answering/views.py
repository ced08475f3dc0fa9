"""A supplier's pages of complaints: those about its own goods, and its answer to the office."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from suppliers.complaints import photos, queries
from suppliers.complaints.decide import reply
from suppliers.complaints.forms import ReplyForm
from suppliers.complaints.models import Complaint
from suppliers.complaints.wording import kind_words, stand_words

supplier_complaints = Blueprint("supplier_complaints", __name__, url_prefix="/suppliers/complaints")


@supplier_complaints.route("")
@requires(Role.SUPPLIER)
def index() -> ResponseReturnValue:
    """About our goods, the newest first."""
    whose = current_user.supplier_id
    return render_template(
        "suppliers/complaints.html",
        screen=screen_of(lambda most, skip: queries.complaints_of_supplier(db.session, whose, most=most, skip=skip)),
        kind_words=kind_words,
        stand_words=stand_words,
    )


@supplier_complaints.route("/<int:complaint_id>", methods=["GET", "POST"])
@requires(Role.SUPPLIER)
def show(complaint_id: int) -> ResponseReturnValue:
    """One of them; what we say of it."""
    complaint, form = _mine(complaint_id), ReplyForm()
    if not form.validate_on_submit():
        return _page(complaint, form), 422 if form.is_submitted() else 200
    reply(db.session, complaint, form.reply.data or "", by=current_user.username, at=clock.now())
    db.session.commit()
    flash(_("Sent: the office sees it beside the complaint."), "good")
    return redirect(url_for(".show", complaint_id=complaint_id), code=303)


def _page(complaint: Complaint, form: ReplyForm) -> str:
    return render_template(
        "suppliers/complaint.html",
        complaint=complaint,
        form=form,
        people=current_user.sees_people,
        kind_words=kind_words,
        stand_words=stand_words,
    )


@supplier_complaints.route("/<int:complaint_id>.webp")
@requires(Role.SUPPLIER)
def photo(complaint_id: int) -> ResponseReturnValue:
    """Its photograph, for those who go to the doors: it may show more than goods."""
    complaint = _mine(complaint_id)
    if not current_user.sees_people:
        raise NotFound(_("There is no such picture."))
    return photos.answer(complaint)


def _mine(complaint_id: int) -> Complaint:
    """Another's is like a missing one."""
    found = queries.complaint_by_id(db.session, complaint_id)
    if found is None or found.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such complaint about your goods."))
    return found
