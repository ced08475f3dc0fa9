"""Questions of the suppliers' API."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from people.models import WardRow
from shop.models import Capacity, Round
from suppliers.api.models import ApiAnswer, ApiToken
from suppliers.models import Batch, Manifest, Parcel
from suppliers.purchase.models import PurchaseOrder

_FOUND = (joinedload(ApiToken.staff), joinedload(ApiToken.supplier))


def token_by_prefix(session: Session, prefix: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.prefix == prefix).options(*_FOUND))


def lock_token(session: Session, token_id: int) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.id == token_id).with_for_update(of=ApiToken))


def tokens_of(session: Session, supplier_id: int, *, most: int = 100) -> Sequence[ApiToken]:
    """A supplier's tokens, the newest first, revoked ones included."""
    return session.scalars(
        select(ApiToken)
        .where(ApiToken.supplier_id == supplier_id)
        .options(*_FOUND)
        .order_by(ApiToken.id.desc())
        .limit(most)
    ).all()


def live_tokens_of(session: Session, supplier_id: int, at: datetime) -> Sequence[ApiToken]:
    live = ApiToken.revoked_at.is_(None) & (ApiToken.expires_at > at)
    return session.scalars(select(ApiToken).where(ApiToken.supplier_id == supplier_id, live)).all()


def all_tokens(session: Session, most: int, skip: int) -> Sequence[ApiToken]:
    """Everybody's tokens, the newest first."""
    return session.scalars(
        select(ApiToken).options(*_FOUND).order_by(ApiToken.id.desc()).limit(most).offset(skip)
    ).all()


def answer_to(session: Session, token_id: int, key: str) -> ApiAnswer | None:
    return session.scalar(select(ApiAnswer).where(ApiAnswer.token_id == token_id, ApiAnswer.key == key))


def forget_answers(session: Session, before: datetime, *, most: int) -> None:
    """Delete the oldest answers from before a moment, ``most`` at once. Served by the index on ``at``."""
    old = select(ApiAnswer.id).where(ApiAnswer.at < before).order_by(ApiAnswer.at).limit(most)
    session.execute(delete(ApiAnswer).where(ApiAnswer.id.in_(old)))


def rounds_of(session: Session, supplier_id: int, *, before: int | None, most: int) -> Sequence[Round]:
    """Rounds in which this supplier has places or parcels, the newest first, from below the id ``before``."""
    found = (
        select(Round)
        .where(_concerns(supplier_id))
        .options(selectinload(Round.ward_closes))
        .order_by(Round.id.desc())
        .limit(most)
    )
    return session.scalars(found if before is None else found.where(Round.id < before)).all()


def round_of(session: Session, supplier_id: int, round_id: int) -> Round | None:
    return session.scalar(select(Round).where(Round.id == round_id, _concerns(supplier_id)))


def _concerns(supplier_id: int) -> ColumnElement[bool]:
    places = exists().where(Capacity.round_id == Round.id, Capacity.supplier_id == supplier_id)
    left = exists().where(Batch.round_id == Round.id, Batch.supplier_id == supplier_id)
    return or_(places, left)


class Places(NamedTuple):
    """How many parcels a supplier takes to one ward in a round, and how many are promised."""

    round_id: int
    ward_id: int
    ward: str
    places: int
    taken: int


def places_of(session: Session, supplier_id: int, round_ids: Collection[int]) -> Sequence[Places]:
    rows = session.execute(
        select(Capacity.round_id, WardRow.id, WardRow.name, Capacity.places, Capacity.held)
        .join(WardRow, WardRow.id == Capacity.ward_id)
        .where(Capacity.supplier_id == supplier_id, Capacity.round_id.in_(round_ids))
        .order_by(Capacity.round_id, WardRow.name)
    )
    return [Places(*row) for row in rows]


def manifest_numbers(session: Session, supplier_id: int, round_ids: Collection[int]) -> dict[int, list[str]]:
    """Round → numbers of this supplier's manifests in it."""
    rows = session.execute(
        select(Batch.round_id, Manifest.number)
        .join(Manifest, Manifest.batch_id == Batch.id)
        .where(Batch.supplier_id == supplier_id, Batch.round_id.in_(round_ids))
        .order_by(Manifest.id)
    )
    numbers: dict[int, list[str]] = {}
    for round_id, number in rows:
        numbers.setdefault(round_id, []).append(number)
    return numbers


def manifests_from(session: Session, supplier_id: int, *, before: int | None, most: int) -> Sequence[Manifest]:
    """A supplier's manifests without their stops, the newest first, from below the id ``before``."""
    found = (
        select(Manifest)
        .where(Manifest.supplier_id == supplier_id)
        .options(defer(Manifest.snapshot), joinedload(Manifest.batch).joinedload(Batch.round))
        .order_by(Manifest.id.desc())
        .limit(most)
    )
    return session.scalars(found if before is None else found.where(Manifest.id < before)).all()


def purchases_from(session: Session, supplier_id: int, *, before: int | None, most: int) -> Sequence[PurchaseOrder]:
    """A supplier's purchase orders, the newest first, from below the id ``before``."""
    found = (
        select(PurchaseOrder)
        .where(PurchaseOrder.supplier_id == supplier_id)
        .options(joinedload(PurchaseOrder.batch))
        .order_by(PurchaseOrder.id.desc())
        .limit(most)
    )
    return session.scalars(found if before is None else found.where(PurchaseOrder.id < before)).all()


def parcels_from(session: Session, batch_id: int, *, after: int, most: int) -> Sequence[Parcel]:
    """A batch's parcels in the order of their stops, from behind the stop ``after``."""
    return session.scalars(
        select(Parcel)
        .where(Parcel.batch_id == batch_id, Parcel.stop > after)
        .options(joinedload(Parcel.order), selectinload(Parcel.history))
        .order_by(Parcel.stop)
        .limit(most)
    ).all()
