"""The office's pages of complaints: what waits, one with all that is known of it, and what becomes of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import tidy
from kernel.paging import screen_of
from orders.deductions.again import PaidBack
from orders.payments.settle import ChangedMeanwhile
from people.models import Role
from people.sessions import requires
from suppliers.complaints import decide, photos, queries
from suppliers.complaints.forms import AcceptForm, RefuseForm, UndoForm
from suppliers.complaints.models import Complaint
from suppliers.complaints.suggest import suggested
from suppliers.complaints.wording import kind_words, stand_words

desk_complaints = Blueprint("desk_complaints", __name__, url_prefix="/desk/complaints")


@desk_complaints.app_template_global("complaining")
def complaining() -> int:
    """How many complaints wait, for the desk's menu."""
    return queries.count_waiting(db.session)


@desk_complaints.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What waits, oldest first; what was decided; what is to be given back by hand."""
    decided = request.args.get("show") == "decided"
    listed = queries.decided_complaints if decided else queries.waiting_complaints
    return render_template(
        "desk/complaints.html",
        decided=decided,
        screen=screen_of(lambda most, skip: listed(db.session, most=most, skip=skip)),
        by_hand=[] if decided else queries.by_hand(db.session),
        now=clock.now(),
        kind_words=kind_words,
        stand_words=stand_words,
    )


@desk_complaints.route("/<int:complaint_id>")
@requires(Role.OFFICE)
def show(complaint_id: int) -> ResponseReturnValue:
    """One complaint beside its order, its line and what was told at the door."""
    return _page(_load(complaint_id))


def _page(
    complaint: Complaint,
    *,
    accept: AcceptForm | None = None,
    refuse: RefuseForm | None = None,
    undo: UndoForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """With the form that was faulty, if one was."""
    version = str(complaint.version)
    worth = suggested(db.session, complaint) if complaint.waits else 0
    page = render_template(
        "desk/complaint.html",
        complaint=complaint,
        left=sum(decide.left_of(db.session, complaint).values()),
        accept=accept or AcceptForm(formdata=None, version=version, amount=str(worth or "")),
        refuse=refuse or RefuseForm(formdata=None, version=version),
        undo=undo or UndoForm(formdata=None, version=version),
        faulty=accept or refuse or undo,
        entries=queries.entries_of(db.session, complaint.id),
        door=queries.door_events_of(db.session, complaint.parcel_id),
        kind_words=kind_words,
        stand_words=stand_words,
    )
    return page, status


@desk_complaints.route("/<int:complaint_id>.webp")
@requires(Role.OFFICE)
def photo(complaint_id: int) -> ResponseReturnValue:
    """Its photograph."""
    return photos.answer(_load(complaint_id))


@desk_complaints.route("/<int:complaint_id>/accept", methods=["POST"])
@requires(Role.OFFICE)
def accept(complaint_id: int) -> ResponseReturnValue:
    """So much goes back."""
    complaint, form = _load(complaint_id), AcceptForm()
    if not form.validate_on_submit():
        return _page(complaint, accept=form, status=422)
    try:
        answer, amount = form.answer.data or "", form.amount.amount or 0
        decide.accept(db.session, complaint, amount, answer=answer, seen=form.version.data, doer=_doer())
    except (decide.MoreThanLeft, decide.NothingGoesBack) as refusal:
        db.session.rollback()
        form.amount.errors = [str(refusal)]
        return _page(_load(complaint_id), accept=form, status=refusal.status)
    except (ChangedMeanwhile, Overtaken) as refusal:
        return _overtaken(complaint_id, refusal, form)
    db.session.commit()
    flash(_("Accepted. The resident is told, and the refund waits for a second pair of eyes."), "good")
    return redirect(url_for(".show", complaint_id=complaint_id), code=303)


@desk_complaints.route("/<int:complaint_id>/refuse", methods=["POST"])
@requires(Role.OFFICE)
def refuse(complaint_id: int) -> ResponseReturnValue:
    """Nothing goes back."""
    complaint, form = _load(complaint_id), RefuseForm()
    if not form.validate_on_submit():
        return _page(complaint, refuse=form, status=422)
    try:
        decide.refuse(db.session, complaint, answer=form.because.data or "", seen=form.version.data, doer=_doer())
    except (ChangedMeanwhile, Overtaken) as refusal:
        return _overtaken(complaint_id, refusal, form)
    db.session.commit()
    flash(_("Refused. The resident is told why."), "good")
    return redirect(url_for(".show", complaint_id=complaint_id), code=303)


@desk_complaints.route("/<int:complaint_id>/undo", methods=["POST"])
@requires(Role.OFFICE)
def undo(complaint_id: int) -> ResponseReturnValue:
    """It was accepted by mistake."""
    complaint, form = _load(complaint_id), UndoForm()
    if not form.validate_on_submit():
        return _page(complaint, undo=form, status=422)
    try:
        decide.undo(db.session, complaint, seen=form.version.data, doer=_doer(form.because.data or ""))
    except (ChangedMeanwhile, Overtaken, PaidBack) as refusal:
        return _overtaken(complaint_id, refusal, form)
    db.session.commit()
    flash(_("Taken back: nothing of it goes back to the resident, who is told so."), "good")
    return redirect(url_for(".show", complaint_id=complaint_id), code=303)


@desk_complaints.route("/<int:complaint_id>/given-back", methods=["POST"])
@requires(Role.OFFICE)
def given_back(complaint_id: int) -> ResponseReturnValue:
    """Money from before the city moved in is with its resident again."""
    because = tidy(request.form.get("because", ""))[:200]
    complaint = _load(complaint_id)
    if not because:
        raise MarketError(_("Say how it was given back, for example “in cash, receipt 12”. Go back and try again."))
    decide.given_back(db.session, complaint, _doer(because))
    db.session.commit()
    flash(_("Noted: it was given back."), "good")
    return redirect(url_for(".show", complaint_id=complaint_id), code=303)


def _overtaken(complaint_id: int, refusal: MarketError, form: FlaskForm) -> ResponseReturnValue:
    """As it stands now, with what was typed where that can still be sent."""
    db.session.rollback()
    complaint = _load(complaint_id)
    form.form_errors = [str(refusal)]
    names = {AcceptForm: "accept", RefuseForm: "refuse", UndoForm: "undo"}
    form.version.data = str(complaint.version)
    return _page(complaint, **{names[type(form)]: form}, status=refusal.status)


def _doer(because: str = "") -> Doer:
    return Doer(current_user.username, clock.now(), because)


def _load(complaint_id: int) -> Complaint:
    found = queries.complaint_by_id(db.session, complaint_id)
    if found is None:
        raise NotFound(_("There is no such complaint."))
    return found
