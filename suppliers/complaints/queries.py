"""Questions about complaints: what came and when, what waits, what was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.queries import among
from orders.models import OrderLine
from shop.models import Combo
from suppliers.complaints.models import Complaint, ComplaintEntry, ComplaintSource, ComplaintState
from suppliers.door.models import DoorEvent
from suppliers.models import Batch, Parcel, ParcelEvent, ParcelState


class Brought(NamedTuple):
    """A parcel that is at its door, since when."""

    parcel_id: int
    supplier_id: int
    at: datetime


def brought(session: Session, order_id: int) -> Sequence[Brought]:
    """The parcels of an order that were delivered, by when we last heard so: its resident was told no sooner."""
    rows = session.execute(
        select(Parcel.id, Parcel.supplier_id, func.max(func.coalesce(DoorEvent.received_at, ParcelEvent.at)))
        .join(ParcelEvent, (ParcelEvent.parcel_id == Parcel.id) & (ParcelEvent.became == ParcelState.DELIVERED))
        .outerjoin(DoorEvent, DoorEvent.id == ParcelEvent.door_id)
        .where(Parcel.order_id == order_id, Parcel.state == ParcelState.DELIVERED)
        .group_by(Parcel.id, Parcel.supplier_id)
        .order_by(Parcel.id)
    )
    return [Brought(*row) for row in rows]


def lines_of(session: Session, order_id: int, supplier_id: int) -> Sequence[OrderLine]:
    """What a supplier packed of an order, with what is in it."""
    return session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id == order_id, OrderLine.supplier_id == supplier_id)
        .options(selectinload(OrderLine.combo).selectinload(Combo.items))
        .order_by(OrderLine.id)
    ).all()


def complaints_of_order(session: Session, order_id: int) -> Sequence[Complaint]:
    return session.scalars(
        select(Complaint)
        .where(Complaint.order_id == order_id)
        .options(joinedload(Complaint.line))
        .order_by(Complaint.id)
    ).all()


def complaints_of_parcel(session: Session, parcel_id: int) -> Sequence[Complaint]:
    return session.scalars(select(Complaint).where(Complaint.parcel_id == parcel_id).order_by(Complaint.id)).all()


def told_with_key(session: Session, key: str) -> Sequence[Complaint]:
    """What a courier's telling made."""
    return session.scalars(select(Complaint).where(Complaint.door_key == key).order_by(Complaint.id)).all()


def complaint_of_attempt(session: Session, attempt: str) -> Complaint | None:
    return session.scalar(select(Complaint).where(Complaint.attempt == attempt))


def complaint_by_id(session: Session, complaint_id: int) -> Complaint | None:
    return session.scalar(_with_all().where(Complaint.id == complaint_id))


def lock_complaint(session: Session, complaint_id: int) -> Complaint:
    """As it stands now, held."""
    return session.scalars(
        select(Complaint)
        .where(Complaint.id == complaint_id)
        .with_for_update(of=Complaint)
        .execution_options(populate_existing=True)
    ).one()


def _with_all() -> Select[Complaint]:
    batch = joinedload(Complaint.parcel).joinedload(Parcel.batch).joinedload(Batch.round)
    return select(Complaint).options(
        joinedload(Complaint.order), joinedload(Complaint.line), joinedload(Complaint.supplier), batch
    )


def _waits() -> ColumnElement[bool]:
    return Complaint.state == ComplaintState.WAITING


def waiting_complaints(session: Session, *, most: int, skip: int = 0) -> Sequence[Complaint]:
    """What the office has to decide, oldest first. Served by a partial index."""
    return session.scalars(_with_all().where(_waits()).order_by(Complaint.id).limit(most).offset(skip)).all()


def decided_complaints(session: Session, *, most: int, skip: int = 0) -> Sequence[Complaint]:
    """What waits no more, the newest first."""
    found = _with_all().where(~_waits()).order_by(Complaint.id.desc())
    return session.scalars(found.limit(most).offset(skip)).all()


def complaints_of_supplier(session: Session, supplier_id: int, *, most: int, skip: int = 0) -> Sequence[Complaint]:
    """About a supplier's goods, the newest first."""
    found = _with_all().where(Complaint.supplier_id == supplier_id).order_by(Complaint.id.desc())
    return session.scalars(found.limit(most).offset(skip)).all()


def count_waiting(session: Session) -> int:
    """Served by a partial index."""
    return session.scalar(select(func.count()).select_from(Complaint).where(_waits())) or 0


def by_hand(session: Session, *, most: int = 100) -> Sequence[Complaint]:
    """Of which money is still to be given back by hand. Served by a partial index."""
    waits = (Complaint.outside > 0) & Complaint.done_at.is_(None) & Complaint.undone_at.is_(None)
    return session.scalars(_with_all().where(waits).order_by(Complaint.id).limit(most)).all()


def entries_of(session: Session, complaint_id: int) -> Sequence[ComplaintEntry]:
    """The deductions and refunds of a complaint."""
    return session.scalars(
        select(ComplaintEntry)
        .where(ComplaintEntry.complaint_id == complaint_id)
        .options(joinedload(ComplaintEntry.deduction), joinedload(ComplaintEntry.refund))
        .order_by(ComplaintEntry.id)
    ).all()


def door_events_of(session: Session, parcel_id: int) -> Sequence[DoorEvent]:
    """What couriers told of a parcel."""
    return session.scalars(
        select(DoorEvent)
        .where(DoorEvent.parcel_id == parcel_id)
        .options(joinedload(DoorEvent.staff))
        .order_by(DoorEvent.id)
    ).all()


def to_be_forgotten(session: Session, order_ids: Collection[int]) -> Sequence[Complaint]:
    """All complaints about these orders."""
    return session.scalars(select(Complaint).where(among(session, Complaint.order_id, order_ids))).all()


def is_residents(complaint: Complaint) -> bool:
    return complaint.source is ComplaintSource.RESIDENT
