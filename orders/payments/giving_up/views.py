"""A resident gives up an order; where money has come for it, a page says first what happens."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.money import format_dong
from orders.payments.giving_up.act import give_up, may_give_up
from orders.payments.queries import owed_by
from orders.views import mine, private

giving_up = Blueprint("giving_up", __name__)


@giving_up.route("/o/<token>/cancel")
def ask(token: str) -> ResponseReturnValue:
    """Are you sure? What goes back, and what is lost."""
    order = mine(token)
    paid = order.due - owed_by(db.session, order)
    possible = may_give_up(db.session, order, at=clock.now())
    return private(make_response(render_template("orders/cancel.html", order=order, paid=paid, possible=possible)))


@giving_up.route("/o/<token>/cancel", methods=["POST"])
def cancel(token: str) -> ResponseReturnValue:
    """Cancel it; what came for it is proposed to be refunded at once."""
    order, seen = mine(token), request.form.get("paid", "0")
    paid_seen = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 15 else -1
    hotline = str(app.extensions["settings"].hotline)
    back = give_up(db.session, order, at=clock.now(), paid_seen=paid_seen, hotline=hotline)
    db.session.commit()
    if back:
        flash(_("Your order is cancelled. You get %(amount)s back.", amount=format_dong(back)), "good")
    else:
        flash(_("Your order is cancelled. Nothing is to be paid."), "good")
    return redirect(url_for("orders.show", token=token), code=303)
