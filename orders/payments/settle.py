"""Writes a decision: allocations, ledger, the order's state; and takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.money import format_dong
from orders import lifecycle
from orders.models import Order, OrderState
from orders.payments import ledger
from orders.payments.ledger import Hand
from orders.payments.models import DeskEvent, Transfer
from orders.payments.queries import live_allocations, live_credits, lock_transfer, paid_by_order
from orders.queries import lock_orders


class CannotSettle(MarketError):
    """The money cannot be given to these orders as they stand."""


class ChangedMeanwhile(MarketError):
    """What was shown is no longer so: somebody else, or a new statement, was faster."""


def settle(
    session: Session, transfer: Transfer, shares: Mapping[int, int], hand: Hand, *, rest_as_credit: bool
) -> Sequence[Order]:
    """Give a transfer's money to orders: ``shares`` maps an order's id to whole đồng. Does not commit.

    An order whose total is reached becomes confirmed; one that got less stays open, part-paid. What is left over
    becomes the payer's credit, or stays unplaced. Locks the transfer, then the orders.
    """
    locked = _locked(session, transfer)
    orders = lock_orders(session, shares.keys())
    _check(session, locked, orders, shares)
    paid = paid_by_order(session, orders.keys())
    for order_id, order in orders.items():
        ledger.allocate(session, locked, order, shares[order_id], hand)
        if order.state is OrderState.OPEN and paid.get(order_id, 0) + shares[order_id] == order.total:
            lifecycle.advance(order, OrderState.CONFIRMED, by=hand.by, at=hand.at, because=hand.because)
    rest = locked.unplaced - sum(shares.values())
    if rest and rest_as_credit:
        ledger.keep_as_credit(session, locked, rest, hand)
    session.flush()
    session.refresh(locked)
    return list(orders.values())


def _locked(session: Session, transfer: Transfer) -> Transfer:
    locked = lock_transfer(session, transfer.id)
    if locked is None:
        raise ChangedMeanwhile(_("This transfer is gone. Reload the page."))
    return locked


def _check(session: Session, transfer: Transfer, orders: Mapping[int, Order], shares: Mapping[int, int]) -> None:
    if not shares or len(orders) < len(shares) or min(shares.values()) <= 0:
        raise CannotSettle(_("Name at least one order and an amount above zero for each."))
    if sum(shares.values()) > transfer.unplaced:
        raise ChangedMeanwhile(
            _(
                "Only %(left)s of this transfer is not placed yet. Reload the page and look again.",
                left=format_dong(transfer.unplaced),
            )
        )
    paid = paid_by_order(session, orders.keys())
    for order_id, order in orders.items():
        _check_order(order, owed=order.total - paid.get(order_id, 0), share=shares[order_id])


def _check_order(order: Order, *, owed: int, share: int) -> None:
    if order.state is not OrderState.OPEN and owed <= 0:
        raise CannotSettle(_("Order %(code)s is paid already. Undo that first, or choose another.", code=order.code))
    if order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        raise CannotSettle(
            _("Order %(code)s is no longer open. Revive it on its page first, or choose another.", code=order.code)
        )
    if share > owed:
        raise CannotSettle(
            _("Order %(code)s owes only %(owed)s. Give it no more.", code=order.code, owed=format_dong(owed))
        )


def undo(session: Session, transfer: Transfer, hand: Hand) -> Sequence[Order]:
    """Take back all that a transfer pays; its money is unplaced again. Does not commit.

    An order that had not left is open again; one that had keeps its parcels and shows a debt.
    """
    locked = _locked(session, transfer)
    standing = live_allocations(session, locked.id)
    orders = lock_orders(session, {allocation.order_id for allocation in standing})
    for order in orders.values():
        _reopen(order, hand)
    # The state goes first: the tables refuse a confirmed order that is not paid only when it is confirmed.
    session.flush()
    for allocation in standing:
        ledger.reverse_allocation(session, allocation, hand)
    for credit in live_credits(session, locked.id):
        ledger.reverse_credit(session, credit, hand)
    session.refresh(locked)
    return list(orders.values())


def _reopen(order: Order, hand: Hand) -> None:
    if order.state is OrderState.CONFIRMED and order.dispatched_at is None:
        lifecycle.advance(order, OrderState.OPEN, by=hand.by, at=hand.at, because=hand.because)


def set_aside(session: Session, transfer: Transfer, hand: Hand) -> None:
    """Take a transfer that is nobody's order out of the inbox, with a reason. Its money stays unplaced."""
    _mark(session, transfer, aside=True, hand=hand)


def bring_back(session: Session, transfer: Transfer, hand: Hand) -> None:
    """Put a transfer that was set aside back into the inbox."""
    _mark(session, transfer, aside=False, hand=hand)


def _mark(session: Session, transfer: Transfer, *, aside: bool, hand: Hand) -> None:
    locked = _locked(session, transfer)
    if locked.set_aside == aside:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    locked.set_aside = aside
    locked.by_hand = True
    what = "set aside" if aside else "brought back"
    session.add(DeskEvent(transfer_id=locked.id, what=what, by=hand.by, at=hand.at, because=hand.because))
