"""Each minute: group orders that were begun a day ago and never placed are deleted, with all who stand in them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.groups.draft import LASTS
from orders.groups.queries import drafts_begun_before


@every_minute
def forget_old_drafts(session: Session) -> None:
    for draft in drafts_begun_before(session, clock.now() - LASTS):
        session.delete(draft)
