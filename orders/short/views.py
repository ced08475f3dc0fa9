"""A resident says what to do if something can't be brought, on the order's own page."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from orders.forms import IfShortForm
from orders.models import IfShort
from orders.short.choice import choose
from orders.views import mine

if_short = Blueprint("if_short", __name__)


@if_short.route("/o/<token>/if-short", methods=["POST"])
def change(token: str) -> ResponseReturnValue:
    """Something else than what was said when ordering."""
    order, form = mine(token), IfShortForm()
    if not form.validate_on_submit():
        raise MarketError(_("That choice was not understood. Go back to your order and choose again."))
    choose(db.session, order, IfShort(form.if_short.data), at=clock.now())
    db.session.commit()
    flash(_("Noted: that is what we do if something can't be brought."), "good")
    return redirect(url_for("orders.show", token=token), code=303)
