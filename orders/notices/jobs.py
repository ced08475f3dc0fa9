"""Each minute: who has little time left to pay is reminded; who has left a waiting list is forgotten."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.notices import offers, telling

ROUNDS = 5
"""So many times a thousand in one minute; the rest in the next."""


@every_minute
def remind_residents(session: Session) -> None:
    """Tell those whose deadline is near, once a deadline."""
    for _each in range(ROUNDS):
        if not telling.deadline_near(session, at=clock.now()):
            return


@every_minute
def forget_offers_of_who_left(session: Session) -> None:
    """What was being sent while its reader left the list."""
    offers.forget_who_left(session)
