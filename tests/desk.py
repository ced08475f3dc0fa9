"""A clerk's and a dispatcher's steps, short enough for a test to read as a sentence."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from orders.models import Order
from orders.payments import ledger
from orders.payments.ledger import Gift, Hand
from orders.payments.models import Allocation, Transfer
from orders.payments.queries import live_allocations
from orders.payments.settle import settle, undo
from shop.models import Round
from suppliers.dispatch import dispatch
from suppliers.models import Manifest

CLERK = Hand(by="clerk-7", at=clock.at(clock.today(), 9), because="she says so on the phone")
PATIENCE = timedelta(hours=48)


def allocate(session: Session, transfer: Transfer, order: Order, amount: int) -> Allocation:
    """Money given to an order without a look at its state: what `settle` builds on."""
    ledger.give(session, [Gift(transfer.id, {order.id: amount})], CLERK)
    session.refresh(transfer)
    return live_allocations(session, transfer.id)[-1]


def pay(session: Session, transfer: Transfer, order: Order, *, as_credit: bool = True, **changes: int) -> None:
    """Settle a transfer with one order: as much as it owes, or ``amount``."""
    amount = changes.get("amount", min(transfer.unplaced, order.total))
    settle(session, transfer, {order.id: amount}, CLERK, rest_as_credit=as_credit)
    session.commit()


def take_back(session: Session, transfer: Transfer) -> None:
    undo(session, transfer, CLERK)
    session.commit()


def send(session: Session, delivery: Round, because: str = "the market closes") -> list[Manifest]:
    """Dispatch a round now, whatever its hour."""
    manifests = dispatch(session, delivery, at=clock.now(), by="kinhte1", patience=PATIENCE, override=because)
    session.commit()
    return list(manifests)


def rows(session: Session, sql: str, **values: object) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(text(sql), values)]
