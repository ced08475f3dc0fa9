"""Signing in and out: sessions kept on the server, so that a cookie is worthless after sign-out."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, g, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from kernel.throttle import count
from people.models import Role, SignIn, Staff
from people.passwords import fits
from people.queries import live_sign_in, live_sign_ins, sign_in_by_hash, staff_named

LASTS = timedelta(hours=12)
"""A shift and a bit."""

TRIES_PER_NAME = 5
TRIES_PER_ADDRESS = 30
WINDOW = timedelta(minutes=15)

_KEY = "_sign_in"
_View = TypeVar("_View", bound=Callable[..., Any])

login = LoginManager()


class WrongSignIn(MarketError):
    """The name or the password is wrong; which of them is not said."""

    status = 403


def count_try(session: Session, *, username: str, address: str) -> None:
    """Count one try for the name and for the address it came from; the caller commits, whatever comes of it."""
    count(session, f"sign-in:name:{username.lower()[:80]}", most=TRIES_PER_NAME, per=WINDOW)
    count(session, f"sign-in:from:{address}", most=TRIES_PER_ADDRESS, per=WINDOW)


def sign_in(session: Session, *, username: str, password: str) -> Staff:
    """Check the password and begin a fresh session. Everything that the cookie held before is forgotten."""
    staff = staff_named(session, username)
    if not fits(password, staff.password_hash if staff else None) or staff is None:
        raise WrongSignIn(_("The name or the password is wrong. Check both and try again."))
    token = secrets.token_urlsafe(32)
    now = clock.now()
    if staff.has_ended(now):
        raise WrongSignIn(_("This account has run out. Whoever keeps your team's accounts can make it last longer."))
    session.add(SignIn(token_hash=_hash(token), staff_id=staff.id, created_at=now, expires_at=now + LASTS))
    cookie.clear()
    cookie[_KEY] = token
    return staff


def sign_out(session: Session) -> None:
    """Revoke the session that the cookie names. Does not commit."""
    row = sign_in_by_hash(session, _hash(cookie.get(_KEY, "")))
    if row is not None:
        row.revoked_at = clock.now()
    cookie.clear()


def sign_out_everywhere(session: Session, staff_id: int, *, but_here: bool = False) -> int:
    """Revoke every live session of somebody, ``but_here`` the one at hand; answers how many. Does not commit."""
    now = clock.now()
    rows = [row for row in live_sign_ins(session, staff_id, now) if not but_here or row.token_hash != _here()]
    for row in rows:
        row.revoked_at = now
    return len(rows)


def _here() -> str:
    return _hash(cookie.get(_KEY, ""))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def install(app: Flask) -> None:
    """Let Flask-Login find who is signed in through our own sessions."""
    login.login_view = "people.sign_in"
    login.login_message = _l("Sign in to go on.")
    login.session_protection = None  # the session is ours: rotated at sign-in, revoked at sign-out
    login.init_app(app)
    app.jinja_env.globals.update(workplace=workplace, sees_people=sees_people)

    @login.request_loader
    def load(_request: object) -> Staff | None:
        token = None if g.get("database_rests") else cookie.get(_KEY)
        found = live_sign_in(db.session, _hash(token), clock.now()) if token else None
        return found.staff if found else None


def workplace() -> str:
    """The role of who is signed in, "" of a visitor; where the database does not answer, what the address is for."""
    try:
        if not g.get("database_rests"):
            return current_user.role.value if current_user.is_authenticated else ""
    except SQLAlchemyError:
        db.session.rollback()
    parts = {"/desk": Role.OFFICE, "/suppliers": Role.SUPPLIER, "/courier": Role.COURIER}
    return next((role.value for begins, role in parts.items() if request.path.startswith(begins)), "")


def sees_people() -> bool:
    """Whether who is signed in sees names and addresses; False where the database does not answer."""
    return workplace() != "" and not g.get("database_rests") and bool(getattr(current_user, "sees_people", False))


def requires(
    *roles: Role, manages: bool = False, delivers: bool = False, start_password_will_do: bool = False
) -> Callable[[_View], _View]:
    """Let only these roles in: others are answered 403, strangers led to the sign-in page.

    ``manages``: of the office only its heads. ``delivers``: of a supplier only who sees names and addresses. Who still
    has a start password is led to change it first.
    """

    def guard(view: _View) -> _View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return login.unauthorized()
            if current_user.role not in roles or (manages and not current_user.manages):
                abort(403)
            if delivers and not current_user.sees_people:
                abort(403)
            if current_user.must_change and not start_password_will_do:
                return redirect(url_for("people.password"))
            return view(*args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return cast(_View, guarded)

    return guard
