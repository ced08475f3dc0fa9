"""What a courier tells is kept once, whatever comes of it; the parcel becomes what all that was told makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError, NotFound
from people.models import Staff
from suppliers.door import proof
from suppliers.door.fold import ATTEMPTS, Folded, Marked, Told, fold
from suppliers.door.models import DoorEvent, DoorKind, DoorOutcome, DoorReason
from suppliers.door.queries import event_by_key, events_of_parcel, run_of_parcel
from suppliers.door.wording import because
from suppliers.models import Parcel, ParcelState
from suppliers.parcels import LAWFUL, Heard, mark
from suppliers.queries import lock_parcel


class AnotherTelling(MarketError):
    """The key of this telling belongs to another one."""

    def __init__(self) -> None:
        super().__init__(_("This was told before in other words. Reload the page and look how the stop stands."))


class ProofNeeded(MarketError):
    """Nothing shows that it was handed over."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Take a photo of the goods at the door, or name who of the block saw it."))


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing told: as `DoorEvent` keeps it. ``at``: when it happened."""

    key: str
    parcel_id: int
    kind: DoorKind
    at: datetime
    undoes: str | None = None
    reason: DoorReason | None = None
    words: str = ""
    witness: str = ""
    short: Sequence[dict[str, Any]] = field(default=())


WhenCounted = Callable[[Session, Parcel, DoorEvent, bool], None]

# Complaints are made of what was short at a door by whoever knows of them; the composition root says who that is.
_when_counted: list[WhenCounted] = []


def when_counted(act: WhenCounted) -> None:
    """Register what is done, in the same transaction, when a telling begins to count (True) or no longer does."""
    if act not in _when_counted:
        _when_counted.append(act)


def heard_before(session: Session, telling: Telling, staff: Staff) -> DoorEvent | None:
    """The telling as it was kept when it came first; refuses one that uses another's key."""
    known = event_by_key(session, telling.key)
    if known and (known.parcel_id, known.kind, known.staff_id) != (telling.parcel_id, telling.kind, staff.id):
        raise AnotherTelling
    return known


def tell(
    session: Session, telling: Telling, staff: Staff, *, heard_at: datetime, photo: bytes | None = None
) -> DoorEvent:
    """Keep it with its photo (WebP), and let the parcel follow. Told twice it counts once. Does not commit.

    A courier may tell of any parcel of the own supplier: a run may have been given to another team while this phone had
    no connection, and what happened at the door happened. Nothing happened before the parcel left, or in the future.
    """
    parcel = lock_parcel(session, telling.parcel_id)
    if parcel is None or parcel.supplier_id != staff.supplier_id:
        raise NotFound(_("There is no such parcel among yours."))
    if known := heard_before(session, telling, staff):
        return known
    if telling.kind is DoorKind.DELIVERED and not (photo or telling.witness):
        raise ProofNeeded
    event = DoorEvent(
        key=telling.key,
        parcel_id=parcel.id,
        kind=telling.kind,
        undoes=telling.undoes,
        staff_id=staff.id,
        staff=staff,
        run_id=run_of_parcel(session, parcel.id),
        at=max(parcel.batch.dispatched_at, min(telling.at, heard_at)),
        received_at=heard_at,
        reason=telling.reason,
        words=telling.words,
        witness=telling.witness,
        photo=proof.keep(telling.key, photo) if photo else "",
        short=list(telling.short),
    )
    session.add(event)
    session.flush()
    _follow(session, parcel, event)
    return event


def all_told(parcel: Parcel, events: Iterable[DoorEvent]) -> Folded:
    """What all that was told and marked of a parcel makes of it."""
    return fold(
        [Told(each.key, each.kind, each.at, each.undoes) for each in events],
        [Marked(each.became, each.at) for each in parcel.history[1:] if each.door_id is None],
    )


def _follow(session: Session, parcel: Parcel, heard: DoorEvent) -> None:
    """Let the parcel be what all that was told of it makes of it, now that this was ``heard``, too."""
    events = {event.key: event for event in events_of_parcel(session, parcel.id)}
    folded = all_told(parcel, events.values())
    for key, outcome in folded.outcomes.items():
        _became(session, parcel, events[key], outcome)
    _step(session, parcel, folded, events.get(folded.by or ""), heard)
    session.flush()


def _became(session: Session, parcel: Parcel, event: DoorEvent, outcome: DoorOutcome) -> None:
    counted, counts = event.outcome is DoorOutcome.APPLIED, outcome is DoorOutcome.APPLIED
    event.outcome = outcome
    if counted is not counts:
        for act in _when_counted:
            act(session, parcel, event, counts)


def _step(session: Session, parcel: Parcel, folded: Folded, event: DoorEvent | None, heard: DoorEvent) -> None:
    """One step of the parcel, or two by way of “on its way” where there is none straight to where it stands.

    ``event``: by whose word it stands there, if by a courier's.
    """
    last = parcel.history[-1]
    again = folded.state is ParcelState.FAILED and event is not None and last.door_id not in (None, event.id)
    if parcel.state is folded.state and not again:
        return
    if (parcel.state, folded.state) not in LAWFUL or folded.state is ParcelState.DISPATCHED:
        how = Heard(heard.id, heard.received_at)
        _mark(session, parcel, ParcelState.DISPATCHED, heard, why="", heard=how)
    if folded.state is not ParcelState.DISPATCHED:
        cause = event or heard
        how = Heard(cause.id, heard.received_at, again=folded.attempts < ATTEMPTS)
        _mark(session, parcel, folded.state, cause, why=because(cause, folded.attempts), heard=how)


def _mark(session: Session, parcel: Parcel, to: ParcelState, cause: DoorEvent, *, why: str, heard: Heard) -> None:
    mark(session, parcel, to, by=cause.staff.username, at=cause.at, because=why, heard=heard)
