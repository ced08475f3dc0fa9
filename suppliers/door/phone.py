"""The courier's phone without a connection: its service worker, apart from the residents' one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response
from flask import current_app as app
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

DAY = 24 * 3600

courier_phone = Blueprint("courier_phone", __name__, url_prefix="/courier")


@courier_phone.record
def lend_to_pages(setup: BlueprintSetupState) -> None:
    """The worker's address names its content: a browser asks for a new one when that changes."""
    setup.app.jinja_env.globals.update(courier_version=lambda: _version(setup.app.root_path))


@cache
def _version(root: str) -> str:
    return hashlib.sha256((Path(root) / "static/courier/worker.js").read_bytes()).hexdigest()[:12]


@courier_phone.route("/worker.js")
def worker() -> ResponseReturnValue:
    """The worker stands above every page of couriers, and none of anybody else's. It holds nothing of anybody."""
    answer = Response(
        (Path(app.root_path) / "static/courier/worker.js").read_text(encoding="utf-8"), mimetype="text/javascript"
    )
    answer.cache_control.public, answer.cache_control.max_age = True, DAY
    return answer
