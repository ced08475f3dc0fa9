"""A resident takes more time to pay."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.web import show_moment
from orders.deadlines.keep import take_more
from orders.views import mine

deadlines = Blueprint("deadlines", __name__)


@deadlines.route("/o/<token>/more-time", methods=["POST"])
def more_time(token: str) -> ResponseReturnValue:
    """Two hours more, once."""
    until = take_more(db.session, mine(token), at=clock.now())
    db.session.commit()
    flash(_("You have until %(at)s now.", at=show_moment(until)), "good")
    return redirect(url_for("orders.show", token=token), code=303)
