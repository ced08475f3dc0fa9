"""An order that was over lives again, in its own round or in another one, and gets the money that came for it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from orders import lifecycle
from orders.models import Order
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from orders.payments.queries import lock_transfers
from orders.payments.settle import settle
from orders.queries import lock_orders
from orders.waiting import line
from shop.models import Round


def take_up(
    session: Session, transfer: Transfer, order: Order, delivery: Round, *, hand: Hand, window: timedelta
) -> int:
    """Open the order again in that round and settle it; answers how much it got. Does not commit.

    Raises RoundFull where somebody else has the place by now. In another round those who wait for a ward come first.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    mine = lock_orders(session, [order.id])[order.id]
    if delivery.id != mine.round_id:
        line.serve(session, delivery, mine.ward_id, at=hand.at)
    lifecycle.take_up(
        session,
        mine,
        delivery,
        expires_at=min(hand.at + window, delivery.closes_at) if hand.at < delivery.closes_at else mine.expires_at,
        by=hand.by,
        at=hand.at,
        because=hand.because,
    )
    session.flush()
    share = min(locked.unplaced, mine.due)
    settle(session, locked, {mine.id: share}, hand, rest_as_credit=True)
    return share
