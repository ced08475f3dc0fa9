"""Questions about batches, parcels and manifests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kernel.queries import among
from orders.models import Order
from shop.models import Combo
from suppliers.models import Batch, Manifest, Parcel, ParcelEvent, ParcelState


def next_batch_number(session: Session, round_id: int, supplier_id: int) -> int:
    same = (Batch.round_id == round_id) & (Batch.supplier_id == supplier_id)
    return int(session.scalar(select(func.coalesce(func.max(Batch.number), 0)).where(same)) or 0) + 1


def combos_with_items(session: Session, combo_ids: set[int]) -> dict[int, Combo]:
    rows = session.scalars(select(Combo).where(Combo.id.in_(combo_ids)).options(selectinload(Combo.items)))
    return {combo.id: combo for combo in rows.unique()}


def manifest_by_number(session: Session, number: str) -> Manifest | None:
    return session.scalar(
        select(Manifest).where(Manifest.number == number).options(joinedload(Manifest.batch).joinedload(Batch.round))
    )


def _is_newest() -> ColumnElement[bool]:
    later = aliased(Manifest)
    return ~exists().where(later.batch_id == Manifest.batch_id, later.version > Manifest.version)


def manifests_of(session: Session, supplier_id: int | None, *, most: int = 100) -> Sequence[Manifest]:
    """A supplier's manifests, each in its newest version, newest first; everybody's for None."""
    found = (
        select(Manifest)
        .where(_is_newest())
        .options(joinedload(Manifest.batch).joinedload(Batch.round), joinedload(Manifest.supplier))
        .order_by(Manifest.id.desc())
        .limit(most)
    )
    return session.scalars(found if supplier_id is None else found.where(Manifest.supplier_id == supplier_id)).all()


def manifests_of_round(session: Session, round_id: int) -> Sequence[Manifest]:
    return session.scalars(
        select(Manifest)
        .join(Manifest.batch)
        .where(Batch.round_id == round_id, _is_newest())
        .options(joinedload(Manifest.supplier))
        .order_by(Manifest.id)
    ).all()


def lock_batch(session: Session, batch_id: int) -> Batch:
    """The batch, held: nobody makes a version of its manifest meanwhile."""
    return session.scalars(select(Batch).where(Batch.id == batch_id).with_for_update(of=Batch)).one()


def versions_of(session: Session, batch_id: int) -> Sequence[Manifest]:
    """A batch's manifest in all its versions, the newest first."""
    return session.scalars(
        select(Manifest).where(Manifest.batch_id == batch_id).order_by(Manifest.version.desc())
    ).all()


def newest_manifest(session: Session, batch_id: int) -> Manifest:
    """A batch's manifest as it counts now."""
    found = select(Manifest).where(Manifest.batch_id == batch_id).order_by(Manifest.version.desc()).limit(1)
    return session.scalars(found).one()


def newest_number(session: Session, batch_id: int) -> str:
    """The number under which a batch's manifest counts now."""
    found = select(Manifest.number).where(Manifest.batch_id == batch_id).order_by(Manifest.version.desc()).limit(1)
    return session.scalars(found).one()


def parcels_with_orders(session: Session, batch_id: int) -> Sequence[Parcel]:
    """What a batch brings, by stop, with orders, lines and history within reach."""
    order = selectinload(Parcel.order)
    return session.scalars(
        select(Parcel)
        .where(Parcel.batch_id == batch_id)
        .options(order.selectinload(Order.lines), selectinload(Parcel.history))
        .order_by(Parcel.stop)
    ).all()


def last_mark(session: Session, batch_id: int) -> tuple[bool, datetime | None]:
    """Whether something of the batch is still on its way, and when one of its parcels last became something."""
    waits = session.scalar(select(exists().where(Parcel.batch_id == batch_id, Parcel.state == ParcelState.DISPATCHED)))
    last = select(func.max(ParcelEvent.at)).join(Parcel, Parcel.id == ParcelEvent.parcel_id)
    return bool(waits), session.scalar(last.where(Parcel.batch_id == batch_id))


def lock_manifests_of(session: Session, order_ids: Collection[int]) -> Sequence[Manifest]:
    """The manifests on which these orders stand, held while they are changed."""
    theirs = select(Parcel.batch_id).where(among(session, Parcel.order_id, order_ids))
    return session.scalars(
        select(Manifest).where(Manifest.batch_id.in_(theirs)).order_by(Manifest.id).with_for_update(of=Manifest)
    ).all()


def parcels_of_batch(session: Session, batch_id: int) -> dict[int, Parcel]:
    """Stop → parcel, with its last event within reach."""
    rows = session.scalars(
        select(Parcel).where(Parcel.batch_id == batch_id).options(selectinload(Parcel.history)).order_by(Parcel.stop)
    )
    return {parcel.stop: parcel for parcel in rows}


def parcels_of_order(session: Session, order_id: int) -> Sequence[Parcel]:
    return session.scalars(
        select(Parcel)
        .where(Parcel.order_id == order_id)
        .options(joinedload(Parcel.supplier), joinedload(Parcel.batch), selectinload(Parcel.history))
        .order_by(Parcel.id)
    ).all()


def lock_parcel(session: Session, parcel_id: int) -> Parcel | None:
    """The parcel as it stands, held: whoever else tells of it waits."""
    return session.scalar(
        select(Parcel)
        .where(Parcel.id == parcel_id)
        .with_for_update(of=Parcel)
        .execution_options(populate_existing=True)
    )


def lock_parcels_of(session: Session, batch_id: int) -> None:
    """Hold a batch's parcels: nothing is told of them meanwhile."""
    session.scalars(
        select(Parcel.id).where(Parcel.batch_id == batch_id).order_by(Parcel.id).with_for_update(of=Parcel)
    ).all()


def parcel_counts(session: Session, batch_ids: Sequence[int]) -> dict[int, dict[ParcelState, int]]:
    """Batch → how many of its parcels stand where."""
    rows = session.execute(
        select(Parcel.batch_id, Parcel.state, func.count())
        .where(Parcel.batch_id.in_(batch_ids))
        .group_by(Parcel.batch_id, Parcel.state)
    )
    counts: dict[int, dict[ParcelState, int]] = {}
    for batch_id, state, many in rows:
        counts.setdefault(batch_id, {})[state] = many
    return counts
