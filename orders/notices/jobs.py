"""Each minute: who has little time left to pay is reminded."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.notices import telling

ROUNDS = 5
"""So many times a thousand in one minute; the rest in the next."""


@every_minute
def remind_residents(session: Session) -> None:
    """Tell those whose deadline is near, once a deadline."""
    for _each in range(ROUNDS):
        if not telling.deadline_near(session, at=clock.now()):
            return
