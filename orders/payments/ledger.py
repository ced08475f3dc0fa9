"""The ledger: every đồng moves from one place to another, and nothing that was written is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.models import Allocation, Place, Posting, Source, Transfer


@dataclass(frozen=True, slots=True)
class Hand:
    """Who moves money, when, and why; ``automatic`` is the matcher's own doing."""

    by: str
    at: datetime
    because: str
    automatic: bool = False


def receive(session: Session, transfer: Transfer, hand: Hand) -> None:
    """A transfer's amount comes in from the bank, not placed yet. The transfer must have its id."""
    _post(session, transfer.amount, Place.BANK, Place.UNPLACED, hand, transfer_id=transfer.id)


def allocate(session: Session, transfer: Transfer, order: Order, amount: int, hand: Hand) -> None:
    """Give ``amount`` of a transfer to an order. The tables refuse more than is unplaced or than the order's total."""
    allocation = _allocation(session, Source.TRANSFER, order, amount, hand, transfer_id=transfer.id)
    _post(
        session,
        amount,
        Place.UNPLACED,
        Place.ALLOCATED,
        hand,
        transfer_id=transfer.id,
        order_id=order.id,
        allocation_id=allocation.id,
    )


def allocate_opening(session: Session, order: Order, amount: int, hand: Hand) -> None:
    """An order that was paid before the city moved in: its money never came through our accounts."""
    allocation = _allocation(session, Source.OPENING, order, amount, hand, transfer_id=None)
    _post(session, amount, Place.OPENING, Place.ALLOCATED, hand, order_id=order.id, allocation_id=allocation.id)


def keep_as_credit(session: Session, transfer: Transfer, amount: int, hand: Hand) -> None:
    """Keep what was paid too much as the payer's credit, awaiting refund."""
    _post(session, amount, Place.UNPLACED, Place.CREDIT, hand, transfer_id=transfer.id)


def reverse_allocation(session: Session, allocation: Allocation, hand: Hand) -> None:
    """Take an allocation back: its money is unplaced again. A second reversal is refused by the table."""
    undo = _allocation(
        session,
        Source(allocation.source),
        allocation.order,
        -allocation.amount,
        hand,
        transfer_id=allocation.transfer_id,
        reverses_id=allocation.id,
    )
    back = Place.UNPLACED if allocation.source is Source.TRANSFER else Place.OPENING
    _post(
        session,
        allocation.amount,
        Place.ALLOCATED,
        back,
        hand,
        transfer_id=allocation.transfer_id,
        order_id=allocation.order_id,
        allocation_id=undo.id,
    )


def reverse_credit(session: Session, credit: Posting, hand: Hand) -> None:
    """Take a credit back: its money is unplaced again."""
    _post(
        session,
        credit.amount,
        Place.CREDIT,
        Place.UNPLACED,
        hand,
        transfer_id=credit.transfer_id,
        reverses_id=credit.id,
    )


def _allocation(
    session: Session,
    source: Source,
    order: Order,
    amount: int,
    hand: Hand,
    *,
    transfer_id: int | None,
    reverses_id: int | None = None,
) -> Allocation:
    allocation = Allocation(
        source=source,
        transfer_id=transfer_id,
        order_id=order.id,
        amount=amount,
        automatic=hand.automatic,
        reverses_id=reverses_id,
        by=hand.by,
        at=hand.at,
        because=hand.because,
    )
    session.add(allocation)
    session.flush()
    return allocation


def _post(session: Session, amount: int, moved_from: Place, moved_to: Place, hand: Hand, **about: int | None) -> None:
    session.add(
        Posting(
            amount=amount,
            moved_from=moved_from,
            moved_to=moved_to,
            by=hand.by,
            at=hand.at,
            because=hand.because,
            **about,
        )
    )
    session.flush()
