"""What a parcel is by all that was told of it, in whatever order it came. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suppliers.door.models import DoorKind, DoorOutcome
from suppliers.models import ParcelState

UNDO = timedelta(minutes=10)
"""So long a mark may be taken back at the door; later it is the office's to correct."""

ATTEMPTS = 2
"""So often a parcel is brought to a door in vain before the office decides what becomes of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a courier told: ``key`` is its own, ``undoes`` the key of what was a mistake."""

    key: str
    kind: DoorKind
    at: datetime
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What the supplier, its program or a shortage made of the parcel, apart from couriers."""

    became: ParcelState
    at: datetime


@dataclass(slots=True)
class Folded:
    """Where the parcel stands, by which courier's word if by one's, after how many failed attempts."""

    state: ParcelState = ParcelState.DISPATCHED
    by: str | None = None
    attempts: int = 0
    outcomes: dict[str, DoorOutcome] = field(default_factory=dict)


def fold(told: Iterable[Told], marked: Iterable[Marked] = ()) -> Folded:
    """Go through all of it by the time it happened. The same whatever the order it is given in, and however often."""
    by_key = {each.key: each for each in told}
    folded = Folded(outcomes=_undone(by_key))
    steps: list[tuple[datetime, str, Told | Marked]] = [
        *((each.at, "", each) for each in marked),
        *((each.at, each.key, each) for each in by_key.values() if each.key not in folded.outcomes),
    ]
    for _at, _key, step in sorted(steps, key=lambda step: step[:2]):
        if isinstance(step, Marked):
            _mark(folded, step)
        else:
            folded.outcomes[step.key] = _tell(folded, step)
    return folded


def _undone(by_key: Mapping[str, Told]) -> dict[str, DoorOutcome]:
    """What undoes, and what is undone: neither counts as a step."""
    outcomes: dict[str, DoorOutcome] = {}
    for each in by_key.values():
        if each.kind is not DoorKind.UNDONE:
            continue
        mistake = by_key.get(each.undoes or "")
        if mistake is None or mistake.kind is DoorKind.UNDONE:
            outcomes[each.key] = DoorOutcome.WAITING
        elif abs(each.at - mistake.at) > UNDO:
            outcomes[each.key] = DoorOutcome.TOO_LATE
        else:
            outcomes[each.key], outcomes[mistake.key] = DoorOutcome.APPLIED, DoorOutcome.UNDONE
    return outcomes


def _mark(folded: Folded, step: Marked) -> None:
    """What was handed over does not fail afterwards; only that it is to be brought again ends a delivery."""
    if step.became is ParcelState.FAILED and folded.state is ParcelState.DELIVERED:
        return
    if step.became is ParcelState.DISPATCHED:
        folded.attempts = 0
    elif step.became is ParcelState.FAILED:
        folded.attempts += 1
    folded.state, folded.by = step.became, None


def _tell(folded: Folded, step: Told) -> DoorOutcome:
    if folded.state is ParcelState.DELIVERED:
        return DoorOutcome.ALREADY_DELIVERED
    if step.kind is DoorKind.FAILED and folded.attempts >= ATTEMPTS:
        return DoorOutcome.NO_MORE_ATTEMPTS
    folded.attempts += step.kind is DoorKind.FAILED
    folded.state = ParcelState.FAILED if step.kind is DoorKind.FAILED else ParcelState.DELIVERED
    folded.by = step.key
    return DoorOutcome.APPLIED
