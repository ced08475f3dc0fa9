"""Purchase orders at the desk: on top those that no supplier has acknowledged, for how long, and a nudge."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from suppliers.purchase.keep import AcknowledgedAlready, ToldJustNow, nudge
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import acknowledged_orders, count_waiting, nudges_of, waiting_orders

desk_purchases = Blueprint("desk_purchases", __name__, url_prefix="/desk/purchases")


@desk_purchases.app_template_global("unacknowledged")
def unacknowledged() -> int:
    """How many purchase orders no supplier has acknowledged, for the office's menu."""
    return count_waiting(db.session)


@desk_purchases.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What waits for a supplier, the oldest first; then what was acknowledged, the newest first."""
    waiting = waiting_orders(db.session)
    return render_template(
        "desk/purchases.html",
        waiting=waiting,
        nudges=nudges_of(db.session, [order.id for order in waiting]),
        found=screen_of(lambda most, skip: acknowledged_orders(db.session, most=most, skip=skip)),
        now=clock.now(),
    )


@desk_purchases.route("/<int:purchase_id>/nudge", methods=["POST"])
@requires(Role.OFFICE)
def nudge_supplier(purchase_id: int) -> ResponseReturnValue:
    """Tell the supplier once more."""
    order = db.session.get(PurchaseOrder, purchase_id)
    if order is None:
        raise NotFound(_("There is no such purchase order."))
    try:
        nudge(db.session, order, by=current_user.username, name=current_user.name, at=clock.now())
        db.session.commit()
        flash(_("%(supplier)s is told of %(number)s again.", supplier=order.supplier.name, number=order.number), "good")
    except (AcknowledgedAlready, ToldJustNow) as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    there = url_for("purchases.show", purchase=order.number) if "from_page" in request.form else url_for(".index")
    return redirect(there, code=303)
