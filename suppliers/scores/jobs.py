"""Each minute: batches of the last days are counted anew, a few at a time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from suppliers.scores.count import count
from suppliers.scores.queries import batches_to_count

DAYS = timedelta(days=4)
EVERY = timedelta(minutes=10)
AT_ONCE = 40


@every_minute
def count_scores(session: Session) -> None:
    """Those delivered at most four days ago, each every ten minutes: older ones only change by a decision."""
    now = clock.now()
    due = batches_to_count(session, since=clock.today() - DAYS, before=now - EVERY, most=AT_ONCE)
    count(session, due, at=now)
