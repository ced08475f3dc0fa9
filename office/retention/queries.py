"""Which orders are over and need no name any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from orders.models import Order, OrderGroup, OrderState
from orders.payments.models import Allocation, Place, Posting
from shop.models import Round
from suppliers.complaints.models import Complaint, ComplaintState
from suppliers.models import Parcel, ParcelEvent, ParcelState

_NOBODYS = (Place.UNPLACED, Place.CREDIT, Place.REFUND_DUE)
"""Where money lies that somebody may still have to be called about."""


def finished_long_ago(session: Session, *, day: date, moment: datetime, most: int) -> Sequence[Order]:
    """Orders of rounds delivered before ``day``, locked: brought and paid to the đồng, or ended without money.

    Those stay of which a parcel was touched since ``moment`` or a complaint waits, or of whose payer money is still
    here. What somebody else is at work on is left for the next time. Served by a partial index on what is remembered.
    """
    long_ago = Order.forgotten_at.is_(None) & (Round.delivery_on < day)
    found = (
        select(Order)
        .join(Round, Round.id == Order.round_id)
        .where(long_ago, or_(_brought(moment), _ended()), ~_something_is_kept())
        .order_by(Order.id)
        .limit(most)
        .with_for_update(of=Order, skip_locked=True)
    )
    return session.scalars(found.options(selectinload(Order.lines))).unique().all()


def led_long_ago(session: Session, *, day: date, most: int) -> Sequence[OrderGroup]:
    """Groups of rounds delivered before ``day``, all of whose orders are forgotten; locked.

    Served by a partial index.
    """
    named = exists().where(Order.group_code == OrderGroup.code, Order.forgotten_at.is_(None))
    return session.scalars(
        select(OrderGroup)
        .join(Round, Round.id == OrderGroup.round_id)
        .where(OrderGroup.forgotten_at.is_(None), Round.delivery_on < day, ~named)
        .order_by(OrderGroup.id)
        .limit(most)
        .with_for_update(of=OrderGroup, skip_locked=True)
    ).all()


def _brought(moment: datetime) -> ColumnElement[bool]:
    parcels = exists().where(Parcel.order_id == Order.id)
    on_the_way = exists().where(Parcel.order_id == Order.id, Parcel.state != ParcelState.DELIVERED)
    lately = exists().where(Parcel.order_id == Order.id, ParcelEvent.parcel_id == Parcel.id, ParcelEvent.at >= moment)
    paid = _paid() == Order.total - Order.deducted
    waits = exists().where(Complaint.order_id == Order.id, Complaint.state == ComplaintState.WAITING)
    return and_(Order.state == OrderState.CONFIRMED, parcels, ~on_the_way, ~lately, ~waits, paid)


def _ended() -> ColumnElement[bool]:
    return Order.state.in_([OrderState.EXPIRED, OrderState.CANCELLED]) & (_paid() == 0)


def _paid() -> ColumnElement[int]:
    paid = select(func.coalesce(func.sum(Allocation.amount), 0)).where(Allocation.order_id == Order.id)
    return paid.scalar_subquery()


def _something_is_kept() -> ColumnElement[bool]:
    """Whether of a transfer that pays for the order, or once did, something is not placed or not the city's."""
    comes, goes = Posting.moved_to.in_(_NOBODYS), Posting.moved_from.in_(_NOBODYS)
    moved = case((comes, Posting.amount), (goes, -Posting.amount), else_=0)
    kept = select(func.coalesce(func.sum(moved), 0)).where(Posting.transfer_id == Allocation.transfer_id)
    return exists().where(Allocation.order_id == Order.id, kept.scalar_subquery() > 0)
