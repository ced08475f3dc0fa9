"""Writes a decision: allocations, ledger, the order's state; and takes it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.bulk import outdated
from kernel.errors import MarketError
from kernel.money import format_dong
from kernel.queries import among
from orders import lifecycle
from orders.deadlines.keep import time_for_the_rest
from orders.models import Order, OrderState
from orders.notices import telling
from orders.payments import ledger
from orders.payments.credit.owners import forget_owner
from orders.payments.ledger import Gift, Hand
from orders.payments.models import DeskEvent, Place, Transfer
from orders.payments.queries import (
    LockedSum,
    live_allocations,
    lock_sums,
    lock_transfers,
    paid_by_order,
)
from orders.queries import LockedOrder, lock_order_rows, lock_orders


class CannotSettle(MarketError):
    """The money cannot be given to these orders as they stand."""


class ChangedMeanwhile(MarketError):
    """What was shown is no longer so: somebody else, or a new statement, was faster."""


Shares = Mapping[int, int]
"""Order's id → whole đồng."""


def settle(
    session: Session, transfer: Transfer, shares: Shares, hand: Hand, *, rest_as_credit: bool
) -> Sequence[Order]:
    """Give a transfer's money to orders, or refuse and change nothing. Does not commit.

    An order whose total is reached becomes confirmed; one that got less stays open, part-paid. What is left over
    becomes the payer's credit, or stays unplaced.
    """
    refused = settle_many(session, {transfer.id: shares}, hand, rest_as_credit=rest_as_credit)
    for refusal in refused.values():
        raise refusal
    return list(lock_orders(session, shares.keys()).values())


def settle_many(
    session: Session, wanted: Mapping[int, Shares], hand: Hand, *, rest_as_credit: bool
) -> dict[int, MarketError]:
    """``settle`` for many transfers (by id) in a handful of statements. Answers the refusals; the others are written.

    Locks the transfers, then the orders, each in the order of their ids.
    """
    session.flush()
    transfers = lock_sums(session, wanted.keys())
    orders = lock_order_rows(session, {order_id for shares in wanted.values() for order_id in shares})
    paid = Counter(paid_by_order(session, orders.keys()))
    refused: dict[int, MarketError] = {}
    gifts: list[Gift] = []
    for transfer_id, shares in wanted.items():
        try:
            unplaced = _unplaced(transfers.get(transfer_id), hand)
            _check(unplaced, orders, shares, paid)
        except MarketError as refusal:
            refused[transfer_id] = refusal
            continue
        rest = unplaced - sum(shares.values())
        gifts.append(Gift(transfer_id, shares, credit=rest if rest_as_credit else 0))
        paid.update(shares)
    ledger.give(session, gifts, hand)
    if not hand.automatic:
        mine = among(session, Transfer.id, [gift.transfer_id for gift in gifts])
        session.execute(update(Transfer).where(mine).values(by_hand=True).execution_options(synchronize_session=False))
    reached = {order_id for gift in gifts for order_id in gift.shares if paid[order_id] == orders[order_id].due}
    lifecycle.confirm(session, reached, by=hand.by, at=hand.at, because=hand.because)
    time_for_the_rest(session, {order_id for gift in gifts for order_id in gift.shares} - reached, at=hand.at)
    over = {min(gift.shares): gift.credit for gift in gifts if gift.credit}
    telling.money_came(session, {order_id for gift in gifts for order_id in gift.shares}, paid, at=hand.at, over=over)
    outdated(session, Transfer, Order)
    return refused


def _unplaced(transfer: LockedSum | None, hand: Hand) -> int:
    """What there is to give. What a clerk has touched is the clerk's: the matcher keeps its hands off it."""
    if transfer is None or (hand.automatic and transfer.by_hand):
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    return transfer.unplaced


def _touch(transfers: Mapping[int, Transfer], transfer_id: int, hand: Hand) -> Transfer:
    """The locked transfer. What a clerk touches is marked, and from then on the matcher keeps its hands off it."""
    transfer = transfers.get(transfer_id)
    if transfer is None or (hand.automatic and transfer.by_hand):
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    transfer.by_hand = not hand.automatic
    return transfer


def _locked(session: Session, transfer: Transfer, hand: Hand) -> Transfer:
    return _touch(lock_transfers(session, [transfer.id]), transfer.id, hand)


def _check(unplaced: int, orders: Mapping[int, LockedOrder], shares: Shares, paid: Mapping[int, int]) -> None:
    if not shares or not shares.keys() <= orders.keys() or min(shares.values()) <= 0:
        raise CannotSettle(_("Name at least one order and an amount above zero for each."))
    if sum(shares.values()) > unplaced:
        raise ChangedMeanwhile(
            _(
                "Only %(left)s of this transfer is not placed yet. Reload the page and look again.",
                left=format_dong(unplaced),
            )
        )
    for order_id, share in shares.items():
        _check_order(orders[order_id], owed=orders[order_id].due - paid[order_id], share=share)


def _check_order(order: LockedOrder, *, owed: int, share: int) -> None:
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

    An order that had not left is open again; one that had keeps its parcels and shows a debt: a clerk's decision only.
    """
    return undo_many(session, [transfer.id], hand)


def undo_many(session: Session, transfer_ids: Collection[int], hand: Hand) -> Sequence[Order]:
    """``undo`` for many transfers, all of them or none. Locks as ``settle_many`` does."""
    locked = lock_transfers(session, transfer_ids)
    for transfer_id in transfer_ids:
        transfer = _touch(locked, transfer_id, hand)
        if transfer.refund_due or transfer.refunded:
            raise CannotSettle(_("Money of this transfer is being refunded, or was. Withdraw the refund first."))
    standing = live_allocations(session, *locked)
    orders = lock_orders(session, {allocation.order_id for allocation in standing})
    for order in orders.values():
        reopen(order, hand)
    # The state goes first: the tables refuse a confirmed order that is not paid only when it is confirmed.
    session.flush()
    ledger.reverse_many(session, standing, hand)
    for transfer in lock_transfers(session, transfer_ids).values():
        if transfer.credit:
            ledger.move(session, transfer, transfer.credit, hand, moved_from=Place.CREDIT, moved_to=Place.UNPLACED)
            forget_owner(session, transfer.id)
    telling.money_left(session, orders.values(), at=hand.at)
    lock_transfers(session, transfer_ids)  # as they stand now
    return list(orders.values())


def reopen(order: Order, hand: Hand) -> None:
    """Money of a paid order is taken back: if it has not left, it waits for its payment again."""
    if order.dispatched_at is not None and hand.automatic:
        raise lifecycle.AlreadyLeft(order)
    if order.state is OrderState.CONFIRMED and order.dispatched_at is None:
        lifecycle.advance(order, OrderState.OPEN, by=hand.by, at=hand.at, because=hand.because)


def set_aside(session: Session, transfer: Transfer, hand: Hand) -> None:
    """Take a transfer that is nobody's order out of the inbox, with a reason. Its money stays unplaced."""
    _mark(session, transfer, aside=True, hand=hand)


def bring_back(session: Session, transfer: Transfer, hand: Hand) -> None:
    """Put a transfer that was set aside back into the inbox."""
    _mark(session, transfer, aside=False, hand=hand)


def _mark(session: Session, transfer: Transfer, *, aside: bool, hand: Hand) -> None:
    locked = _locked(session, transfer, hand)
    if locked.set_aside == aside:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    locked.set_aside = aside
    what = "set aside" if aside else "brought back"
    session.add(DeskEvent(transfer_id=locked.id, what=what, by=hand.by, at=hand.at, because=hand.because))
