"""Background work about shortages: who was never reached gets the money back once the day of delivery is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from kernel.jobs import every_minute, handles
from suppliers.shortages import queries
from suppliers.shortages.calls import JOB, give_up_calling
from suppliers.shortages.models import Shortage

log = structlog.get_logger()

MOST = 10


@handles(JOB)
def give_up_at_the_door(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """The parcel was handed over before anybody reached its resident."""
    shortage = session.get_one(Shortage, payload["shortage"])
    if shortage.withdrawn_at is None:
        give_up_calling(session, shortage, by=payload["by"], at=clock.now(), only=payload["order"])
    yield


@every_minute
def give_up_late_calls(session: Session) -> None:
    """A few shortages at a time, so that nobody waits long; one that is refused does not keep the others.

    Served by a partial index on those with calls to make.
    """
    for shortage in queries.with_calls(session, before=clock.today())[:MOST]:
        try:
            with session.begin_nested():
                give_up_calling(session, shortage, by="system", at=clock.now())
        except MarketError as refusal:
            log.warning("late calls wait", shortage=shortage.id, refusal=type(refusal).__name__)
