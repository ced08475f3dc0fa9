"""Pages about shortages: declaring one on a manifest, seeing what it did, calling whom it concerns, taking it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from orders.forms import ReasonForm
from orders.payments.settle import ChangedMeanwhile
from people.models import Role
from people.sessions import requires
from suppliers.access import is_over
from suppliers.downloads.views import log_view, mine
from suppliers.models import Manifest
from suppliers.queries import newest_number
from suppliers.shortages import calls, queries
from suppliers.shortages.declare import Missing, share_out
from suppliers.shortages.forms import RULES, AnswerForm, ShortageForm
from suppliers.shortages.models import Outcome, Shortage
from suppliers.shortages.outlook import look_at
from suppliers.shortages.plan import Book, MoreThanThere, NotOnIt, Plan, plan_of
from suppliers.shortages.withdraw import withdraw

shortages = Blueprint("shortages", __name__, url_prefix="/suppliers")


@shortages.route("/manifests/<number>/shortages", methods=["GET", "POST"])
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def index(number: str) -> ResponseReturnValue:
    """What is missing? First shown who goes without and what they get, then declared."""
    manifest = mine(number)
    form = ShortageForm(items=Book(db.session, manifest.batch_id).items)
    if not form.validate_on_submit():
        return _ask(manifest, form, 422 if form.is_submitted() else 200)
    try:
        if not form.seen.data or "again" in request.form:
            return _show(manifest, form)
        shortage = _declare(manifest, form)
    except (NotOnIt, MoreThanThere) as refusal:
        db.session.rollback()
        (form.item if isinstance(refusal, NotOnIt) else form.quantity).errors = [str(refusal)]
        return _ask(manifest, form, refusal.status)
    except ChangedMeanwhile as refusal:
        db.session.rollback()
        form.form_errors = [str(refusal)]
        return _show(manifest, form, refusal.status)
    flash(_("Declared. The manifest was made anew: fetch it again before you pack."), "good")
    return redirect(url_for(".show", shortage_id=shortage.id), code=303)


def _ask(manifest: Manifest, form: ShortageForm, status: int, plan: Plan | None = None) -> ResponseReturnValue:
    page = render_template(
        "suppliers/shortages.html",
        manifest=manifest,
        form=form,
        plan=plan,
        rules=RULES,
        declared=queries.shortages_of_batch(db.session, manifest.batch_id),
    )
    return page, status


def _show(manifest: Manifest, form: ShortageForm, status: int = 200) -> ResponseReturnValue:
    """What would happen, with what was typed kept; its digest is posted back."""
    plan = plan_of(db.session, manifest.batch_id, form.chosen, form.missing, instead=form.instead.data or "")
    form.seen.data = plan.digest
    return _ask(manifest, form, status, plan)


def _declare(manifest: Manifest, form: ShortageForm) -> Shortage:
    shortage = share_out(
        db.session,
        manifest.batch,
        Missing(*form.chosen, form.missing, form.instead.data or ""),
        Doer(current_user.username, clock.now(), form.because.data or ""),
        attempt=form.attempt.data or None,
        seen=form.seen.data,
        vouches=_is_office(),
    )
    db.session.commit()
    return shortage


def _is_office() -> bool:
    return bool(current_user.role is Role.OFFICE)


@shortages.route("/shortages/<int:shortage_id>")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def show(shortage_id: int) -> ResponseReturnValue:
    """Who goes without, what each gets, whom to call."""
    return _page(_mine(shortage_id))


def _page(shortage: Shortage, form: AnswerForm | None = None, reason: ReasonForm | None = None) -> ResponseReturnValue:
    """``form``: an answer that was faulty; ``reason``: why it should be taken back, faulty."""
    number = newest_number(db.session, shortage.batch_id)
    log_view(mine(number), "shortage")
    db.session.commit()
    people = current_user.sees_people and not is_over(db.session, shortage.batch, current_user, clock.now())
    page = render_template(
        "suppliers/shortage.html",
        shortage=shortage,
        number=number,
        seen=look_at(db.session, shortage, people=people),
        answered=form,
        reason=reason or ReasonForm(formdata=None),
        rules=RULES,
        office=_is_office(),
    )
    return page, 422 if form or reason else 200


@shortages.route("/shortages/<int:shortage_id>/answer", methods=["POST"])
@requires(Role.SUPPLIER, Role.OFFICE)
def answer(shortage_id: int) -> ResponseReturnValue:
    """What a resident said on the phone."""
    shortage, form = _mine(shortage_id), AnswerForm()
    if not form.validate_on_submit() and form.errors.keys() - {"instead"}:
        raise MarketError(_("That answer was not understood. Go back and try again."))
    if form.errors or not _answered(shortage, form):
        db.session.rollback()
        return _page(_mine(shortage_id), form)
    db.session.commit()
    flash(_("Noted, with your name and the time."), "good")
    return redirect(url_for(".show", shortage_id=shortage_id), code=303)


def _answered(shortage: Shortage, form: AnswerForm) -> bool:
    by, at, order_id = current_user.username, clock.now(), form.order.data or 0
    if form.became.data == Outcome.REFUND:
        calls.refund(db.session, shortage, order_id, by=by, at=at, vouches=_is_office())
        return True
    try:
        calls.agree(db.session, shortage, order_id, instead=form.instead.data or "", by=by, at=at)
    except calls.NothingAgreed as refusal:
        form.instead.errors = [str(refusal)]
        return False
    return True


@shortages.route("/shortages/<int:shortage_id>/leave", methods=["POST"])
@requires(Role.SUPPLIER, Role.OFFICE)
def leave(shortage_id: int) -> ResponseReturnValue:
    """The courier leaves: who was not reached gets the money back."""
    by, at = current_user.username, clock.now()
    many = calls.give_up_calling(db.session, _mine(shortage_id), by=by, at=at, vouches=_is_office())
    db.session.commit()
    words = ngettext("%(num)s household gets its money back.", "%(num)s households get their money back.", many)
    flash(words, "good")
    return redirect(url_for(".show", shortage_id=shortage_id), code=303)


@shortages.route("/shortages/<int:shortage_id>/withdraw", methods=["POST"])
@requires(Role.OFFICE)
def take_back(shortage_id: int) -> ResponseReturnValue:
    """It was a mistake, or the goods came after all."""
    shortage, form = _mine(shortage_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(shortage, reason=form)
    withdraw(db.session, shortage, by=current_user.username, at=clock.now(), because=form.because.data or "")
    db.session.commit()
    flash(_("Taken back: nothing of it goes back to residents, and the manifest was made anew."), "good")
    return redirect(url_for(".show", shortage_id=shortage_id), code=303)


def _mine(shortage_id: int) -> Shortage:
    """The shortage, if it is the signed-in supplier's own (the office sees all); another's is like a missing one."""
    found = queries.shortage_by_id(db.session, shortage_id)
    if found is None or current_user.supplier_id not in (None, found.supplier_id):
        raise NotFound(_("There is no such shortage among yours."))
    return found
