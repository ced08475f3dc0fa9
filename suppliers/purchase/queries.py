"""Questions about purchase orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from kernel.queries import among
from suppliers.models import Batch
from suppliers.purchase.models import PurchaseDeed, PurchaseEvent, PurchaseOrder


def _orders() -> Select[PurchaseOrder]:
    return select(PurchaseOrder).options(joinedload(PurchaseOrder.batch).joinedload(Batch.round))


def order_by_number(session: Session, number: str) -> PurchaseOrder | None:
    return session.scalar(_orders().where(PurchaseOrder.number == number))


def orders_of_batches(session: Session, batch_ids: Collection[int]) -> dict[int, PurchaseOrder]:
    """Batch → its purchase order."""
    found = session.scalars(select(PurchaseOrder).where(among(session, PurchaseOrder.batch_id, batch_ids)))
    return {order.batch_id: order for order in found}


def lock_order(session: Session, order_id: int) -> PurchaseOrder:
    """The purchase order as it stands now, held."""
    return session.scalars(
        select(PurchaseOrder)
        .where(PurchaseOrder.id == order_id)
        .with_for_update(of=PurchaseOrder)
        .execution_options(populate_existing=True)
    ).one()


def waiting_orders(
    session: Session, supplier_id: int | None = None, *, most: int = 100, skip: int = 0
) -> Sequence[PurchaseOrder]:
    """Purchase orders that nobody has acknowledged, the oldest first. Served by a partial index on those alone."""
    found = _orders().where(PurchaseOrder.acknowledged_at.is_(None)).order_by(PurchaseOrder.id)
    if supplier_id is not None:
        found = found.where(PurchaseOrder.supplier_id == supplier_id)
    return session.scalars(found.limit(most).offset(skip)).all()


def count_waiting(session: Session) -> int:
    """How many nobody has acknowledged. Served by the partial index."""
    return int(session.scalar(select(func.count()).where(PurchaseOrder.acknowledged_at.is_(None))) or 0)


def acknowledged_orders(
    session: Session, supplier_id: int | None = None, *, most: int, skip: int = 0
) -> Sequence[PurchaseOrder]:
    """Those that were acknowledged, the newest first."""
    found = _orders().where(PurchaseOrder.acknowledged_at.is_not(None)).order_by(PurchaseOrder.id.desc())
    if supplier_id is not None:
        found = found.where(PurchaseOrder.supplier_id == supplier_id)
    return session.scalars(found.limit(most).offset(skip)).all()


def events_of(session: Session, order_id: int) -> Sequence[PurchaseEvent]:
    return session.scalars(
        select(PurchaseEvent).where(PurchaseEvent.purchase_order_id == order_id).order_by(PurchaseEvent.id)
    ).all()


def nudges_of(session: Session, order_ids: Collection[int]) -> dict[int, list[PurchaseEvent]]:
    """Purchase order → how often it was asked for again, oldest first."""
    found: dict[int, list[PurchaseEvent]] = {}
    asked = among(session, PurchaseEvent.purchase_order_id, order_ids) & (PurchaseEvent.what == PurchaseDeed.NUDGED)
    for event in session.scalars(select(PurchaseEvent).where(asked).order_by(PurchaseEvent.id)):
        found.setdefault(event.purchase_order_id, []).append(event)
    return found
