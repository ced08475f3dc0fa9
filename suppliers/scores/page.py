"""The page of one supplier's score, for the office and for the supplier."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from kernel.database import db
from kernel.paging import screen_of
from people.models import Role, Supplier
from suppliers.scores.outlook import BAR_HEIGHT, BAR_WIDTH, bars, last_days, shares
from suppliers.scores.queries import history


def score_page(supplier: Supplier) -> str:
    """The last thirty days, and the history by batch."""
    found = screen_of(lambda most, skip: history(db.session, supplier.id, most=most, skip=skip))
    return render_template(
        "suppliers/score.html",
        supplier=supplier,
        summed=next(iter(last_days(db.session, supplier.id)), None),
        found=found,
        shares=shares,
        bars=bars(found.rows),
        bar_width=BAR_WIDTH,
        bar_height=BAR_HEIGHT,
        office=current_user.role is Role.OFFICE,
    )
