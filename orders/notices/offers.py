"""Who waits for a place in a full round is told when one is kept for them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.notices.models import Notice
from kernel.notices.outbox import News, forget, tell
from orders.notices.events import PLACE, Event
from orders.notices.queries import told_of_nobody
from orders.waiting.models import WaitingEntry, WaitingStatus
from orders.waiting.queries import entry_of_subject


def place_kept(session: Session, entry: WaitingEntry) -> None:
    """A place is kept for ``entry``, which is locked: one notice for each offer. Does not commit."""
    if entry.offered_at is None or entry.offered_until is None:
        return
    news = News(
        subject=entry.subject,
        topic=PLACE,
        event=Event.PLACE_KEPT,
        sense=f"{Event.PLACE_KEPT}:{entry.offered_at.isoformat()}",
        phone=entry.phone,
        language=entry.language,
        params={
            "place": entry.token,
            "round": entry.round_id,
            "deadline": entry.offered_until.isoformat(),
            "delivery": entry.round.delivery_on.isoformat(),
        },
    )
    tell(session, [news], at=entry.offered_at)


def offer_overtaken(session: Session, notice: Notice) -> str:
    """Why an offer is not told any more; empty while the place is kept."""
    entry = entry_of_subject(session, notice.subject)
    if entry is None:
        return "no-entry"
    still = entry.status is WaitingStatus.OFFERED and entry.offered_until is not None
    return "" if still and entry.offered_until > clock.now() else "place-gone"  # type: ignore[operator]


def forget_who_left(session: Session) -> None:
    """Delete what was being sent just when its reader left the list."""
    forget(session, told_of_nobody(session), at=clock.now())
