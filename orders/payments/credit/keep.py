"""Credit moved: kept for a resident, used for their next order, given back to them, taken from an order again."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.bulk import outdated
from kernel.changes import Doer
from orders import lifecycle
from orders.deadlines.keep import time_for_the_rest
from orders.models import Order, OrderState
from orders.notices import telling
from orders.payments import ledger
from orders.payments.credit.owners import name_owner
from orders.payments.credit.queries import used_from_credit
from orders.payments.ledger import Gift, Hand
from orders.payments.models import Place, Transfer
from orders.payments.queries import lock_transfers, owed_by
from orders.payments.refunds.keep import propose
from orders.payments.refunds.models import Refund
from orders.payments.settle import CannotSettle, ChangedMeanwhile, reopen
from orders.queries import lock_orders


def keep(session: Session, transfer: Transfer, order: Order, hand: Hand) -> int:
    """What is not placed of a transfer becomes the credit of who placed ``order``. Answers how much. Does not commit.

    ``undo`` of the transfer takes it back.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    amount = locked.unplaced
    if not amount:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    lock_orders(session, [order.id])
    ledger.move(session, locked, amount, hand, moved_from=Place.UNPLACED, moved_to=Place.CREDIT)
    name_owner(session, locked, order, hand)
    locked.by_hand = True
    telling.money_kept(session, order, transfer_id=locked.id, amount=amount, at=hand.at)
    return amount


def use(session: Session, transfer: Transfer, order: Order, hand: Hand) -> int:
    """As much of a transfer's credit as an open order owes is given to it. Answers how much. Does not commit.

    From then on the transfer is no matter of the matcher's.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    wanted = lock_orders(session, [order.id])[order.id]
    owed = owed_by(session, wanted)
    if not locked.credit:
        raise ChangedMeanwhile(_("This credit has been used, or paid back. Reload the page."))
    if wanted.state is not OrderState.OPEN or owed <= 0:
        raise CannotSettle(_("Order %(code)s does not wait for its payment any more.", code=wanted.code))
    share = min(locked.credit, owed)
    locked.by_hand = True
    session.flush()
    ledger.give(session, [Gift(locked.id, {wanted.id: share}, place=Place.CREDIT)], hand)
    if share == owed:
        lifecycle.confirm(session, [wanted.id], by=hand.by, at=hand.at, because=hand.because)
    else:
        time_for_the_rest(session, [wanted.id], at=hand.at)
    telling.money_came(session, [wanted.id], {wanted.id: wanted.due - owed + share}, at=hand.at)
    outdated(session, Transfer, Order)
    return share


def spend_all(session: Session, transfers: Sequence[Transfer], order: Order, hand: Hand) -> int:
    """``use`` of one transfer's credit after the other until the order is paid. Answers how much it got."""
    owed, given = owed_by(session, order), 0
    for transfer in transfers:
        if given < owed:
            given += use(session, transfer, order, hand)
    return given


def take_from_orders(session: Session, transfer: Transfer, hand: Hand) -> Sequence[Order]:
    """What a transfer's credit was used for is credit again; what it pays otherwise stays. Does not commit."""
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    used = used_from_credit(session, locked.id)
    if not used:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    orders = lock_orders(session, {allocation.order_id for allocation in used})
    for order in orders.values():
        reopen(order, hand)
    session.flush()
    for allocation in reversed(used):
        ledger.reverse_allocation(session, allocation, hand)
    locked.by_hand = True
    telling.money_left(session, orders.values(), at=hand.at)
    session.refresh(locked)
    return list(orders.values())


def give_back(session: Session, transfer: Transfer, order: Order | None, doer: Doer) -> Refund:
    """All of a transfer's credit shall be refunded. Does not commit."""
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    if not locked.credit:
        raise ChangedMeanwhile(_("This credit has been used, or paid back. Reload the page."))
    return propose(session, locked, locked.credit, doer, taken_from=Place.CREDIT, order=order)
