"""Each minute: places that were kept in vain and places that came free go to those who wait."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.waiting import line
from orders.waiting.queries import entries_in_vain, lines_waiting, unused_offers
from shop.models import Round


@every_minute
def tend_the_lines(session: Session) -> None:
    """Clear the lists of closed rounds, pass unused offers on, and offer what is free."""
    now = clock.now()
    line.clear(session, entries_in_vain(session, now))
    line.pass_on(session, unused_offers(session, now), at=now)
    for round_id, ward_id in lines_waiting(session, now):
        line.serve(session, session.get_one(Round, round_id), ward_id, at=now)
