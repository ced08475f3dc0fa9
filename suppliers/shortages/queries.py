"""Questions about shortages: what is still to be delivered of an item, what was shared out, who is to be called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.queries import among
from orders.deductions.models import Deduction
from orders.models import IfShort, Order, OrderLine
from orders.payments.models import Allocation, Transfer
from shop.models import Combo, Round
from suppliers.models import Batch, Manifest, Parcel, ParcelState
from suppliers.shortages.models import (
    Outcome,
    ReturnByHand,
    Shortage,
    ShortageEntry,
    ShortageShare,
    ShortageStep,
)
from suppliers.shortages.worth import ItemKey


class LineRow(NamedTuple):
    """A line on its way, with its parcel and what its resident wants where something is missing."""

    line_id: int
    order_id: int
    code: str
    if_short: IfShort
    stop: int
    state: ParcelState
    combo: str | None
    quantity: int
    unit_price: int


def lock_parcels(session: Session, batch_id: int) -> None:
    """None of these is marked meanwhile."""
    session.scalars(
        select(Parcel)
        .where(Parcel.batch_id == batch_id)
        .order_by(Parcel.id)
        .with_for_update(of=Parcel)
        .execution_options(populate_existing=True)
    ).all()


def lines_of_batch(session: Session, batch_id: int) -> Sequence[LineRow]:
    """In the order of the stops."""
    rows = session.execute(
        select(
            OrderLine.id,
            Order.id,
            Order.code,
            Order.if_short,
            Parcel.stop,
            Parcel.state,
            Combo.code,
            OrderLine.quantity,
            OrderLine.unit_price,
        )
        .select_from(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .join(OrderLine, (OrderLine.order_id == Order.id) & (OrderLine.supplier_id == Parcel.supplier_id))
        .join(OrderLine.combo, isouter=True)
        .where(Parcel.batch_id == batch_id)
        .order_by(Parcel.stop, OrderLine.id)
    )
    return [LineRow(*row) for row in rows]


def first_manifest(session: Session, batch_id: int) -> Manifest:
    """As the goods left: all that was wanted stands on it."""
    return session.scalars(select(Manifest).where(Manifest.batch_id == batch_id).order_by(Manifest.id).limit(1)).one()


def paid_at(session: Session, order_ids: Collection[int]) -> dict[int, datetime]:
    """Order → when its last payment came, as its bank told; for what was paid before the move, when it was placed."""
    undone = select(Allocation.reverses_id).where(
        among(session, Allocation.order_id, order_ids), Allocation.reverses_id.is_not(None)
    )
    rows = session.execute(
        select(Allocation.order_id, func.max(func.coalesce(Transfer.likely_at, Order.placed_at)))
        .join(Order, Order.id == Allocation.order_id)
        .join(Transfer, Transfer.id == Allocation.transfer_id, isouter=True)
        .where(among(session, Allocation.order_id, order_ids), Allocation.amount > 0, Allocation.id.not_in(undone))
        .group_by(Allocation.order_id)
    )
    return {row[0]: row[1] for row in rows}


class Lost(NamedTuple):
    """Portions of an item that a line goes without, and what became of its order."""

    shortage_id: int
    order_id: int
    line_id: int
    item: ItemKey
    portions: int
    became: Outcome


def lost_in(session: Session, batch_id: int) -> Sequence[Lost]:
    """All that was shared out in a batch and not withdrawn, by the order of its declaration."""
    shared = (Shortage.batch_id == batch_id) & Shortage.withdrawn_at.is_(None)
    rows = session.execute(
        select(
            ShortageShare.shortage_id,
            ShortageShare.order_id,
            ShortageShare.line_id,
            Shortage.item,
            Shortage.unit,
            ShortageShare.portions,
        )
        .join(ShortageShare.shortage)
        .where(shared)
        .order_by(ShortageShare.id)
    ).all()
    stands = stands_of(session, {row.shortage_id for row in rows})
    return [
        Lost(row[0], row[1], row[2], (row.item, row.unit), row.portions, stands[row[0], row[1]].became) for row in rows
    ]


def stands_of(session: Session, shortage_ids: Collection[int]) -> dict[tuple[int, int], ShortageStep]:
    """(shortage, order) → the last step."""
    rows = session.scalars(
        select(ShortageStep).where(among(session, ShortageStep.shortage_id, shortage_ids)).order_by(ShortageStep.id)
    )
    return {(step.shortage_id, step.order_id): step for step in rows}


def deducted_of(session: Session, line_ids: Collection[int]) -> dict[int, int]:
    """Line → what is deducted of it now, in đồng."""
    rows = session.execute(
        select(Deduction.line_id, func.sum(Deduction.amount))
        .where(among(session, Deduction.line_id, line_ids))
        .group_by(Deduction.line_id)
    )
    return {line_id: int(amount) for line_id, amount in rows}


def shortage_of_attempt(session: Session, attempt: str) -> Shortage | None:
    return session.scalar(select(Shortage).where(Shortage.attempt == attempt))


def shortage_by_id(session: Session, shortage_id: int) -> Shortage | None:
    return session.scalar(
        select(Shortage)
        .where(Shortage.id == shortage_id)
        .options(
            joinedload(Shortage.batch).joinedload(Batch.round), joinedload(Shortage.batch).joinedload(Batch.supplier)
        )
    )


def shortages_of_batch(session: Session, batch_id: int) -> Sequence[Shortage]:
    return session.scalars(select(Shortage).where(Shortage.batch_id == batch_id).order_by(Shortage.id)).all()


def newest_shortages(session: Session, *, most: int, after: int = 0) -> Sequence[Shortage]:
    """Everybody's, for the office; what was declared last first."""
    return session.scalars(
        select(Shortage)
        .options(
            joinedload(Shortage.batch).joinedload(Batch.supplier), joinedload(Shortage.batch).joinedload(Batch.round)
        )
        .order_by(Shortage.id.desc())
        .limit(most)
        .offset(after)
    ).all()


