"""An order given up by its resident: its places are free again, what came for it goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from kernel.errors import MarketError
from orders import lifecycle
from orders.models import Order, OrderState
from orders.notices import telling
from orders.payments import ledger
from orders.payments.ledger import Hand
from orders.payments.models import Allocation
from orders.payments.queries import live_allocations_to, lock_transfers, owed_by, place_before
from orders.payments.refunds.keep import RESIDENT, propose
from orders.payments.settle import ChangedMeanwhile
from orders.queries import lock_orders

BECAUSE = "cancelled on its page"


class TooLate(MarketError):
    """The round has closed: the goods of paid orders are being bought."""


class NotOurs(MarketError):
    """It was paid before the city moved in: what goes back is not in our books."""


def may_give_up(session: Session, order: Order, *, at: datetime) -> bool:
    """Whether its resident can: an open order that nothing has come for always, else until the round closes."""
    standing = live_allocations_to(session, [order.id])
    return _is_in_time(order, paid=bool(standing), at=at) and all(each.transfer_id for each in standing)


def _is_in_time(order: Order, *, paid: bool, at: datetime) -> bool:
    if order.state is OrderState.OPEN and not paid:
        return True
    in_time = at < order.round.closes_at and order.round.dispatched_at is None and order.dispatched_at is None
    return order.state in (OrderState.OPEN, OrderState.CONFIRMED) and in_time


def give_up(session: Session, order: Order, *, at: datetime, paid_seen: int, hotline: str) -> int:
    """Cancel it and propose the refund of all that came for it. Answers how much that is. Does not commit.

    ``paid_seen``: how much the page said goes back; if that has changed, nothing is done.
    """
    lock_transfers(session, [each.transfer_id for each in live_allocations_to(session, [order.id]) if each.transfer_id])
    locked = lock_orders(session, [order.id])[order.id]
    standing = live_allocations_to(session, [order.id])
    paid = locked.due - owed_by(session, locked)
    if paid != paid_seen:
        raise ChangedMeanwhile(_("Money has come for this order, or was taken back, since you opened the page."))
    _check(locked, standing, paid, at=at, hotline=hotline)
    lifecycle.cancel(session, locked, by=RESIDENT, at=at, because=BECAUSE)
    session.flush()
    for allocation in reversed(standing):
        _pay_back(session, allocation, locked, at)
    telling.money_left(session, [locked], at=at, because="order-cancelled")
    if paid:
        telling.cancelled(session, locked, amount=paid, at=at)
    return paid


def _check(order: Order, standing: Sequence[Allocation], paid: int, *, at: datetime, hotline: str) -> None:
    if order.dispatched_at is not None:
        raise lifecycle.AlreadyLeft(order)
    if order.state not in (OrderState.OPEN, OrderState.CONFIRMED):
        raise lifecycle.UnlawfulStep(order, OrderState.CANCELLED)
    if not _is_in_time(order, paid=bool(paid), at=at):
        raise TooLate(
            _(
                "The round has closed and the goods of this order are being bought. Call %(hotline)s.",
                hotline=hotline,
            )
        )
    if any(allocation.transfer_id is None for allocation in standing):
        raise NotOurs(_("This order was paid before it came here. Call %(hotline)s to cancel it.", hotline=hotline))


def _pay_back(session: Session, allocation: Allocation, order: Order, at: datetime) -> None:
    """The money lies where it came from for a moment, then waits to go back."""
    place, transfer = place_before(session, allocation), allocation.transfer
    ledger.reverse_allocation(session, allocation, Hand(RESIDENT, at, BECAUSE))
    if transfer is not None:
        session.refresh(transfer)
        propose(session, transfer, allocation.amount, Doer(RESIDENT, at, BECAUSE), taken_from=place, order=order)
