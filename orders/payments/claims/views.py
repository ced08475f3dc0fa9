"""A resident says "I have paid"."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import TooManyTries
from kernel.throttle import count
from orders.models import OrderState
from orders.payments.claims.forms import ClaimForm
from orders.payments.claims.models import PaymentClaim
from orders.views import mine, order_page, private

claims = Blueprint("claims", __name__)

AT_MOST_EVERY = timedelta(minutes=1)


@claims.route("/o/<token>/paid", methods=["POST"])
def say(token: str) -> ResponseReturnValue:
    """Write it down for the desk, once a minute at most; the order's page says what happens next."""
    order, form = mine(token), ClaimForm()
    if not form.validate_on_submit():
        return private(make_response(order_page(order, form), 422))
    if order.state is OrderState.OPEN and _first_in_a_minute(order.id):
        claim = {"bank": form.bank.data or "", "transferred_at": form.moment, "amount": form.dong}
        db.session.add(PaymentClaim(order_id=order.id, at=clock.now(), **claim))
        db.session.commit()
        flash(_("Thank you, we have written it down."), "good")
    return redirect(url_for("orders.show", token=token, _anchor="paid"), code=303)


def _first_in_a_minute(order_id: int) -> bool:
    """A button pressed twice says it once."""
    try:
        count(db.session, f"paid:{order_id}", most=1, per=AT_MOST_EVERY)
    except TooManyTries:
        db.session.rollback()
        return False
    return True
