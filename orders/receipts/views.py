"""A receipt behind the order's private link, to look at or to print."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from kernel import clock
from kernel.database import db
from orders.receipts.receipt import receipt_of
from orders.views import mine, private

receipts = Blueprint("receipts", __name__)


@receipts.route("/o/<token>/receipt")
def show(token: str) -> ResponseReturnValue:
    """What was ordered, deducted, paid and paid back, as of now."""
    order = mine(token)
    receipt = receipt_of(db.session, order)
    return private(make_response(render_template("orders/receipt.html", receipt=receipt, order=order, now=clock.now())))
