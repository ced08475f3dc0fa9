"""What is said of what happened at a door."""

from __future__ import annotations

from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from suppliers.door.models import DoorEvent, DoorOutcome, DoorReason

REASONS: dict[DoorReason, LazyString] = {
    DoorReason.ABSENT: _l("Nobody at home"),
    DoorReason.REFUSED: _l("The resident refused it"),
    DoorReason.WRONG_ADDRESS: _l("Wrong address"),
    DoorReason.DAMAGED: _l("Damaged on the way"),
    DoorReason.MISSING_ITEM: _l("Something is missing"),
    DoorReason.LOCKED_AREA: _l("The area is locked"),
}

OUTCOMES: dict[DoorOutcome, LazyString] = {
    DoorOutcome.APPLIED: _l("counted"),
    DoorOutcome.UNDONE: _l("taken back"),
    DoorOutcome.WAITING: _l("takes back something that has not reached us"),
    DoorOutcome.TOO_LATE: _l("came more than ten minutes later, so it was not taken back"),
    DoorOutcome.ALREADY_DELIVERED: _l("not counted: it had been handed over before"),
    DoorOutcome.NO_MORE_ATTEMPTS: _l("not counted: two attempts had been made"),
}


def because(event: DoorEvent, attempt: int) -> str:
    """Why it failed, as its history keeps it and its resident reads it: Vietnamese, like all data."""
    if event.reason is None:
        return ""
    with force_locale("vi"):
        reason = str(REASONS[event.reason])
        words = f"{reason}: {event.words}" if event.words else reason
        return str(_("%(reason)s (attempt %(number)s)", reason=words, number=attempt)) if attempt > 1 else words
