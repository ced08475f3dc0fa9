"""What the office keeps, on one page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kernel.database import db
from orders.payments.feeds.queries import waiting_receiver
from people.models import Role
from people.sessions import requires
from shop.queries import waiting_prices

admin = Blueprint("admin", __name__, url_prefix="/desk/admin")


@admin.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Everything that is kept here, and what waits for a second person."""
    return render_template(
        "desk/admin/index.html",
        prices=waiting_prices(db.session),
        receiver=waiting_receiver(db.session) if current_user.manages else None,
    )
