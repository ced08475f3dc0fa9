"""Without a connection: the service worker, and the page that it shows then."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, render_template
from flask import current_app as app
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

DAY = 24 * 3600
_MADE_OF = (
    *("static/sw.js", "static/push-worker.js", "static/offline.js"),
    *("static/app.js", "static/app.css", "templates/offline.html"),
)

offline = Blueprint("offline", __name__)


@offline.record
def lend_to_pages(setup: BlueprintSetupState) -> None:
    """The worker's address names what it and its page are made of: a browser asks for a new one when they change."""
    setup.app.jinja_env.globals.update(worker_version=lambda: _version(setup.app.root_path))


@cache
def _version(root: str) -> str:
    return hashlib.sha256(b"".join((Path(root) / name).read_bytes() for name in _MADE_OF)).hexdigest()[:12]


@offline.route("/offline")
def page() -> ResponseReturnValue:
    """What the worker shows where the network does not answer; it holds nothing of anybody."""
    return render_template("offline.html")


@offline.route("/sw.js")
def worker() -> ResponseReturnValue:
    """The worker, in one piece, for our policy lets it import nothing. It stands at the root, above every page."""
    folder = Path(app.root_path) / "static"
    halves = [(folder / name).read_text(encoding="utf-8") for name in ("sw.js", "push-worker.js")]
    answer = Response("\n".join(halves), mimetype="text/javascript")
    answer.cache_control.public, answer.cache_control.max_age = True, DAY
    return answer
