"""Steps at the desk with money that found no order, or left one again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from kernel.changes import Doer
from kernel.database import db
from kernel.money import format_dong
from orders.lifecycle import UnlawfulStep
from orders.payments.credit import keep as credit
from orders.payments.feeds.queries import debits_like
from orders.payments.forms import DeskForm
from orders.payments.late.act import take_up
from orders.payments.late.choices import Choices, Way, choices_of
from orders.payments.late.forms import DebitForm, SpendForm, WayForm
from orders.payments.ledger import Hand
from orders.payments.models import Place, Transfer
from orders.payments.refunds.keep import NotThere, propose
from orders.payments.reversals import give_again, take_back
from orders.payments.settle import CannotSettle, ChangedMeanwhile
from orders.payments.views import go_on, hand_of, locked, order_of, overtaken, transfer_page, unchanged
from people.models import Role
from people.sessions import requires
from shop.capacity import RoundFull

late = Blueprint("late", __name__, url_prefix="/desk/transfers/<int:transfer_id>")

for refusal in (ChangedMeanwhile, CannotSettle, StaleDataError, NotThere, UnlawfulStep, RoundFull):
    late.register_error_handler(refusal, overtaken)


@late.route("/choose", methods=["POST"])
@requires(Role.OFFICE)
def choose(transfer_id: int) -> ResponseReturnValue:
    """One of the ways for money that came for an order which takes none."""
    found, form = locked(transfer_id), WayForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, way_form=form)
    chosen = _as_shown(found, form)
    return _go(found, chosen, Way(form.way.data or ""), hand_of(form))


def _as_shown(found: Transfer, form: WayForm) -> Choices:
    """What was offered must be what is offered now."""
    order = order_of(form.code.data or "")
    now = choices_of(db.session, found, [order], at=hand_of(form).at)
    if not now or now[0].shown != form.shown.data or form.way.data not in now[0].ways:
        raise ChangedMeanwhile(
            _("Order %(code)s, or the places in the rounds, have changed since. Nothing was booked.", code=order.code)
        )
    return now[0]


def _go(found: Transfer, chosen: Choices, way: Way, hand: Hand) -> ResponseReturnValue:
    order, amount = chosen.order, found.unplaced
    told = {"code": order.code, "sum": format_dong(amount)}
    if way is Way.REFUND:
        doer = Doer(hand.by, hand.at, hand.because)
        propose(db.session, found, amount, doer, taken_from=Place.UNPLACED, order=order)
        return _done(found, _("A refund of %(sum)s is proposed.", **told))
    if way is Way.CREDIT:
        credit.keep(db.session, found, order, hand)
        return go_on(_("%(sum)s is kept as credit of who placed %(code)s.", **told), found, "desk.undo_transfer")
    delivery = chosen.coming if way is Way.NEXT_ROUND and chosen.coming else order.round
    take_up(db.session, found, order, delivery, hand=hand, window=app.extensions["settings"].payment_window)
    return go_on(_("%(code)s lives again and has got its money.", **told), found, "desk.undo_transfer")


@late.route("/credit/use", methods=["POST"])
@requires(Role.OFFICE)
def use(transfer_id: int) -> ResponseReturnValue:
    """Pay an open order with the credit, as its resident wishes."""
    found, form = locked(transfer_id), SpendForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, spend_form=form)
    order = order_of(form.code.data or "")
    given = credit.use(db.session, found, order, hand_of(form))
    return _done(found, _("%(code)s has got %(sum)s.", code=order.code, sum=format_dong(given)))


@late.route("/credit/back", methods=["POST"])
@requires(Role.OFFICE)
def back(transfer_id: int) -> ResponseReturnValue:
    """What the credit was used for is credit again."""
    found, form = locked(transfer_id), DeskForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, back_form=form)
    credit.take_from_orders(db.session, found, hand_of(form))
    return _done(found, _("It is credit again."))


@late.route("/taken-back", methods=["POST"])
@requires(Role.OFFICE)
def taken_back(transfer_id: int) -> ResponseReturnValue:
    """The bank took it back: what it paid is undone."""
    found, form = locked(transfer_id), DebitForm()
    unchanged(found, form)
    debits = debits_like(db.session, found)
    form.offer(debits)
    if not form.validate_on_submit():
        return transfer_page(found, debit_form=form)
    (debit,) = (each for each in debits if str(each.id) == form.debit.data)
    take_back(db.session, found, debit, hand_of(form))
    return _done(found, _("Written down. What it paid is not paid any more."))


@late.route("/taken-back/undo", methods=["POST"])
@requires(Role.OFFICE)
def not_taken_back(transfer_id: int) -> ResponseReturnValue:
    """It was another debit: the money is ours, and waits for an order."""
    found, form = locked(transfer_id), DeskForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, undo_form=form)
    give_again(db.session, found, hand_of(form))
    return _done(found, _("The money is ours again, and not placed."))


def _done(found: Transfer, words: str) -> ResponseReturnValue:
    """The transfer as it is now."""
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("desk.transfer", transfer_id=found.id), code=303)
