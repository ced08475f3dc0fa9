"""Deductions taken back: the refunds of them end, and the money is the order's again as far as it is still there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from kernel.errors import MarketError
from kernel.four_eyes import Stand
from orders.deductions.models import Deduction
from orders.models import Order
from orders.payments import ledger
from orders.payments.ledger import Gift, Hand
from orders.payments.models import Place
from orders.payments.queries import lock_transfers, owed_by
from orders.payments.refunds import keep as refunds_kept
from orders.payments.refunds.models import Refund
from orders.payments.refunds.queries import lock_refunds
from orders.queries import lock_orders


class PaidBack(MarketError):
    """Money of it has gone back, or is at the bank: what was deducted stays deducted."""


def take_back(
    session: Session,
    deductions: Sequence[Deduction],
    refunds: Sequence[Refund],
    doer: Doer,
    *,
    outside: Mapping[int, int],
) -> None:
    """Reverse deductions, end what their refunds have not paid yet, give the orders their money again. Does not commit.

    ``outside`` is what each order had of money from before the city moved in. An order whose money went elsewhere
    meanwhile shows a debt. Locks transfers, orders, refunds, each by their numbers.
    """
    lock_transfers(session, {refund.transfer_id for refund in refunds})
    orders = lock_orders(session, {each.order_id for each in deductions} | outside.keys())
    theirs = list(lock_refunds(session, [refund.id for refund in refunds]).values())
    for refund in theirs:
        _check(refund)
    session.add_all(_reversal(each, doer) for each in deductions)
    session.flush()
    for order in orders.values():
        session.expire(order, ["deducted"])
    hand = Hand(doer.by, doer.at, doer.because)
    for refund in theirs:
        _end(session, refund, doer)
        _give(session, refund, hand)
    for order_id, amount in outside.items():
        if (again := min(amount, owed_by(session, orders[order_id]))) > 0:
            ledger.allocate_opening(session, orders[order_id], again, hand)


def _check(refund: Refund) -> None:
    at_the_bank = refund.batch_id is not None and refund.stopped_at is None
    if refund.debit_id is not None or at_the_bank:
        raise PaidBack(_("Refund %(code)s has been paid, or is at the bank. Look into that first.", code=refund.code))


def _reversal(was: Deduction, doer: Doer) -> Deduction:
    return Deduction(
        order_id=was.order_id,
        line_id=was.line_id,
        supplier_id=was.supplier_id,
        amount=-was.amount,
        quantity=was.quantity,
        reverses_id=was.id,
        because=doer.because,
        by=doer.by,
        at=doer.at,
    )


def _end(session: Session, refund: Refund, doer: Doer) -> None:
    if refund.state is Stand.PROPOSED:
        refunds_kept.drop(session, refund, doer)
    elif refund.state is Stand.APPLIED and refund.stopped_at is None:
        refunds_kept.stop(session, refund, doer)


def _give(session: Session, refund: Refund, hand: Hand) -> None:
    """From where it lies now to the order that it came from, which owes it again."""
    order: Order | None = refund.order
    transfer = refund.transfer
    session.refresh(transfer)
    lies = transfer.credit if refund.taken_from is Place.CREDIT else transfer.unplaced
    if order is None or (amount := min(refund.amount, lies, owed_by(session, order))) <= 0:
        return
    ledger.give(session, [Gift(transfer.id, {order.id: amount}, place=refund.taken_from)], hand)
    session.refresh(transfer)
