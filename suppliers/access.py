"""Until when a supplier's links to a manifest's files work: 48 hours after delivery (docs/decisions/0038)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from kernel.web import show_moment
from people.models import Role, Staff
from suppliers.models import Batch
from suppliers.queries import last_mark

AFTER = timedelta(hours=48)
AT_LAST = timedelta(days=7)
"""So long after the day of delivery it ends in any case, though a stop was never marked."""


class Expired(MarketError):
    """The files were there for the delivery, which is over."""

    status = 410

    def __init__(self, since: datetime) -> None:
        super().__init__(
            _(
                "Delivery is over: since %(at)s this manifest can't be downloaded any more, "
                "since it holds residents’ data. "
                "If you still need it, ask the office: it can.",
                at=show_moment(since),
            )
        )


def ends_at(session: Session, batch: Batch) -> datetime:
    """When the files of a batch are no longer its supplier's: 48 hours after the last mark, or after the end of the day
    of delivery if that is later; a week after that day while a stop is not marked."""
    over = clock.at(batch.round.delivery_on + timedelta(days=1), 0)
    waits, last = last_mark(session, batch.id)
    return over + AT_LAST if waits or last is None else min(max(last, over) + AFTER, over + AT_LAST)


def is_over(session: Session, batch: Batch, staff: Staff, at: datetime) -> bool:
    """Whether this one is late. The office never is."""
    return staff.role is not Role.OFFICE and at >= ends_at(session, batch)


def check(session: Session, batch: Batch, staff: Staff, at: datetime) -> None:
    """Refuse who is late."""
    if is_over(session, batch, staff, at):
        raise Expired(ends_at(session, batch))
