"""Questions about batches, parcels and manifests."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.queries import among
from shop.models import Combo
from suppliers.models import Batch, Manifest, Parcel, ParcelState


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


def manifests_of(session: Session, supplier_id: int | None, *, most: int = 100) -> Sequence[Manifest]:
    """A supplier's manifests, newest first; everybody's for None."""
    found = (
        select(Manifest)
        .options(joinedload(Manifest.batch).joinedload(Batch.round), joinedload(Manifest.supplier))
        .order_by(Manifest.id.desc())
        .limit(most)
    )
    return session.scalars(found if supplier_id is None else found.where(Manifest.supplier_id == supplier_id)).all()


def manifests_of_round(session: Session, round_id: int) -> Sequence[Manifest]:
    return session.scalars(
        select(Manifest)
        .join(Manifest.batch)
        .where(Batch.round_id == round_id)
        .options(joinedload(Manifest.supplier))
        .order_by(Manifest.id)
    ).all()


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
    return session.scalar(select(Parcel).where(Parcel.id == parcel_id).with_for_update(of=Parcel))


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
