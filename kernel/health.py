"""Is it alive, is it ready: for load balancers and for ``make run``."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from kernel import clock
from kernel.database import db
from kernel.queries import database_answers, last_heartbeat

health = Blueprint("health", __name__)

SILENCE = timedelta(seconds=150)
"""A worker beats once a minute; two beats missed in a row and it counts as gone."""


@health.route("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(alive=True)


@health.route("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers, and a worker has beaten lately; 503 names what does not."""
    database = worker = False
    try:
        database = database_answers(db.session)
        beat = last_heartbeat(db.session, "worker")
        worker = beat is not None and clock.now() - beat < SILENCE
    except SQLAlchemyError:
        pass
    ready = database and worker
    return jsonify(ready=ready, database=database, worker=worker), 200 if ready else 503
