"""A bank takes back what it had credited: what the money paid is undone, and what has not left does not leave."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.changes import Doer
from kernel.errors import MarketError
from kernel.text import fold
from orders.deadlines.keep import renew
from orders.models import Order
from orders.notices import telling
from orders.payments import ledger
from orders.payments.feeds.queries import debit_reversing, fitting_reversals, refunds_under_way, unexplained_debits
from orders.payments.ledger import Hand
from orders.payments.models import Debit, DebitKind, Place, Transfer
from orders.payments.queries import live_allocations, lock_transfers
from orders.payments.refunds import keep as refunds
from orders.payments.settle import CannotSettle, ChangedMeanwhile, undo

log = structlog.get_logger()

SAID = re.compile(
    r"\b(HOAN TRA|HOAN TIEN|HOAN LAI|THU HOI|DAO (GIAO DICH|GD|BUT TOAN)|HUY (GIAO DICH|GD)|REVERSAL|REVERSED?|RVSL)\b"
)
"""How banks write it, in capitals without marks."""

LOOK_BACK = timedelta(days=30)
BANK = "bank"
BECAUSE = "the bank took it back"


def find_reversals(session: Session, debits: Collection[Debit]) -> dict[int, int]:
    """Debit → transfer, where the debit says that it reverses one and names its number: exactly one of the same sum."""
    said = [debit.id for debit in debits if SAID.search(fold(debit.memo).upper())]
    pairs = fitting_reversals(session, said, LOOK_BACK) if said else []
    of_debit, of_transfer = Counter(debit for debit, _t in pairs), Counter(transfer for _d, transfer in pairs)
    return {debit: transfer for debit, transfer in pairs if of_debit[debit] == of_transfer[transfer] == 1}


def take_back_what_banks_told(session: Session, *, at: datetime, statement_id: int | None = None) -> int:
    """Carry out the reversals among the debits that nobody has explained; what is not clear waits for a clerk.

    Only those of one statement where that is named, else the newest. Answers how many. Does not commit.
    """
    debits = {debit.id: debit for debit in unexplained_debits(session, since=at - LOOK_BACK, statement_id=statement_id)}
    found = find_reversals(session, debits.values())
    return sum(
        _tried(session, session.get_one(Transfer, transfer), debits[debit], at) for debit, transfer in found.items()
    )


def _tried(session: Session, transfer: Transfer, debit: Debit, at: datetime) -> bool:
    try:
        with session.begin_nested():
            take_back(session, transfer, debit, Hand(BANK, at, BECAUSE))
    except MarketError as refusal:
        log.info("reversal waits for a clerk", debit=debit.id, refusal=type(refusal).__name__)
        return False
    return True


def take_back(session: Session, transfer: Transfer, debit: Debit, hand: Hand) -> Sequence[Order]:
    """The bank took the whole transfer back by this debit. Answers the orders that are not paid any more.

    One that has not left waits for its payment again, and has time for it; one that has left shows a debt. Does not
    commit.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    if (debit.account_id, debit.amount) != (locked.account_id, locked.amount):
        raise CannotSettle(_("This debit is of another sum or account, so it does not take this transfer back."))
    _stop_refunds(session, locked, hand)
    paid = _paid_by(session, locked)
    orders = undo(session, locked, hand)
    session.refresh(locked)
    if locked.unplaced != locked.amount:
        raise CannotSettle(_("Part of this transfer was paid back already. Talk to the bank first."))
    ledger.move(session, locked, locked.amount, hand, moved_from=Place.UNPLACED, moved_to=Place.REFUNDED)
    _explain(session, debit, locked, hand)  # debits are locked last, as everybody does
    for order in orders:
        renew(order, at=hand.at, window=current_app.extensions["settings"].payment_window)
        session.flush()
        telling.taken_back_by_bank(session, order, amount=paid[order.id], at=hand.at)
    return orders


def _explain(session: Session, debit: Debit, transfer: Transfer, hand: Hand) -> None:
    """One conditional UPDATE: of two who explain a debit, one gets through."""
    explained = session.execute(
        update(Debit)
        .where(Debit.id == debit.id, Debit.kind == DebitKind.UNEXPLAINED)
        .values(
            kind=DebitKind.REVERSAL,
            reverses_id=transfer.id,
            explained_by=hand.by,
            explained_at=hand.at,
            because=hand.because,
        )
        .returning(Debit.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.expire(debit)
    if explained is None:
        raise ChangedMeanwhile(_("This debit was explained already. Reload the page."))


def _stop_refunds(session: Session, transfer: Transfer, hand: Hand) -> None:
    """What the bank has is not ours to pay back. One that the bank was told to pay has to be looked into first."""
    doer = Doer(hand.by, hand.at, hand.because)
    for refund in refunds_under_way(session, transfer.id):
        if refund.batch_id is not None:
            raise CannotSettle(_("A refund of this transfer is being paid at the bank. Look into that first."))
        if refund.decided_at is None:
            refunds.drop(session, refund, doer)
        else:
            refunds.stop(session, refund, doer)
    session.refresh(transfer)


def _paid_by(session: Session, transfer: Transfer) -> Counter[int]:
    paid = Counter[int]()
    for allocation in live_allocations(session, transfer.id):
        paid[allocation.order_id] += allocation.amount
    return paid


def give_again(session: Session, transfer: Transfer, hand: Hand) -> None:
    """It was not the bank's reversal of this one: the money is ours and not placed, the debit unexplained.

    Does not commit.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    debit = debit_reversing(session, locked.id)
    if debit is None:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    ledger.move(session, locked, locked.amount, hand, moved_from=Place.REFUNDED, moved_to=Place.UNPLACED)
    debit.kind, debit.reverses_id, debit.because = DebitKind.UNEXPLAINED, None, ""
    debit.explained_by = debit.explained_at = None
    locked.by_hand = True
    session.flush()
