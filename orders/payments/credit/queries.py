"""Questions about credit: whose it is, what it was used for, what it may be used for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.queries import among
from orders.models import Order, OrderState
from orders.payments.credit.models import CreditOwner
from orders.payments.models import Allocation, Place, Posting, Transfer


def transfers_with_credit(session: Session, order_id: int) -> Sequence[Transfer]:
    """Transfers that hold credit and have paid this order, or were said to be its resident's; by their numbers."""
    paid = select(Allocation.transfer_id).where(Allocation.order_id == order_id, Allocation.transfer_id.is_not(None))
    named = select(CreditOwner.transfer_id).where(CreditOwner.order_id == order_id)
    theirs = or_(Transfer.id.in_(paid), Transfer.id.in_(named))
    return session.scalars(select(Transfer).where(Transfer.credit > 0, theirs).order_by(Transfer.id)).all()


def named_owners(session: Session, transfer_ids: Collection[int]) -> dict[int, int]:
    """Transfer → the order whose resident a clerk said its credit is of."""
    rows = session.execute(
        select(CreditOwner.transfer_id, CreditOwner.order_id).where(
            among(session, CreditOwner.transfer_id, transfer_ids)
        )
    )
    return {row.transfer_id: row.order_id for row in rows}


def paid_directly(session: Session, transfer_ids: Collection[int]) -> Sequence[tuple[int | None, int, str]]:
    """(transfer, order, its phone) of what these transfers pay now other than from credit, oldest first."""
    rows = session.execute(
        select(Allocation.transfer_id, Order.id, Order.phone)
        .join(Allocation.order)
        .join(Posting, (Posting.allocation_id == Allocation.id) & (Posting.order_id == Order.id))
        .where(among(session, Allocation.transfer_id, transfer_ids), Allocation.amount > 0)
        .where(Posting.moved_from == Place.UNPLACED, Allocation.id.not_in(_undone(transfer_ids)))
        .order_by(Allocation.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def used_from_credit(session: Session, transfer_id: int) -> Sequence[Allocation]:
    """What a transfer's credit pays now, with the orders."""
    return session.scalars(
        select(Allocation)
        .join(Posting, (Posting.allocation_id == Allocation.id) & (Posting.order_id == Allocation.order_id))
        .where(Allocation.transfer_id == transfer_id, Allocation.amount > 0, Posting.moved_from == Place.CREDIT)
        .where(Allocation.id.not_in(_undone([transfer_id])))
        .options(joinedload(Allocation.order))
        .order_by(Allocation.id)
    ).all()


def _undone(transfer_ids: Collection[int]) -> Select[int | None]:
    return select(Allocation.reverses_id).where(
        Allocation.transfer_id.in_(transfer_ids), Allocation.reverses_id.is_not(None)
    )


def open_orders_of(session: Session, phone: str, *, most: int = 5) -> Sequence[Order]:
    """Orders of a phone that wait for their payment, the newest first; none of a phone that is forgotten."""
    if not phone:
        return []
    waits = (Order.phone == phone) & (Order.state == OrderState.OPEN)
    return session.scalars(select(Order).where(waits).order_by(Order.id.desc()).limit(most)).all()
