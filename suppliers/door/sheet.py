"""What a courier sees of a run: its stops, those left first and the urgent on top, each with what to hand over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from people.models import Staff, Standing
from suppliers.door.fold import ATTEMPTS, UNDO
from suppliers.door.keep import all_told
from suppliers.door.models import DoorEvent, DoorKind, DoorOutcome
from suppliers.door.queries import ASIDE
from suppliers.manifest import bare_stop, line_words
from suppliers.models import Parcel, ParcelState
from suppliers.queries import newest_manifest
from suppliers.runs.models import Run, RunStop
from suppliers.sums import contents_of

Stop = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One combo of a stop, in words, and which of its items may be told as missing."""

    code: str
    words: str
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Card:
    """One stop. ``last``: by whose word it stands where it stands, if by a courier's; ``to_undo``: its key, if that can
    be taken back; ``undoable``: the same, while it is not too late. ``heard``: the keys of all that was told of it.
    ``aside``: what of that did not count. ``gone``: nothing is left to bring to it.
    """

    parcel: Parcel
    stop: Stop
    place: int
    lines: Sequence[Line]
    urgent: bool
    attempts: int
    last: DoorEvent | None
    to_undo: str
    undoable: str
    heard: Sequence[str]
    aside: Sequence[DoorEvent] = field(default=())
    gone: bool = False

    @property
    def is_left(self) -> bool:
        """Whether somebody still has to go there, perhaps once more."""
        if self.gone or self.parcel.state is ParcelState.DELIVERED:
            return False
        return self.parcel.state is ParcelState.DISPATCHED or self.attempts < ATTEMPTS

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """What is left comes first, of that the urgent, then first attempts before second ones, by the way."""
        return not self.is_left, not self.urgent, self.parcel.state is ParcelState.FAILED, self.place


def cards(
    session: Session, run: Run, events: Mapping[int, Sequence[DoorEvent]], *, people: bool, at: datetime
) -> list[Card]:
    """The stops of a run (as `run_by_code` loads it), by rank. Without ``people`` nobody's name or address.

    ``events`` (`events_of_run`) must have been read before the run was: a phone takes what is heard for counted.
    """
    snapshot = newest_manifest(session, run.batch_id).snapshot
    stops = {stop["stop"]: stop for stop in snapshot["stops"]}
    items = {code: [item["name"] for item in those] for code, those in contents_of(snapshot).items()}
    made = []
    for each in run.stops:
        stop, told = stops.get(each.parcel.stop), events.get(each.parcel_id, [])
        shown = _shown(each.parcel, stop) if people else bare_stop(_shown(each.parcel, stop))
        lines = [_line(line, items) for line in shown["lines"] if not line.get("nothing")]
        made.append(_card(each, shown, lines, told, at=at, gone=stop is None))
    return sorted(made, key=lambda card: card.rank)


def _shown(parcel: Parcel, stop: Stop | None) -> dict[str, Any]:
    """The stop as the manifest has it, or what is known of one that it has no more."""
    bare = {"stop": parcel.stop, "code": parcel.order.code, "ward": parcel.order.ward.name, "lines": []}
    return bare if stop is None else dict(stop)


def _card(
    at_place: RunStop, stop: Stop, lines: Sequence[Line], told: Sequence[DoorEvent], *, at: datetime, gone: bool
) -> Card:
    parcel = at_place.parcel
    last = next((each for each in told if each.id == parcel.history[-1].door_id), None)
    may_undo = last is not None and last.outcome is DoorOutcome.APPLIED and last.kind is not DoorKind.UNDONE
    return Card(
        parcel=parcel,
        stop=stop,
        place=at_place.place,
        lines=lines,
        urgent=parcel.urgent or parcel.order.ward.standing is Standing.PRIORITISED,
        attempts=all_told(parcel, told).attempts,
        last=last,
        to_undo=last.key if last and may_undo else "",
        undoable=last.key if last and may_undo and at - last.at <= UNDO else "",
        heard=[each.key for each in told],
        aside=[each for each in told if each.outcome in ASIDE],
        gone=gone,
    )


def _line(line: Stop, items: Mapping[str, Sequence[str]]) -> Line:
    missing = {item["name"] for item in line.get("without", ()) if item["quantity"]}
    return Line(line["code"], line_words(line), [name for name in items.get(line["code"], ()) if name not in missing])


def mine(run: Run | None, staff: Staff) -> bool:
    """Whether the run is of this courier's team."""
    return run is not None and run.team_id == staff.team_id


def standing(card: Card) -> dict[str, Any]:
    """How a stop stands, for the page on the phone."""
    last = card.parcel.history[-1]
    return {
        "parcel": card.parcel.id,
        "code": card.parcel.order.code,
        "state": card.parcel.state.value,
        "left": card.is_left,
        "urgent": card.urgent,
        "attempts": card.attempts,
        "at": last.at.isoformat(),
        "by": card.last.staff.name if card.last else last.by,
        "because": last.because if card.parcel.state is ParcelState.FAILED else "",
        "last": card.to_undo,
        "undoable": card.undoable,
        "heard": card.heard,
        "aside": [each.key for each in card.aside],
    }
