"""A request that comes twice is done once: its answer is kept with its key, in the transaction of what it did."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.errors import MarketError, NotFound
from kernel.problems import details
from kernel.upsert import insert_if_new
from suppliers.api.models import ApiAnswer
from suppliers.api.queries import answer_to

KEPT = timedelta(hours=48)


class OtherRequest(MarketError):
    """The key stands for another request."""

    status = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: a status and JSON values."""

    status: int
    body: dict[str, Any]


def once(
    session: Session, *, token_id: int, key: str, request: str, at: datetime, act: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """``act``'s answer, and False; or that of the same request before, and True. Does not commit.

    Of two that come at once the second waits: for the first one's row on PostgreSQL, for the whole database on SQLite.
    A refusal is an answer, too, and what ``act`` did is undone; but what was not found may be there the next time.
    """
    fingerprint = hashlib.sha256(request.encode()).hexdigest()
    kept = _claimed(session, token_id, key, fingerprint, at)
    if kept is None:
        raise OtherRequest(_("This Idempotency-Key was used for another request. Take a new one."))
    if kept.status:
        return Answer(kept.status, kept.body), True
    given = _attempted(session, act)
    kept.status, kept.body = given.status, given.body
    return given, False


def _claimed(session: Session, token_id: int, key: str, fingerprint: str, at: datetime) -> ApiAnswer | None:
    """The row of this key, its status 0 if it is new; None if it belongs to another request."""
    stale = (ApiAnswer.token_id == token_id) & (ApiAnswer.key == key) & (ApiAnswer.at <= at - KEPT)
    session.execute(delete(ApiAnswer).where(stale))
    row = {"token_id": token_id, "key": key, "fingerprint": fingerprint, "status": 0, "body": {}, "at": at}
    session.execute(insert_if_new(session, ApiAnswer, row))
    kept = answer_to(session, token_id, key)
    return kept if kept is not None and kept.fingerprint == fingerprint else None


def _attempted(session: Session, act: Callable[[], Answer]) -> Answer:
    try:
        with session.begin_nested():
            return act()
    except NotFound:
        raise
    except MarketError as refusal:
        return Answer(refusal.status, details(refusal.status, str(refusal)))
