"""The office's pages of scores: all suppliers, and the history of one."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.database import db
from kernel.errors import NotFound
from people.models import Role, Supplier
from people.sessions import requires
from suppliers.scores.outlook import BAR_HEIGHT, BAR_WIDTH, BARS, bars, last_days, shares
from suppliers.scores.page import score_page
from suppliers.scores.queries import history

desk_scores = Blueprint("desk_scores", __name__, url_prefix="/desk/scores")


@desk_scores.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Each supplier of the last thirty days."""
    found = last_days(db.session)
    return render_template(
        "desk/scores.html",
        found=found,
        shares=shares,
        bars={each.supplier_id: bars(history(db.session, each.supplier_id, most=BARS)) for each in found},
        bar_width=BAR_WIDTH,
        bar_height=BAR_HEIGHT,
    )


@desk_scores.route("/<int:supplier_id>")
@requires(Role.OFFICE)
def show(supplier_id: int) -> ResponseReturnValue:
    """One supplier, batch by batch."""
    supplier = db.session.get(Supplier, supplier_id)
    if supplier is None:
        raise NotFound(_("There is no such supplier."))
    return score_page(supplier)
