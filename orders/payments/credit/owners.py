"""Whose a transfer's credit is: of the one resident whose orders it pays, or of whom a clerk has named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.upsert import insert_if_new
from orders.models import Order
from orders.payments.credit import queries
from orders.payments.credit.models import CreditOwner
from orders.payments.ledger import Hand
from orders.payments.models import Transfer


def owners_of(session: Session, transfer_ids: Collection[int]) -> dict[int, int]:
    """Transfer → the order on whose page its credit stands. None where it pays orders of several phones."""
    paid: dict[int, dict[int, str]] = defaultdict(dict)
    for transfer_id, order_id, phone in queries.paid_directly(session, transfer_ids):
        if transfer_id is not None:
            paid[transfer_id][order_id] = phone
    alone = {number: next(iter(orders)) for number, orders in paid.items() if _one_resident(orders)}
    return alone | queries.named_owners(session, transfer_ids)


def _one_resident(orders: dict[int, str]) -> bool:
    """One order, or several of one phone; phones that are forgotten tell nothing."""
    phones = set(orders.values())
    return len(orders) == 1 or (len(phones) == 1 and phones != {""})


def owner_of(session: Session, transfer: Transfer) -> Order | None:
    order_id = owners_of(session, [transfer.id]).get(transfer.id)
    return session.get_one(Order, order_id) if order_id else None


def credits_of(session: Session, order: Order) -> Sequence[Transfer]:
    """The transfers whose credit stands on this order's page."""
    found = queries.transfers_with_credit(session, order.id)
    owners = owners_of(session, [transfer.id for transfer in found])
    return [transfer for transfer in found if owners.get(transfer.id) == order.id]


def name_owner(session: Session, transfer: Transfer, order: Order, hand: Hand) -> None:
    """The credit of a transfer that pays nothing is this order's resident's. Does not commit."""
    forget_owner(session, transfer.id)
    row = {"transfer_id": transfer.id, "order_id": order.id, "by": hand.by, "at": hand.at}
    session.execute(insert_if_new(session, CreditOwner, row))


def forget_owner(session: Session, transfer_id: int) -> None:
    """There is no credit any more, or it is another's. Does not commit."""
    session.execute(delete(CreditOwner).where(CreditOwner.transfer_id == transfer_id))
