"""What every page shares: security headers, filters for money, times and phones, and one error page for each kind."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from functools import partial
from typing import Any

import structlog
from flask import Flask, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from kernel import clock, compress, languages, statics
from kernel.database import db
from kernel.errors import MarketError, TooManyTries
from kernel.languages import LANGUAGES, for_programs, language, this_page
from kernel.money import format_dong, format_number
from kernel.phones import display
from kernel.problems import problem
from kernel.settings import Settings

LARGEST_UPLOAD = 24 * 1024 * 1024
ERROR_PAGES = {400, 403, 404, 405, 409, 410, 413, 429, 500, 503}

csrf = CSRFProtect()
log = structlog.get_logger()

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def install(app: Flask, settings: Settings) -> None:
    """Configure cookies, CSRF, languages, headers, filters and error pages."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        SESSION_COOKIE_NAME="market",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    csrf.init_app(app)
    languages.install(app)
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_unreadable)
    statics.install(app)
    compress.install(app)
    _dress(app, settings)
    _install_errors(app)


class RowNumber(IntegerConverter):
    """A row's number in an address. One that no table can hold is a page that is not there."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002  (Werkzeug's word)
        super().__init__(map, **{"max": 2**31 - 1, **options})


def _refuse_unreadable() -> None:
    """No keyboard types a NUL character, and PostgreSQL keeps none."""
    sent = [request.path, *(file.filename or "" for file in request.files.values())]
    for _name, values in (*request.args.lists(), *request.form.lists()):
        sent += values
    if any("\0" in text for text in sent):
        abort(400)


def _dress(app: Flask, settings: Settings) -> None:
    app.jinja_env.filters.update(
        dong=format_dong, moment=show_moment, day=show_day, phone=display, numberformat=format_number
    )
    app.jinja_env.filters["vi"] = partial(_vietnamese, app)
    app.jinja_env.globals.update(
        csp_nonce=nonce, hotline=settings.hotline, language=language, languages=LANGUAGES, this_page=this_page
    )
    app.jinja_env.autoescape = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _vietnamese(app: Flask, text: Any) -> Any:
    """``text`` as an element that is read as Vietnamese, where the page around it is not."""
    components: Any = app.jinja_env.get_template("components/vietnamese.html").module
    return components.vietnamese(text)


def nonce() -> str:
    """This request's number used once, for the scripts of its page."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def show_moment(moment: datetime) -> str:
    """``31/08/2021 21:50``, in Vietnam."""
    return clock.local(moment).strftime("%d/%m/%Y %H:%M")


def show_day(day: date) -> str:
    """``31/08/2021``; a datetime is shown by its date in Vietnam."""
    return (clock.local(day) if isinstance(day, datetime) else day).strftime("%d/%m/%Y")


def _install_errors(app: Flask) -> None:
    app.register_error_handler(MarketError, _refused)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(OperationalError, _resting)
    app.register_error_handler(PoolTimeout, _resting)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _page(status: int, message: str | None = None) -> tuple[str | Response, int]:
    db.session.rollback()
    if for_programs():
        return problem(status, message), status
    kind = status if status in ERROR_PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{kind}.html", message=message, request_id=g.get("request_id")), status


def _refused(refusal: MarketError) -> ResponseReturnValue:
    headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooManyTries) else {}
    return *_page(refusal.status, str(refusal) or None), headers


def _expired_form(_fault: CSRFError) -> ResponseReturnValue:
    return _page(400)


def _overtaken(_fault: StaleDataError) -> ResponseReturnValue:
    """Two people on one thing: the second to save is told."""
    return _page(409)


def _resting(fault: Exception) -> ResponseReturnValue:
    """The database does not answer, or everybody waits for it."""
    log.error("no database", exc_info=fault)
    g.database_rests = True
    return *_page(503), {"Retry-After": "60"}


def _http_error(fault: HTTPException) -> ResponseReturnValue:
    if fault.code is None or fault.code < 400:
        return fault
    return *_page(fault.code), {name: value for name, value in fault.get_headers() if name in {"Allow", "Retry-After"}}


def _broken(fault: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=fault)
    return _page(500)
