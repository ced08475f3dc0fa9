"""A parcel's life at the door: the lawful steps as data, and the one function that takes a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.notices import telling
from suppliers.models import Parcel, ParcelEvent
from suppliers.models import ParcelState as S

LAWFUL = {
    (S.DISPATCHED, S.DELIVERED): "handed over at the door",
    (S.DISPATCHED, S.FAILED): "could not be handed over; the reason is kept",
    (S.FAILED, S.FAILED): "could not be handed over at a second try either",
    (S.FAILED, S.DELIVERED): "handed over at a later try",
    (S.DELIVERED, S.DISPATCHED): "marked by mistake",
    (S.FAILED, S.DISPATCHED): "marked by mistake, or to be tried again",
}


class UnlawfulParcelStep(MarketError):
    """The parcel stands where this step cannot be taken."""

    def __init__(self) -> None:
        super().__init__(_("This parcel has been marked meanwhile. Reload the page to see how it stands."))


class ReasonNeeded(MarketError):
    """A failure is told with its reason."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Say why it failed: the resident and the office will read it."))


def advance(parcel: Parcel, to: S, *, by: str, at: datetime, because: str, door_id: int | None = None) -> None:
    """Move ``parcel`` to ``to`` and write down who did it and why; ``door_id``: by which telling. Does not commit."""
    if (parcel.state, to) not in LAWFUL:
        raise UnlawfulParcelStep
    if to is S.FAILED and not because:
        raise ReasonNeeded
    parcel.history.append(ParcelEvent(became=to, by=by, at=at, because=because, door_id=door_id))
    parcel.state = to


@dataclass(frozen=True, slots=True)
class Heard:
    """By which telling we know, and when it came in. ``again``: it failed, and is tried once more."""

    door_id: int
    at: datetime
    again: bool = False


HandedOver = Callable[[Session, Parcel, str, datetime], None]

# Shortages are shared out by whoever knows of them; the composition root says who that is.
_handed_over: list[HandedOver] = []


def when_handed_over(act: HandedOver) -> None:
    """Register what is done, in the same transaction, once a parcel (locked) is at its door: by whom, when."""
    if act not in _handed_over:
        _handed_over.append(act)


def mark(
    session: Session,
    parcel: Parcel,
    to: S,
    *,
    by: str,
    at: datetime,
    because: str,
    heard: Heard | None = None,
) -> None:
    """``advance``, and tell the resident. The parcel is locked. Does not commit.

    ``heard``: how we got to know of what happened ``at`` the door, where a courier told it.
    """
    advance(parcel, to, by=by, at=at, because=because, door_id=heard.door_id if heard else None)
    order, key, at = parcel.order, parcel.id, heard.at if heard else at
    again = heard.again if heard else False
    if to is S.DELIVERED:
        telling.delivered(session, order, parcel_id=key, at=at)
        for act in _handed_over:
            act(session, parcel, by, at)
    elif to is S.FAILED:
        telling.failed(session, order, parcel_id=key, reason=because, at=at, again=again)
    else:
        telling.mark_taken_back(session, order, parcel_id=key, at=at)
