"""Refunds at the office's desk: what is owed to whom since when, and each refund's steps."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import BecauseForm
from orders.payments.feeds.queries import accounts
from orders.payments.refunds import keep
from orders.payments.refunds.batches.export import bank_name
from orders.payments.refunds.forms import ExportForm, NameForm
from orders.payments.refunds.models import Refund
from orders.payments.refunds.owed.queries import (
    Tab,
    count_back,
    count_unexplained,
    owed_in,
    refund_with_all,
    refunds_in,
    tab_of,
)
from orders.payments.refunds.payee import is_who_paid
from people.desk.staff import must_stand_apart
from people.models import Role
from people.sessions import requires

refunds = Blueprint("refunds", __name__, url_prefix="/desk/refunds")

PAGE = 40
MOST_PAGES = 10_000


class HeadNeeded(MarketError):
    """Money to an account that is not known to have paid: a head of the office agrees to that."""

    status = 403


def page_number() -> int:
    return min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)


@refunds.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What is owed to whom since when, by what it waits for."""
    owed, back = owed_in(db.session), count_back(db.session)
    tab, page = _tab(next((tab for tab, (many, _sum) in owed.items() if many), Tab.NAMING)), page_number()
    found = refunds_in(db.session, tab, most=PAGE + 1, after=(page - 1) * PAGE)
    form = ExportForm(formdata=None)
    form.offer(accounts(db.session))
    return render_template(
        "desk/refunds.html",
        refunds=found[:PAGE],
        tab=tab,
        owed=owed,
        back=back,
        unexplained=count_unexplained(db.session)[0],
        total=sum(amount for _many, amount in owed.values()),
        form=form,
        bank_name=bank_name,
        page=page,
        more=len(found) > PAGE,
    )


def _tab(usual: Tab) -> Tab:
    asked = request.args.get("tab", "")
    return Tab(asked) if asked in set(Tab) else usual


@refunds.route("/<int:refund_id>")
@requires(Role.OFFICE)
def show(refund_id: int) -> ResponseReturnValue:
    """One refund: to whom, why, who had a hand in it, and what is to be done next."""
    return _page(_load(refund_id))


def _page(refund: Refund, **faulty: BecauseForm | NameForm) -> ResponseReturnValue:
    forms: dict[str, BecauseForm | NameForm] = {
        "name_form": NameForm.about(refund),
        "refuse_form": BecauseForm(formdata=None),
        "stop_form": BecauseForm(formdata=None),
        **faulty,
    }
    page = render_template(
        "desk/refund.html",
        refund=refund,
        tab=tab_of(refund),
        who_paid=refund.forgotten_at is None and is_who_paid(refund.transfer, keep.payee_of(refund)),
        bank_name=bank_name,
        **forms,
    )
    return page, 422 if faulty else 200


@refunds.route("/<int:refund_id>/name", methods=["POST"])
@requires(Role.OFFICE)
def name(refund_id: int) -> ResponseReturnValue:
    """Say or confirm to which account it goes."""
    refund, form = _load(refund_id), NameForm()
    if not form.validate_on_submit():
        return _page(refund, name_form=form)
    try:
        keep.name(db.session, refund, form.payee, seen=form.version.data, doer=me())
    except keep.NotNamed as refusal:
        db.session.rollback()
        form.reason.errors = [str(refusal)]
        return _page(_load(refund_id), name_form=form)
    return _done(refund_id, _("The account is named. Now a second person approves."))


@refunds.route("/<int:refund_id>/approve", methods=["POST"])
@requires(Role.OFFICE)
def approve(refund_id: int) -> ResponseReturnValue:
    """The second person agrees: it goes into the next batch."""
    refund = _load(refund_id)
    if not current_user.manages and not is_who_paid(refund.transfer, keep.payee_of(refund)):
        raise HeadNeeded(
            _("This does not go to an account that is known to have paid. A head of the office has to approve it.")
        )
    for other in (refund.proposed_by, refund.named_by or ""):
        must_stand_apart(current_user, other, clock.now())
    keep.approve(db.session, refund, seen=request.form.get("version"), doer=me())
    return _done(refund_id, _("Approved. It goes into the next batch."))


@refunds.route("/<int:refund_id>/refuse", methods=["POST"])
@requires(Role.OFFICE)
def refuse(refund_id: int) -> ResponseReturnValue:
    """The second person says no, and why."""
    return _with_reason(refund_id, keep.refuse, "refuse_form", _("Refused: the money lies where it lay."))


@refunds.route("/<int:refund_id>/stop", methods=["POST"])
@requires(Role.OFFICE)
def stop(refund_id: int) -> ResponseReturnValue:
    """Give up what was approved and was not paid."""
    return _with_reason(refund_id, keep.stop, "stop_form", _("Given up: the money lies where it lay."))


@refunds.route("/<int:refund_id>/withdraw", methods=["POST"])
@requires(Role.OFFICE)
def withdraw(refund_id: int) -> ResponseReturnValue:
    """The proposer takes it back."""
    keep.withdraw(db.session, _load(refund_id), me())
    return _done(refund_id, _("Withdrawn: the money lies where it lay."))


def _with_reason(refund_id: int, step: Callable[..., None], form_name: str, words: str) -> ResponseReturnValue:
    refund, form = _load(refund_id), BecauseForm()
    if not form.validate_on_submit():
        return _page(refund, **{form_name: form})
    step(db.session, refund, me(form.because.data or ""))
    return _done(refund_id, words)


def _done(refund_id: int, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".show", refund_id=refund_id), code=303)


def me(because: str = "") -> Doer:
    return Doer(current_user.username, clock.now(), because)


def _load(refund_id: int) -> Refund:
    found = refund_with_all(db.session, refund_id)
    if found is None:
        raise NotFound(_("There is no such refund."))
    return found
