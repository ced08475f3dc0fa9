"""A courier's pages."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kernel import clock
from kernel.database import db
from people.models import Role
from people.sessions import requires
from suppliers.door import models as _models  # noqa: F401  (so that the tables are known)
from suppliers.runs.queries import run_counts, runs_of_team

courier = Blueprint("courier", __name__, url_prefix="/courier")

LOOK_BACK = timedelta(days=7)
"""So long after its day a run is still listed."""


@courier.route("/")
@requires(Role.COURIER)
def home() -> ResponseReturnValue:
    """The runs of the team that the signed-in courier belongs to."""
    runs = runs_of_team(db.session, current_user.team_id, clock.today() - LOOK_BACK)
    return render_template("courier/home.html", runs=runs, counts=run_counts(db.session, [each.id for each in runs]))
