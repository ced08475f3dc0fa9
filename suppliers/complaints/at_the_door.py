"""What a courier ticks as missing becomes complaints that the office decides, and is withdrawn with the telling."""

from __future__ import annotations

from sqlalchemy.orm import Session

from suppliers.complaints.keep import taken_back_at_door, told_at_door
from suppliers.door.models import DoorEvent
from suppliers.models import Parcel


def short_at_the_door(session: Session, parcel: Parcel, event: DoorEvent, counts: bool) -> None:
    """A telling begins to count, or no longer does. The parcel is locked. Does not commit."""
    if not event.short:
        return
    at, by = event.received_at, event.staff.username
    if counts:
        told_at_door(session, parcel, key=event.key, short=event.short, at=at, by=by)
    else:
        taken_back_at_door(session, key=event.key, at=at, by=by)
