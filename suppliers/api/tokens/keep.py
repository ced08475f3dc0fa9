"""Tokens: made and shown once, found again by their hash, revoked."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, note_new
from kernel.errors import MarketError
from people.models import Staff
from suppliers.api.models import ApiToken
from suppliers.api.queries import live_tokens_of, token_by_prefix
from suppliers.api.scopes import Scope

KIND = "api_token"
MOST = 20
"""Live tokens of one supplier."""

SEEN_EVERY = timedelta(minutes=1)
_FORM = re.compile(r"dct_([0-9a-f]{10})_([A-Za-z0-9_-]{43})")
_NOBODYS = hashlib.sha256(b"nobody's").hexdigest()


class TooManyTokens(MarketError):
    """A supplier has as many live tokens as anybody can keep an eye on."""


class AlreadyRevoked(MarketError):
    """The token is worthless already."""


def make(
    session: Session, staff: Staff, *, name: str, scopes: list[Scope], lasts: timedelta, at: datetime
) -> tuple[ApiToken, str]:
    """A new token of the supplier that ``staff`` works for, and its text, which nothing else keeps. Does not commit."""
    if staff.supplier_id is None:
        raise TypeError("a token belongs to a supplier")
    if len(live_tokens_of(session, staff.supplier_id, at)) >= MOST:
        raise TooManyTokens(_("You have %(most)s tokens. Revoke one that nothing uses any more.", most=MOST))
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = ApiToken(
        prefix=prefix,
        secret_hash=_hash(secret),
        name=name,
        supplier_id=staff.supplier_id,
        staff_id=staff.id,
        scopes=[scope.value for scope in scopes],
        created_at=at,
        expires_at=at + lasts,
    )
    session.add(token)
    session.flush()
    note_new(session, KIND, token.id, f"{prefix} {name}: {' '.join(token.scopes)}", Doer(staff.username, at))
    return token, f"dct_{prefix}_{secret}"


def find(session: Session, text: str, at: datetime) -> ApiToken | None:
    """The live token that ``text`` is. It takes as long for one that is made up as for one that is nearly right."""
    read = _FORM.fullmatch(text)
    token = token_by_prefix(session, read[1] if read else "")
    right = hmac.compare_digest(_hash(read[2] if read else ""), token.secret_hash if token else _NOBODYS)
    return token if right and token is not None and token.is_live(at) else None


def allows(token: ApiToken) -> set[str]:
    """What the token allows now: names only as long as whoever made it may see them."""
    allowed = {str(scope) for scope in token.scopes}
    return allowed if may_see_people(token.staff) else allowed - {Scope.PEOPLE_READ.value}


def may_see_people(staff: Staff) -> bool:
    """Whether this account delivers, and so sees to whom."""
    return bool(staff.sees_people)


def touch(token: ApiToken, at: datetime) -> None:
    """Write down that it was used, to the minute."""
    if token.last_used_at is None or token.last_used_at + SEEN_EVERY <= at:
        token.last_used_at = at


def revoke(session: Session, token: ApiToken, doer: Doer) -> None:
    """From now on it opens nothing. The token is locked. Does not commit."""
    if token.revoked_at is not None:
        raise AlreadyRevoked(_("This token was revoked already."))
    token.revoked_at, token.revoked_by = doer.at, doer.by
    note(session, KIND, token.id, {}, {"revoked": token.prefix}, doer)


def _hash(secret: str) -> str:
    """Of 256 random bits: nobody guesses them, so a quick hash is as good as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()
