"""Complaints in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from suppliers.complaints.models import Complaint, ComplaintKind, ComplaintState

KINDS: dict[ComplaintKind, LazyString] = {
    ComplaintKind.MISSING: _l("It is missing, or less than ordered"),
    ComplaintKind.SPOILED: _l("It is spoiled"),
    ComplaintKind.DAMAGED: _l("It is damaged"),
    ComplaintKind.WRONG: _l("It is something else than ordered"),
    ComplaintKind.OTHER: _l("Something else"),
}
STATES: dict[ComplaintState, tuple[LazyString, str]] = {
    ComplaintState.WAITING: (_l("The office is looking at it"), "warn"),
    ComplaintState.ACCEPTED: (_l("Accepted"), "good"),
    ComplaintState.REFUSED: (_l("Refused"), "bad"),
    ComplaintState.WITHDRAWN: (_l("Taken back"), ""),
}


def kind_words(complaint: Complaint) -> str:
    return str(KINDS[complaint.kind])


def stand_words(complaint: Complaint) -> tuple[str, str]:
    """Where it stands, and the tone of a tag with it."""
    if complaint.undone_at:
        return str(_l("Refused after all")), "bad"
    words, tone = STATES[complaint.state]
    return str(words), tone
