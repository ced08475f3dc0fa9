"""Questions about scores: what is to be counted, what a batch comes to, and the history of a supplier."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.queries import among
from orders.models import Order
from people.models import Supplier
from shop.models import Round, Slot
from suppliers.complaints.models import Complaint, ComplaintSource, ComplaintState
from suppliers.models import Batch, Parcel, ParcelEvent, ParcelState
from suppliers.scores.models import SupplierScore
from suppliers.shortages.models import Shortage, ShortageShare


def batches_to_count(session: Session, *, since: date, before: datetime, most: int) -> Sequence[int]:
    """Batches of rounds delivered since that day that were not counted since ``before``.

    By an index on the day of delivery, then on a round's batches.
    """
    fresh = exists().where(SupplierScore.batch_id == Batch.id, SupplierScore.counted_at > before)
    found = select(Batch.id).join(Batch.round).where(Round.delivery_on >= since, ~fresh)
    return session.scalars(found.order_by(Batch.id).limit(most)).all()


def promises(session: Session, batch_ids: Collection[int]) -> Sequence[tuple[date, Slot]]:
    """The days and hours for which what these batches bring was promised: a few, however many stops."""
    rows = session.execute(
        select(Order.promised_on, Order.promised_slot)
        .join(Parcel, Parcel.order_id == Order.id)
        .where(among(session, Parcel.batch_id, batch_ids))
        .distinct()
    )
    return [(row[0], row[1]) for row in rows]


class Counted(NamedTuple):
    """A batch in stops."""

    batch_id: int
    supplier_id: int
    delivery_on: date
    stops: int
    delivered: int
    on_time: int
    failed: int
    short: int


def counted_stops(
    session: Session, batch_ids: Collection[int], ends: Sequence[tuple[date, Slot, datetime]]
) -> Sequence[Counted]:
    """What these batches come to; ``ends``: until when each promise was kept."""
    rows = session.execute(
        select(
            Batch.id,
            Batch.supplier_id,
            Round.delivery_on,
            func.count(),
            _many(Parcel.state == ParcelState.DELIVERED),
            _many(_on_time(ends)),
            _many(Parcel.state == ParcelState.FAILED),
            _many(_short()),
        )
        .select_from(Parcel)
        .join(Batch, Batch.id == Parcel.batch_id)
        .join(Round, Round.id == Batch.round_id)
        .join(Order, Order.id == Parcel.order_id)
        .where(among(session, Parcel.batch_id, batch_ids))
        .group_by(Batch.id, Batch.supplier_id, Round.delivery_on)
        .order_by(Batch.id)
    )
    return [Counted(*row) for row in rows]


def _many(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def _on_time(ends: Sequence[tuple[date, Slot, datetime]]) -> ColumnElement[bool]:
    came = (
        select(func.max(ParcelEvent.at))
        .where(ParcelEvent.parcel_id == Parcel.id, ParcelEvent.became == ParcelState.DELIVERED)
        .scalar_subquery()
    )
    kept: list[tuple[Any, Any]] = [
        (and_(Order.promised_on == on, Order.promised_slot == slot), case((came <= end, 1), else_=0))
        for on, slot, end in ends
    ]
    return and_(Parcel.state == ParcelState.DELIVERED, case(*kept, else_=0) == 1)


def _short() -> ColumnElement[bool]:
    """Something was missing: a shortage that stands, or what a courier told at the door."""
    shared = exists().where(
        ShortageShare.order_id == Parcel.order_id,
        Shortage.id == ShortageShare.shortage_id,
        Shortage.batch_id == Parcel.batch_id,
        Shortage.withdrawn_at.is_(None),
    )
    told = exists().where(
        Complaint.parcel_id == Parcel.id,
        Complaint.source == ComplaintSource.COURIER,
        Complaint.state != ComplaintState.WITHDRAWN,
    )
    return shared | told


def complained(session: Session, batch_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Batch → how many stops residents complained of, and of how many that was accepted."""
    upheld = (Complaint.state == ComplaintState.ACCEPTED) & Complaint.undone_at.is_(None)
    rows = session.execute(
        select(
            Parcel.batch_id,
            func.count(distinct(Parcel.id)),
            func.count(distinct(case((upheld, Parcel.id)))),
        )
        .join(Complaint, Complaint.parcel_id == Parcel.id)
        .where(
            among(session, Parcel.batch_id, batch_ids),
            Complaint.source == ComplaintSource.RESIDENT,
            Complaint.state != ComplaintState.WITHDRAWN,
        )
        .group_by(Parcel.batch_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


class Sum(NamedTuple):
    """Stops of several batches, and of how many this or that is true."""

    supplier_id: int
    code: str
    name: str
    batches: int
    stops: int
    delivered: int
    on_time: int
    failed: int
    short: int
    complaints: int
    upheld: int


_COUNTS = ("stops", "delivered", "on_time", "failed", "short", "complaints", "upheld")


def sums(session: Session, *, since: date, supplier_id: int | None = None) -> Sequence[Sum]:
    """Each supplier that brought something since that day, by its code. Served by an index on the day."""
    counts = [func.sum(getattr(SupplierScore, each)) for each in _COUNTS]
    found = (
        select(Supplier.id, Supplier.code, Supplier.name, func.count(), *counts)
        .join(SupplierScore, SupplierScore.supplier_id == Supplier.id)
        .where(SupplierScore.delivery_on >= since)
        .group_by(Supplier.id, Supplier.code, Supplier.name)
        .order_by(Supplier.code)
    )
    if supplier_id is not None:
        found = found.where(Supplier.id == supplier_id)
    return [Sum(*row) for row in session.execute(found)]


def history(session: Session, supplier_id: int, *, most: int, skip: int = 0) -> Sequence[SupplierScore]:
    """A supplier's batches, the newest first."""
    return session.scalars(
        select(SupplierScore)
        .where(SupplierScore.supplier_id == supplier_id)
        .options(joinedload(SupplierScore.batch).joinedload(Batch.round))
        .order_by(SupplierScore.delivery_on.desc(), SupplierScore.batch_id.desc())
        .limit(most)
        .offset(skip)
    ).all()
