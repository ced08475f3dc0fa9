"""A resident's own credit, from the page of the order that was paid: whoever has that page is who paid.

Anybody can order with a neighbour's phone. So credit is never offered on a new order's page, which would tell strangers
of it: it is the old page that names the new orders of the same phone.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import NotFound
from kernel.money import format_dong
from orders.models import Order
from orders.payments.credit.keep import give_back, spend_all
from orders.payments.credit.outlook import credit_view
from orders.payments.credit.owners import credits_of
from orders.payments.ledger import Hand
from orders.payments.refunds.keep import RESIDENT
from orders.payments.settle import ChangedMeanwhile
from orders.views import mine

credit = Blueprint("credit", __name__)


@credit.route("/o/<token>/credit/refund", methods=["POST"])
def refund(token: str) -> ResponseReturnValue:
    """I want it back: a refund is proposed; the office checks it."""
    order = _with_the_credit_shown(token)
    doer = Doer(RESIDENT, clock.now(), "asked for on the order's page")
    back = sum(give_back(db.session, transfer, order, doer).amount for transfer in credits_of(db.session, order))
    db.session.commit()
    flash(_("You get %(amount)s back. The office looks at it first.", amount=format_dong(back)), "good")
    return redirect(url_for("orders.show", token=token), code=303)


@credit.route("/o/<token>/credit/use", methods=["POST"])
def spend(token: str) -> ResponseReturnValue:
    """Use it for another order of the same phone."""
    order = _with_the_credit_shown(token)
    chosen = _chosen(db.session, order, request.form.get("code", ""))
    hand = Hand(RESIDENT, clock.now(), "paid from credit")
    given = spend_all(db.session, credits_of(db.session, order), chosen, hand)
    db.session.commit()
    words = _("%(code)s has got %(sum)s of your credit.", code=chosen.code, sum=format_dong(given))
    flash(words, "good")
    return redirect(url_for("orders.show", token=token), code=303)


def _with_the_credit_shown(token: str) -> Order:
    """The order, if there is as much credit as its page has shown."""
    order = mine(token)
    view = credit_view(db.session, order)
    if view is None or request.form.get("seen") != str(view.amount):
        raise ChangedMeanwhile(_("Your credit has changed since you opened this page. Look at it again."))
    return order


def _chosen(session: Session, order: Order, code: str) -> Order:
    view = credit_view(session, order)
    for each, _owed in view.orders if view else ():
        if each.code == code:
            return each
    raise NotFound(_("There is no such order that waits for its payment."))
