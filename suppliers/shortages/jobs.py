"""Background work about shortages: who was never reached gets the money back once the day of delivery is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute, handles
from suppliers.shortages import queries
from suppliers.shortages.calls import JOB, give_up_calling
from suppliers.shortages.models import Shortage


@handles(JOB)
def give_up_at_the_door(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """The parcel was handed over before anybody reached its resident."""
    shortage = session.get_one(Shortage, payload["shortage"])
    if shortage.withdrawn_at is None:
        give_up_calling(session, shortage, by=payload["by"], at=clock.now(), only=payload["order"])
    yield


@every_minute
def give_up_late_calls(session: Session) -> None:
    """One shortage at a time, so that nobody waits long; served by a partial index on those with calls to make."""
    for shortage in queries.with_calls(session, before=clock.today())[:1]:
        give_up_calling(session, shortage, by="system", at=clock.now())
