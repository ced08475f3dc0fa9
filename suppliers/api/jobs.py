"""Background work of the API: answers that nobody asks for again are forgotten."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from suppliers.api.idempotency import KEPT
from suppliers.api.queries import forget_answers

AT_ONCE = 1_000


@every_minute
def forget_old_answers(session: Session) -> None:
    """Answers older than 48 hours, the oldest first, a thousand a minute."""
    forget_answers(session, clock.now() - KEPT, most=AT_ONCE)
