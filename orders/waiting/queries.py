"""Questions about waiting lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from orders.waiting.models import KeptPlace, WaitingEntry, WaitingStatus
from shop.models import Capacity, Round
from shop.queries import closes_for, taking_orders

WAITS = WaitingEntry.status == WaitingStatus.WAITING


def entry_by_token(session: Session, token: str) -> WaitingEntry | None:
    return session.scalar(select(WaitingEntry).where(WaitingEntry.token == token))


def entry_of_subject(session: Session, subject: str) -> WaitingEntry | None:
    """The entry that notices under this subject are about."""
    number = subject.removeprefix("W")
    return session.get(WaitingEntry, int(number), populate_existing=True) if number.isdecimal() else None


def ahead_of(session: Session, entry: WaitingEntry) -> int:
    """How many wait in the same ward and round since before ``entry``. Served by a partial index."""
    before = (
        WAITS
        & (WaitingEntry.round_id == entry.round_id)
        & (WaitingEntry.ward_id == entry.ward_id)
        & (WaitingEntry.id < entry.id)
    )
    return int(session.scalar(select(func.count()).select_from(WaitingEntry).where(before)) or 0)


def anybody_waits(session: Session, round_id: int, ward_id: int) -> bool:
    line = WAITS & (WaitingEntry.round_id == round_id) & (WaitingEntry.ward_id == ward_id)
    return session.scalar(select(WaitingEntry.id).where(line).limit(1)) is not None


def lines_waiting(session: Session, at: datetime) -> Sequence[tuple[int, int]]:
    """(round, ward) of every line in which somebody waits while the round takes orders, in one order."""
    rows = session.execute(
        select(WaitingEntry.round_id, WaitingEntry.ward_id)
        .join(WaitingEntry.round)
        .where(WAITS, taking_orders(at, WaitingEntry.ward_id))
        .distinct()
        .order_by(WaitingEntry.round_id, WaitingEntry.ward_id)
    )
    return [(round_id, ward_id) for round_id, ward_id in rows]


def lock_free_places(session: Session, round_id: int, ward_id: int) -> dict[int, tuple[int, int]]:
    """Supplier → (capacity, places left) of a line's capacities that have any; locked, in the order of everybody."""
    rows = session.execute(
        select(Capacity.supplier_id, Capacity.id, Capacity.places - Capacity.held)
        .where(Capacity.round_id == round_id, Capacity.ward_id == ward_id, Capacity.held < Capacity.places)
        .order_by(Capacity.id)
        .with_for_update()
    )
    return {supplier_id: (capacity_id, left) for supplier_id, capacity_id, left in rows}


def line_of(session: Session, round_id: int, ward_id: int) -> Sequence[WaitingEntry]:
    """Who waits, first come first. Served by a partial index."""
    line = WAITS & (WaitingEntry.round_id == round_id) & (WaitingEntry.ward_id == ward_id)
    return session.scalars(
        select(WaitingEntry).where(line).order_by(WaitingEntry.id).execution_options(populate_existing=True)
    ).all()


def kept_capacities(session: Session, entry_ids: Collection[int]) -> Sequence[int]:
    """The capacities in which places are kept for these, one for each place."""
    rows = select(KeptPlace.capacity_id).where(KeptPlace.entry_id.in_(entry_ids)).order_by(KeptPlace.capacity_id)
    return session.scalars(rows).all()


def unused_offers(session: Session, at: datetime, *, most: int = 500) -> Sequence[int]:
    """Whose place was kept until ``at`` or before. Served by a partial index."""
    over = (WaitingEntry.status == WaitingStatus.OFFERED) & (WaitingEntry.offered_until <= at)
    return session.scalars(select(WaitingEntry.id).where(over).order_by(WaitingEntry.id).limit(most)).all()


def entries_in_vain(session: Session, at: datetime, *, most: int = 500) -> Sequence[int]:
    """Everybody for whose ward a round has closed; of those that left early who has neither an offer nor an order."""
    in_vain = WaitingEntry.status.in_([WaitingStatus.WAITING, WaitingStatus.PASSED])
    over = (closes_for(WaitingEntry.ward_id) <= at) | (Round.dispatched_at.is_not(None) & in_vain)
    found = select(WaitingEntry.id).join(WaitingEntry.round).where(over)
    return session.scalars(found.order_by(WaitingEntry.id).limit(most)).all()


def entries_of_round(session: Session, round_id: int) -> Sequence[WaitingEntry]:
    """Everybody on a round's list, by ward, first come first."""
    return session.scalars(
        select(WaitingEntry).where(WaitingEntry.round_id == round_id).order_by(WaitingEntry.ward_id, WaitingEntry.id)
    ).all()


def lock_entries(session: Session, entry_ids: Collection[int]) -> Sequence[WaitingEntry]:
    return session.scalars(
        select(WaitingEntry)
        .where(WaitingEntry.id.in_(entry_ids))
        .order_by(WaitingEntry.id)
        .with_for_update(of=WaitingEntry)
        .execution_options(populate_existing=True)
    ).all()
