"""What the desk's banner says: when each account's last statement came in, how far it reaches, and what is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.feeds.queries import LastStatement, last_statements_in


@dataclass(frozen=True, slots=True)
class Feed:
    """One account's feed. ``late``: its last statement came in too long ago, or none ever did."""

    last: LastStatement
    late: bool


def feeds(session: Session) -> list[Feed]:
    """The feed of every account in use."""
    patience = current_app.extensions["settings"].statement_patience
    since = clock.now() - patience
    return [Feed(last, _is_late(last, since)) for last in last_statements_in(session)]


def _is_late(last: LastStatement, since: datetime) -> bool:
    return last.booked_at is None or last.booked_at < since