def shares_of_order(session: Session, shortage_id: int, order_ids: Collection[int]) -> Sequence[ShortageShare]:
    """What of a shortage falls on these orders."""
    return session.scalars(
        select(ShortageShare)
        .where(ShortageShare.shortage_id == shortage_id, among(session, ShortageShare.order_id, order_ids))
        .order_by(ShortageShare.id)
    ).all()


class ShareRow(NamedTuple):
    """A line's part of a shortage as a page shows it."""

    share: ShortageShare
    stop: int
    state: ParcelState


def shares_of(session: Session, shortage: Shortage) -> Sequence[ShareRow]:
    """By the order of the stops, with orders and lines."""
    rows = session.execute(
        select(ShortageShare, Parcel.stop, Parcel.state)
        .join(Parcel, (Parcel.order_id == ShortageShare.order_id) & (Parcel.batch_id == shortage.batch_id))
        .where(ShortageShare.shortage_id == shortage.id)
        .options(joinedload(ShortageShare.order), joinedload(ShortageShare.line))
        .order_by(Parcel.stop, ShortageShare.line_id)
    )
    return [ShareRow(*row) for row in rows]


def entries_of(session: Session, shortage_ids: Collection[int]) -> Sequence[ShortageEntry]:
    """The deductions and refunds of shortages."""
    return session.scalars(
        select(ShortageEntry)
        .where(among(session, ShortageEntry.shortage_id, shortage_ids))
        .options(joinedload(ShortageEntry.deduction), joinedload(ShortageEntry.refund))
        .order_by(ShortageEntry.id)
    ).all()


def returns_of(session: Session, shortage_id: int) -> Sequence[ReturnByHand]:
    return session.scalars(
        select(ReturnByHand)
        .where(ReturnByHand.shortage_id == shortage_id, ReturnByHand.withdrawn_at.is_(None))
        .order_by(ReturnByHand.id)
    ).all()


def returns_waiting(session: Session, *, most: int = 100) -> Sequence[ReturnByHand]:
    """Served by a partial index."""
    return session.scalars(
        select(ReturnByHand)
        .where(ReturnByHand.done_at.is_(None), ReturnByHand.withdrawn_at.is_(None))
        .options(joinedload(ReturnByHand.order), joinedload(ReturnByHand.shortage))
        .order_by(ReturnByHand.id)
        .limit(most)
    ).all()


def lock_return(session: Session, return_id: int) -> ReturnByHand | None:
    return session.scalar(
        select(ReturnByHand)
        .where(ReturnByHand.id == return_id)
        .with_for_update(of=ReturnByHand)
        .execution_options(populate_existing=True)
    )


def with_calls(session: Session, *, batch_id: int | None = None, before: date | None = None) -> Sequence[Shortage]:
    """Shortages of which residents are still to be called: of a batch, or of a day of delivery before that.

    Served by a partial index.
    """
    found = select(Shortage).where(Shortage.calls_waiting > 0).order_by(Shortage.id)
    if batch_id is not None:
        found = found.where(Shortage.batch_id == batch_id)
    if before is not None:
        found = found.join(Shortage.batch).join(Batch.round).where(Round.delivery_on < before)
    return session.scalars(found).all()


class ShortLine(NamedTuple):
    """What an order's page tells of one line's part of a shortage."""

    shortage: Shortage
    line_id: int
    name: str
    quantity: int


def short_lines_of(session: Session, order_id: int) -> Sequence[ShortLine]:
    """Of an order, as declared and not withdrawn."""
    rows = session.execute(
        select(Shortage, ShortageShare.line_id, OrderLine.name, ShortageShare.quantity)
        .join(ShortageShare.shortage)
        .join(ShortageShare.line)
        .where(ShortageShare.order_id == order_id, Shortage.withdrawn_at.is_(None))
        .order_by(ShortageShare.id)
    )
    return [ShortLine(*row) for row in rows]


def shared_in_batch(session: Session, batch_id: int) -> Mapping[int, Sequence[tuple[Shortage, ShortageShare]]]:
    """Line → the shortages that fall on it and were not withdrawn."""
    rows = session.execute(
        select(Shortage, ShortageShare)
        .join(ShortageShare.shortage)
        .where(Shortage.batch_id == batch_id, Shortage.withdrawn_at.is_(None))
        .order_by(ShortageShare.id)
    )
    found: dict[int, list[tuple[Shortage, ShortageShare]]] = defaultdict(list)
    for shortage, share in rows:
        found[share.line_id].append((shortage, share))
    return found
