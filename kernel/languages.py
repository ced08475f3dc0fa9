"""The language of the pages: Vietnamese, or what somebody chose with the switch in the foot of every page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""Code → what the language calls itself, which is the same in every language."""

DEFAULT_LANGUAGE = "vi"
YEAR = 365 * 24 * 3600

# Browsers and libraries drop tabs and line breaks from an address: "/<tab>/evil.example" would become another host.
_OURS = re.compile(r"/(?!/)[^\s\\\x00-\x1f\x7f]*")

# Addresses that programs ask, but for the page on which people read how.
_FOR_PROGRAMS = re.compile(r"/api/(?!v[0-9]+/docs$)")

languages = Blueprint("languages", __name__)


def install(app: Flask) -> None:
    """Let ``app`` speak them, and tell times as they are in Vietnam."""
    app.config.update(
        BABEL_DEFAULT_LOCALE=DEFAULT_LANGUAGE,
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(app.root_path) + "/translations",
    )
    Babel(app, locale_selector=language)


def language() -> str:
    """The language of this page: the one chosen, else Vietnamese, whatever the browser asks for.

    A program has no cookie: it is answered in the language that its request names.
    """
    if for_programs():
        return request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
    chosen = request.cookies.get("language") if request else None
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def for_programs() -> bool:
    """Whether the address at hand is asked by programs, not by people."""
    return bool(request) and bool(_FOR_PROGRAMS.match(request.path))


def is_ours(address: str) -> bool:
    """Whether an address to go on to is a path of this site, never another host."""
    return bool(_OURS.fullmatch(address))


def this_page() -> str:
    """The address that shows this page again: where a form's answer stands in its place, the page of the form."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    came_from = urlsplit(request.referrer or "")
    return came_from.path or "/" if came_from.netloc == request.host else "/"


@languages.route("/language", methods=["POST"])
def choose() -> ResponseReturnValue:
    """Keep the language for a year, and show the same page in it."""
    chosen, onward = request.form.get("language", ""), request.form.get("next", "")
    if chosen not in LANGUAGES:
        abort(400)
    answer = redirect(onward if is_ours(onward) else "/", code=303)
    answer.set_cookie(
        "language",
        chosen,
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer
