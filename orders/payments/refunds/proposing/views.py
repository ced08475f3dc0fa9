"""A transfer's page on which a clerk proposes that some of it goes back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.database import db
from kernel.errors import NotFound
from orders.models import Order
from orders.payments.forms import seen
from orders.payments.models import Transfer
from orders.payments.queries import lock_transfers
from orders.payments.refunds import keep
from orders.payments.refunds.forms import ProposeForm
from orders.payments.refunds.models import Refund
from orders.payments.refunds.owed.queries import came_back_as, refunds_of_transfer
from orders.payments.refunds.payee import payer_of
from orders.payments.refunds.views import me
from orders.payments.settle import ChangedMeanwhile
from orders.queries import order_by_code
from people.models import Role
from people.sessions import requires

paying_back = Blueprint("paying_back", __name__, url_prefix="/desk/transfers")


@paying_back.route("/<int:transfer_id>/refund")
@requires(Role.OFFICE)
def ask(transfer_id: int) -> ResponseReturnValue:
    """How much of it goes back, to whom and why?"""
    transfer = db.session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound(_("There is no such transfer."))
    back = came_back_as(db.session, transfer_id)
    form = ProposeForm.about(transfer, formdata=None)
    if back and not back.forgotten_at:
        form.suggest(keep.payee_of(back))
        form.code.data = back.order.code if back.order else ""
    return _page(transfer, form)


def _page(transfer: Transfer, form: ProposeForm) -> ResponseReturnValue:
    page = render_template(
        "desk/refund_new.html",
        transfer=transfer,
        form=form,
        payer=payer_of(transfer),
        back=came_back_as(db.session, transfer.id),
        earlier=refunds_of_transfer(db.session, transfer.id),
    )
    return page, 422 if form.errors else 200


@paying_back.route("/<int:transfer_id>/refund", methods=["POST"])
@requires(Role.OFFICE)
def propose(transfer_id: int) -> ResponseReturnValue:
    """Propose it: a second person has to approve."""
    transfer, form = lock_transfers(db.session, [transfer_id]).get(transfer_id), ProposeForm()
    if transfer is None:
        raise NotFound(_("There is no such transfer."))
    if not form.validate_on_submit() or not form.at_most_there(transfer):
        return _page(transfer, form)
    if form.seen.data != seen(transfer):
        raise ChangedMeanwhile(_("This transfer has changed since you opened its page. Nothing was booked."))
    order = order_by_code(db.session, form.code.data) if form.code.data else None
    if form.code.data and order is None:
        form.code.errors = [_("There is no order %(code)s.", code=form.code.data)]
        return _page(transfer, form)
    return _propose(transfer, form, order)


def _propose(transfer: Transfer, form: ProposeForm, order: Order | None) -> ResponseReturnValue:
    payee = form.payee if form.asked else None
    try:
        made: Refund = keep.propose(
            db.session,
            transfer,
            form.dong,
            me(form.because.data or ""),
            taken_from=form.place,
            order=order,
            payee=payee,
        )
    except keep.NotNamed as refusal:
        db.session.rollback()
        form.reason.errors = [str(refusal)]
        return _page(db.session.get_one(Transfer, transfer.id), form)
    db.session.commit()
    flash(_("Proposed. A second person has to approve it before anything is paid."), "good")
    return redirect(url_for("refunds.show", refund_id=made.id), code=303)
