"""Ordering the same again, from an order's private page or after tracking it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.database import db
from kernel.errors import NotFound
from kernel.money import format_dong
from orders import prefill
from orders.again.refill import Refill, fill, look
from orders.forms import TrackForm
from orders.models import Order
from orders.views import mine, tracked

again = Blueprint("again", __name__)


@again.route("/o/<token>/again", methods=["POST"])
def from_page(token: str) -> ResponseReturnValue:
    """Fill the basket; the checkout will know the address, for who has the private link knows it, too."""
    order = mine(token)
    answer = _repeat(order)
    prefill.remember(prefill.Origin.ORDER, order.id)
    return answer


@again.route("/track/again", methods=["POST"])
def from_tracking() -> ResponseReturnValue:
    """Fill the basket, and nothing else: a code and four digits are not enough to be shown an address."""
    form = TrackForm()
    if not form.validate_on_submit():
        return redirect(url_for("orders.track"), code=303)
    order = tracked(form)
    if order is None:
        raise NotFound(_("No order fits this code and these four digits. Check both and try again."))
    return _repeat(order)


@again.route("/checkout/empty", methods=["POST"])
def forget() -> ResponseReturnValue:
    """Forget whose order it was that filled in the checkout form: another person uses this phone."""
    prefill.forget()
    return redirect(url_for("orders.checkout"), code=303)


def _repeat(order: Order) -> ResponseReturnValue:
    prefill.forget()
    refill = look(db.session, order)
    fill(refill)
    _tell(refill)
    return redirect(url_for("basket.show" if refill.lines else "shop.index"), code=303)


def _tell(refill: Refill) -> None:
    if refill.lines:
        flash(_("Your basket holds what you ordered then. Change it as you like."), "good")
    if refill.dropped:
        flash(_("No longer sold, so not in your basket: %(names)s.", names=", ".join(refill.dropped[:8])), "warn")
    for change in refill.changed[:8]:
        prices = {"was": format_dong(change.was), "now": format_dong(change.costs)}
        flash(_("%(name)s has a new price: from %(was)s to %(now)s.", name=change.name, **prices), "warn")
