"""Purchase orders as a supplier sees its own, and the office sees all: the page, its files, the acknowledgement."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from suppliers.papers import download
from suppliers.purchase import typeset
from suppliers.purchase.forms import AcknowledgeForm
from suppliers.purchase.keep import AcknowledgedAlready, acknowledge
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import acknowledged_orders, events_of, order_by_number, waiting_orders

purchases = Blueprint("purchases", __name__, url_prefix="/suppliers/orders")

FILES: dict[str, Callable[[PurchaseOrder], bytes]] = {
    "pdf": typeset.pdf,
    "xlsx": typeset.xlsx,
    "csv": typeset.csv,
    "json": typeset.as_json,
}


@purchases.route("")
@requires(Role.SUPPLIER)
def index() -> ResponseReturnValue:
    """What was ordered of the supplier who is signed in: first what it has not acknowledged."""
    mine: int | None = current_user.supplier_id
    found = screen_of(lambda most, skip: acknowledged_orders(db.session, mine, most=most, skip=skip))
    return render_template(
        "suppliers/purchase/index.html", waiting=waiting_orders(db.session, mine), found=found, now=clock.now()
    )


@purchases.route("/<purchase>")
@requires(Role.SUPPLIER, Role.OFFICE)
def show(purchase: str) -> ResponseReturnValue:
    """One purchase order: what is ordered, for how much, and who acknowledged it."""
    return _page(_mine(purchase), AcknowledgeForm(formdata=None, name=current_user.name))


def _page(order: PurchaseOrder, form: AcknowledgeForm) -> ResponseReturnValue:
    page = render_template(
        "suppliers/purchase/order.html",
        order=order,
        told=order.snapshot,
        form=form,
        events=events_of(db.session, order.id),
        theirs=current_user.supplier_id is not None,
        now=clock.now(),
    )
    return page, 422 if form.errors else 200


@purchases.route("/<purchase>/acknowledge", methods=["POST"])
@requires(Role.SUPPLIER)
def acknowledge_order(purchase: str) -> ResponseReturnValue:
    """The supplier has seen it. Who comes second is told, kindly, who was first."""
    order, form = _mine(purchase), AcknowledgeForm()
    if not form.validate_on_submit():
        return _page(order, form)
    try:
        acknowledge(db.session, order, by=current_user.username, name=form.name.data or "", at=clock.now())
        db.session.commit()
        flash(_("Thank you. The office sees that you have taken the order."), "good")
    except AcknowledgedAlready as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    return redirect(url_for(".show", purchase=purchase), code=303)


@purchases.route("/<purchase>.<any(pdf, xlsx, csv, json):kind>")
@requires(Role.SUPPLIER, Role.OFFICE)
def paper(purchase: str, kind: str) -> ResponseReturnValue:
    """The same rows with the same fingerprint, to hang up, to reckon with, or for another program."""
    order = _mine(purchase)
    db.session.rollback()  # typesetting must not hold the database
    return download(FILES[kind](order), f"{order.number}.{kind}")


def _mine(number: str) -> PurchaseOrder:
    """The purchase order, if it is the signed-in supplier's own (the office sees all); else as if there were none."""
    found = order_by_number(db.session, number)
    if found is None or current_user.supplier_id not in (None, found.supplier_id):
        raise NotFound(_("There is no such purchase order among yours."))
    return found
