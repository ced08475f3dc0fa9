"""A supplier's own score, as the office sees it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from people.models import Role
from people.sessions import requires
from suppliers.scores.page import score_page

scores = Blueprint("scores", __name__, url_prefix="/suppliers")


@scores.route("/score")
@requires(Role.SUPPLIER)
def mine() -> ResponseReturnValue:
    """How well we bring: the last thirty days, and each batch."""
    return score_page(current_user.supplier)
