"""The ledger: every đồng moves from one place to another, and nothing that was written is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.bulk import insert_many
from orders.models import Order
from orders.payments.models import Allocation, Place, Posting, Source, Transfer
from orders.payments.queries import place_before, places_before

_PLACES = ("unplaced", "allocated", "credit", "refund_due", "refunded")


@dataclass(frozen=True, slots=True)
class Hand:
    """Who moves money, when, and why; ``automatic`` is the matcher's own doing."""

    by: str
    at: datetime
    because: str
    automatic: bool = False


def move(
    session: Session,
    transfer: Transfer,
    amount: int,
    hand: Hand,
    *,
    moved_from: Place,
    moved_to: Place,
    reverses_id: int | None = None,
) -> Posting:
    """``amount`` đồng of a transfer from one place to another; no order is given any by it.

    The tables refuse more than lies there. The caller has locked the transfer.
    """
    made = _posting(amount, moved_from, moved_to, hand, transfer_id=transfer.id, reverses_id=reverses_id)
    session.add(made)
    session.flush()
    session.expire(transfer, _PLACES)
    return made


def receive(session: Session, transfer: Transfer, hand: Hand) -> None:
    """A transfer's amount comes in from the bank, not placed yet. The transfer must have its id."""
    session.add(_posting(transfer.amount, Place.BANK, Place.UNPLACED, hand, transfer_id=transfer.id))
    session.flush()


@dataclass(frozen=True, slots=True)
class Gift:
    """What one transfer gives: to orders (by id), and as ``credit`` to its payer. Whole đồng.

    ``place`` is where the money lies until then: it is not placed yet, or it is the payer's credit.
    """

    transfer_id: int
    shares: Mapping[int, int]
    credit: int = 0
    place: Place = Place.UNPLACED


def give(session: Session, gifts: Sequence[Gift], hand: Hand) -> None:
    """Place the money of transfers. The tables refuse more than is unplaced or than an order's total."""
    allocations = [
        _allocation_row(hand, transfer_id=gift.transfer_id, order_id=order_id, amount=amount)
        for gift in gifts
        for order_id, amount in gift.shares.items()
    ]
    made = insert_many(session, Allocation, allocations, returning=("id", "transfer_id", "order_id", "amount"))
    places = {gift.transfer_id: gift.place for gift in gifts}
    postings = [
        _posting_row(
            amount,
            (places[giver], Place.ALLOCATED),
            hand,
            transfer_id=giver,
            order_id=order_id,
            allocation_id=allocation_id,
        )
        for allocation_id, giver, order_id, amount in made
    ]
    postings += [
        _posting_row(
            gift.credit,
            (Place.UNPLACED, Place.CREDIT),
            hand,
            transfer_id=gift.transfer_id,
            order_id=None,
            allocation_id=None,
        )
        for gift in gifts
        if gift.credit
    ]
    insert_many(session, Posting, postings)


def _allocation_row(hand: Hand, **about: int | None) -> dict[str, Any]:
    return {
        "source": Source.TRANSFER,
        "automatic": hand.automatic,
        "reverses_id": None,
        "by": hand.by,
        "at": hand.at,
        "because": hand.because,
        **about,
    }


def _posting_row(amount: int, way: tuple[Place, Place], hand: Hand, **about: int | None) -> dict[str, Any]:
    return {
        "moved_from": way[0],
        "moved_to": way[1],
        "amount": amount,
        "reverses_id": None,
        "by": hand.by,
        "at": hand.at,
        "because": hand.because,
        **about,
    }


def _allocated(allocation: Allocation, hand: Hand) -> Posting:
    return _posting(
        allocation.amount,
        Place.UNPLACED if allocation.source is Source.TRANSFER else Place.OPENING,
        Place.ALLOCATED,
        hand,
        transfer_id=allocation.transfer_id,
        order_id=allocation.order_id,
        allocation_id=allocation.id,
    )


def allocate_opening(session: Session, order: Order, amount: int, hand: Hand) -> None:
    """An order that was paid before the city moved in: its money never came through our accounts."""
    allocation = _allocation(Source.OPENING, order, amount, hand)
    session.add(allocation)
    session.flush()
    session.add(_allocated(allocation, hand))
    session.flush()


def reverse_allocation(session: Session, allocation: Allocation, hand: Hand) -> None:
    """Take an allocation back: its money lies where it came from. A second reversal is refused by the table."""
    place = place_before(session, allocation)
    undone = _allocation(
        Source(allocation.source),
        allocation.order,
        -allocation.amount,
        hand,
        transfer_id=allocation.transfer_id,
        reverses_id=allocation.id,
    )
    session.add(undone)
    session.flush()
    session.add(
        _posting(
            allocation.amount,
            Place.ALLOCATED,
            place,
            hand,
            transfer_id=allocation.transfer_id,
            order_id=allocation.order_id,
            allocation_id=undone.id,
        )
    )
    session.flush()


def reverse_many(session: Session, allocations: Sequence[Allocation], hand: Hand) -> None:
    """``reverse_allocation`` for many in a few statements, the last first. Objects of the session are not refreshed."""
    places = places_before(session, allocations)
    reversals = [
        _allocation_row(hand, transfer_id=each.transfer_id, order_id=each.order_id, amount=-each.amount)
        | {"source": each.source, "reverses_id": each.id}
        for each in reversed(allocations)
    ]
    made = insert_many(session, Allocation, reversals, returning=("id", "reverses_id"))
    undone = {reverses_id: allocation_id for allocation_id, reverses_id in made}
    postings = [
        _posting_row(
            each.amount,
            (Place.ALLOCATED, places[each.id]),
            hand,
            transfer_id=each.transfer_id,
            order_id=each.order_id,
            allocation_id=undone[each.id],
        )
        for each in reversed(allocations)
    ]
    insert_many(session, Posting, postings)


def _allocation(
    source: Source,
    order: Order,
    amount: int,
    hand: Hand,
    *,
    transfer_id: int | None = None,
    reverses_id: int | None = None,
) -> Allocation:
    return Allocation(
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


def _posting(amount: int, moved_from: Place, moved_to: Place, hand: Hand, **about: int | None) -> Posting:
    return Posting(
        amount=amount, moved_from=moved_from, moved_to=moved_to, by=hand.by, at=hand.at, because=hand.because, **about
    )
