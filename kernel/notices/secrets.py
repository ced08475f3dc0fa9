"""What adapters must keep between letters: the key pair of web push, and Zalo's tokens, each good for one refresh."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.notices.adapters import push, zalo
from kernel.notices.config import ZaloOa
from kernel.notices.letters import Fault
from kernel.notices.models import KeptSecret
from kernel.notices.queries import kept_secret
from kernel.upsert import insert_if_new

log = structlog.get_logger()

PUSH, ZALO = "push", "zalo"
LEASE = timedelta(minutes=1)


def push_private_key(session: Session) -> str:
    """The key that push services know us by, made on first use. Nodes that start together agree on one."""
    found = kept_secret(session, PUSH)
    if found is None:
        _insert(session, PUSH, {"private_key": push.new_private_key()})
        found = kept_secret(session, PUSH)
    return str(found.content["private_key"]) if found else ""


def zalo_access_token(session: Session, settings: ZaloOa) -> str | None:
    """The access token, unless it has run out, was refused, or belongs to a refresh token that the office replaced."""
    found = kept_secret(session, ZALO)
    if found is None or found.content.get("seed") != _seed(settings) or "access" not in found.content:
        return None
    expires = datetime.fromisoformat(found.content["expires_at"])
    return str(found.content["access"]) if zalo.is_fresh(expires, clock.now()) else None


def forget_access(session: Session) -> None:
    """The access token was refused: the next letter gets a new one first."""
    if found := kept_secret(session, ZALO):
        found.content = {name: value for name, value in found.content.items() if name != "access"}


def refresh_zalo(session: Session, settings: ZaloOa, *, seconds: float) -> Iterator[None]:
    """Get new tokens, unless another node is at it; the caller commits at each yield. A Fault where it fails.

    The new refresh token is written before anything else is done: the old one is worthless, and there is no third.
    """
    _insert(session, ZALO, {})
    if not _claim(session):
        raise Fault("zalo-refreshing", passing=True, everyone=True, retry_after=15)
    kept = kept_secret(session, ZALO)
    yield
    ours = kept is not None and kept.content.get("seed") == _seed(settings)
    old = str(kept.content["refresh"]) if kept and ours else settings.refresh_token
    tokens = zalo.refresh(settings, old, seconds=seconds)
    now = clock.now()
    content = {
        "seed": _seed(settings),
        "access": tokens.access,
        "refresh": tokens.refresh,
        "expires_at": (now + tokens.lasts).isoformat(),
    }
    fresh = update(KeptSecret).where(KeptSecret.name == ZALO)
    session.execute(fresh.values(content=content, changed_at=now, lease_until=None))
    log.info("zalo tokens renewed")
    yield


def _claim(session: Session) -> bool:
    now = clock.now()
    free = KeptSecret.lease_until.is_(None) | (KeptSecret.lease_until < now)
    mine = update(KeptSecret).where(KeptSecret.name == ZALO, free).values(lease_until=now + LEASE)
    return session.execute(mine.returning(KeptSecret.name)).first() is not None


def _insert(session: Session, name: str, content: dict[str, str]) -> None:
    row = {"name": name, "content": content, "changed_at": clock.now(), "lease_until": None}
    session.execute(insert_if_new(session, KeptSecret, row))


def _seed(settings: ZaloOa) -> str:
    """Which refresh token of the settings the kept ones come from: a new one there begins anew."""
    return hashlib.sha256(settings.refresh_token.encode()).hexdigest()[:16]
