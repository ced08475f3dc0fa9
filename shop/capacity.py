"""Places in a delivery round, counted in parcels: taken in one statement, so that no two people get the same one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import case, update
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from people.models import WardRow
from shop.models import Capacity, Round
from shop.queries import capacities_by_door, capacity_ids, fewest_places, rounds_taking_orders

Door = tuple[int, int]
"""(ward, supplier): where a capacity of a round counts."""


class RoundFull(MarketError):
    """The round has no place left for this ward, or one of the suppliers does not go there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A round as a resident sees it before checkout.

    ``places_left`` with the scarcest of the suppliers needed, None while it depends on the ward; ``full_for`` names the
    wards that have none, ``closed_for`` those whose last order is past. ``ward``: for which it is, if for one.
    """

    round: Round
    places_left: int | None
    full_for: tuple[str, ...] = ()
    closed_for: tuple[str, ...] = ()
    ward: WardRow | None = None

    @property
    def closes_at(self) -> datetime:
        return self.round.closes_for(self.ward.id) if self.ward else self.round.closes_at

    @property
    def full(self) -> bool:
        return self.places_left == 0


def offers(
    session: Session, wards: Sequence[WardRow], *, supplier_ids: Collection[int], at: datetime
) -> Sequence[Offer]:
    """Every round that takes orders at ``at``, with what these suppliers have left for the ward, or the wards."""
    left = fewest_places(session, [ward.id for ward in wards], supplier_ids, at)
    found = (_offer(each, wards, left, at) for each in rounds_taking_orders(session, at))
    return [offer for offer in found if offer]


def _offer(a_round: Round, wards: Sequence[WardRow], left: Mapping[Door, int], at: datetime) -> Offer | None:
    """None where the last order of each of the wards is past."""
    there = {ward.name: left.get((a_round.id, ward.id), 0) for ward in wards if a_round.takes_orders(at, ward.id)}
    if not there:
        return None
    full_for = tuple(name for name, places in there.items() if not places)
    closed_for = tuple(ward.name for ward in wards if ward.name not in there)
    certain = len(there) == 1 or len(full_for) == len(there)
    only = wards[0] if len(wards) == 1 else None
    return Offer(a_round, max(there.values()) if certain else None, full_for, closed_for, only)


def next_with_places(
    session: Session,
    ward: WardRow,
    *,
    supplier_ids: Collection[int],
    at: datetime,
    besides: int = 0,
) -> Sequence[Round]:
    """The rounds with a place for this ward, the nearest first; ``besides`` is left out."""
    found = offers(session, [ward], supplier_ids=supplier_ids, at=at)
    return [each.round for each in found if not each.full and each.round.id != besides]


def take_places(session: Session, *, round_id: int, ward_id: int, supplier_ids: Collection[int]) -> list[int]:
    """Take one place with each supplier, or RoundFull and the caller rolls back. Answers the capacities' ids.

    Each place is one conditional UPDATE: read, decide and write in a single statement, in one order for everybody.
    """
    wanted = dict.fromkeys(supplier_ids, 1)
    if (taken := _take_all(session, round_id, ward_id, wanted=wanted)) is None:
        raise RoundFull(_("This delivery round is full for your ward. Choose another round, or fewer combos."))
    return list(taken.values())


def take_places_together(session: Session, *, round_id: int, ward_id: int, wanted: Mapping[int, int]) -> dict[int, int]:
    """``take_places`` for many orders of one ward at once: so many with each supplier. Answers supplier → capacity."""
    if (taken := _take_all(session, round_id, ward_id, wanted=wanted)) is None:
        raise RoundFull(
            _(
                "This delivery round has not enough places left in your ward for all of your group. Nothing was "
                "ordered. Choose another round, or remove some neighbours or combos."
            )
        )
    return taken


def _take_all(session: Session, round_id: int, ward_id: int, *, wanted: Mapping[int, int]) -> dict[int, int] | None:
    """Supplier → capacity, in the order in which everybody locks them; None if one has too few places."""
    found = capacity_ids(session, round_id, ward_id, wanted.keys())
    enough = all(_take(session, capacity_id, wanted[supplier]) for supplier, capacity_id in found.items())
    return found if enough and len(found) == len(wanted) else None


def _take(session: Session, capacity_id: int, many: int) -> bool:
    free = (Capacity.id == capacity_id) & (Capacity.held + many <= Capacity.places)
    taken = session.execute(update(Capacity).where(free).values(held=Capacity.held + many).returning(Capacity.id))
    return taken.first() is not None


def force_places(session: Session, round_id: int, wanted: Mapping[Door, int]) -> tuple[dict[Door, int], int]:
    """Take so many places at each door even where there are none: the office's own decision, kept in ``beyond``.

    Answers the capacities' ids by door, and how many of the places are beyond what was planned.
    """
    found = capacities_by_door(session, round_id)
    for ward_id, supplier_id in sorted(wanted.keys() - found.keys()):
        found[ward_id, supplier_id] = _unplanned(session, round_id, ward_id, supplier_id)
    taken = {door: found[door] for door in sorted(wanted, key=found.__getitem__)}
    return taken, sum(_force(session, capacity_id, wanted[door]) for door, capacity_id in taken.items())


def _force(session: Session, capacity_id: int, many: int) -> int:
    """So many places more, in one statement; how many of them are beyond the plan."""
    held = Capacity.held + many
    over = held > Capacity.places + Capacity.beyond
    now_held, places = session.execute(
        update(Capacity)
        .where(Capacity.id == capacity_id)
        .values(held=held, beyond=case((over, held - Capacity.places), else_=Capacity.beyond))
        .returning(Capacity.held, Capacity.places)
    ).one()
    return int(min(many, max(0, now_held - places)))


def _unplanned(session: Session, round_id: int, ward_id: int, supplier_id: int) -> int:
    fresh = Capacity(round_id=round_id, ward_id=ward_id, supplier_id=supplier_id, places=0, held=0, beyond=0)
    session.add(fresh)
    session.flush()
    return fresh.id


def give_back(session: Session, capacity_ids_held: Iterable[int]) -> None:
    """Free one place in each capacity; what had been let in beyond the places goes first."""
    for capacity_id in sorted(capacity_ids_held):
        fewer = case((Capacity.beyond > 0, Capacity.beyond - 1), else_=0)
        session.execute(update(Capacity).where(Capacity.id == capacity_id).values(held=Capacity.held - 1, beyond=fewer))


def set_places(session: Session, capacity_id: int, places: int) -> bool:
    """Plan so many places, never fewer than are promised: whether that could be. One statement decides and writes.

    What was let in beyond the plan stays so only as far as the new plan does not cover it.
    """
    over = Capacity.held > places
    changed = session.execute(
        update(Capacity)
        .where(Capacity.id == capacity_id, Capacity.held <= places + Capacity.beyond)
        .values(places=places, beyond=case((over, Capacity.held - places), else_=0))
        .returning(Capacity.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def plan_places(session: Session, round_id: int, door: Door, places: int) -> None:
    """Places where none were planned yet."""
    ward_id, supplier_id = door
    session.add(Capacity(round_id=round_id, ward_id=ward_id, supplier_id=supplier_id, places=places, held=0, beyond=0))
