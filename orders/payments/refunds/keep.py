"""Refunds written: proposed, their account named, approved by a second person, refused, withdrawn, given up."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, Overtaken
from kernel.errors import MarketError
from kernel.four_eyes import DecidedAlready, SameHands, Stand, decide
from kernel.money import format_dong
from orders.models import Order
from orders.payments import ledger
from orders.payments.ledger import Hand
from orders.payments.models import DeskEvent, Place, Transfer
from orders.payments.queries import lock_transfers
from orders.payments.refunds.codes import new_code
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee, is_who_paid, payer_of
from orders.payments.refunds.queries import code_in_use, lock_refunds

RESIDENT = "resident"
"""Who proposes a refund by giving up a paid order: no clerk has vouched for the account yet."""


class NotThere(MarketError):
    """Less lies there than was to be given back."""


class NotNamed(MarketError):
    """Nobody has said to which account, or not why to that one."""

    status = 422


class NotUnderWay(MarketError):
    """The refund is not approved, was given up, or was paid."""


def propose(
    session: Session,
    transfer: Transfer,
    amount: int,
    doer: Doer,
    *,
    taken_from: Place,
    order: Order | None = None,
    payee: Payee | None = None,
    vouches: bool = True,
) -> Refund:
    """``amount`` đồng of a transfer shall go back: it is taken from where it lies, and waits. Does not commit.

    Without ``payee`` it goes to the account that paid, if the bank told it whole; else a clerk has to name one. For
    what a resident proposes, or a supplier, nobody ``vouches``: a clerk has to confirm it. Locks the transfer.
    """
    locked = lock_transfers(session, [transfer.id])[transfer.id]
    if not 0 < amount <= _lies(locked, taken_from):
        raise NotThere(
            _(
                "Only %(left)s lies there now. Reload the page and look again.",
                left=format_dong(_lies(locked, taken_from)),
            )
        )
    ledger.move(session, locked, amount, _hand(doer), moved_from=taken_from, moved_to=Place.REFUND_DUE)
    locked.by_hand = True
    refund = Refund(
        transfer=locked,
        order=order,
        amount=amount,
        taken_from=taken_from,
        code=_fresh_code(session),
        proposed_by=doer.by,
        proposed_at=doer.at,
        because=doer.because,
    )
    _put(refund, payee or payer_of(locked), doer if vouches and doer.by != RESIDENT else None)
    session.add(refund)
    session.flush()
    return refund


def _lies(transfer: Transfer, place: Place) -> int:
    return {Place.UNPLACED: transfer.unplaced, Place.CREDIT: transfer.credit}[place]


def _fresh_code(session: Session) -> str:
    code = new_code()
    while code_in_use(session, code):
        code = new_code()
    return code


def payee_of(refund: Refund) -> Payee:
    return Payee(refund.bank_bin, refund.account, refund.name, refund.other_account_reason)


def _put(refund: Refund, payee: Payee, namer: Doer | None) -> None:
    """Whoever says it, vouches for it, once it is whole."""
    if namer and payee.whole and not is_who_paid(refund.transfer, payee) and not payee.reason:
        raise NotNamed(_("This is not known to be the account that paid. Say why it is this one."))
    refund.bank_bin, refund.account, refund.name = payee.bank_bin, payee.account, payee.name
    refund.other_account_reason = payee.reason
    if namer and payee.whole:
        refund.named_by, refund.named_at = namer.by, namer.at


def name(session: Session, refund: Refund, payee: Payee, *, seen: str | None, doer: Doer) -> None:
    """Say to which account, or confirm it. Until it is approved this may be corrected. Does not commit."""
    waiting = _waiting(session, refund, seen)
    if not payee.whole:
        raise NotNamed(_("Name the bank, the account and whose it is."))
    _put(waiting, payee, doer)
    waiting.version += 1
    _tell(session, waiting, "refund account named", doer)


def approve(session: Session, refund: Refund, *, seen: str | None, doer: Doer) -> None:
    """The second person agrees to what they have ``seen``. Does not commit."""
    waiting = _waiting(session, refund, seen)
    if waiting.named_by is None:
        raise NotNamed(_("Nobody has named the account yet. Do that first; then a second person approves."))
    if doer.by == waiting.named_by:
        raise SameHands(_("You named this account yourself: a second person has to approve it."))
    decide(session, waiting, Stand.APPLIED, doer)
    _tell(session, waiting, "refund approved", doer)


def _waiting(session: Session, refund: Refund, seen: str | None) -> Refund:
    locked = _locked(session, refund)
    if locked.state is not Stand.PROPOSED:
        raise DecidedAlready(_("This was decided already. Load the page again to see by whom."))
    if seen != str(locked.version):
        raise Overtaken
    return locked


def refuse(session: Session, refund: Refund, doer: Doer) -> None:
    """The second person says no, and why: the money lies where it lay. Does not commit."""
    _end(session, refund, Stand.REFUSED, doer)


def withdraw(session: Session, refund: Refund, doer: Doer) -> None:
    """The proposer takes it back: the money lies where it lay. Does not commit."""
    _end(session, refund, Stand.WITHDRAWN, doer)


def drop(session: Session, refund: Refund, doer: Doer) -> None:
    """There is nothing left to give back, whoever proposed it: the money lies where it lay. Does not commit."""
    _end(session, refund, Stand.WITHDRAWN if doer.by == refund.proposed_by else Stand.REFUSED, doer)


def _end(session: Session, refund: Refund, to: Stand, doer: Doer) -> None:
    locked = _locked(session, refund)
    decide(session, locked, to, doer)
    _put_back(session, locked, doer)


def stop(session: Session, refund: Refund, doer: Doer) -> None:
    """Give up what was approved and no statement has shown yet: the money lies where it lay. Does not commit.

    For one that the bank would not carry out: it can be proposed anew, to another account, and approved anew.
    """
    locked = _locked(session, refund)
    if locked.state is not Stand.APPLIED or locked.stopped_at or locked.debit_id:
        raise NotUnderWay(_("This refund is not approved, or it was given up or paid. Reload the page."))
    locked.stopped_by, locked.stopped_at, locked.stopped_because = doer.by, doer.at, doer.because
    _put_back(session, locked, doer)


def _locked(session: Session, refund: Refund) -> Refund:
    """Its transfer first, as everybody does: the ledger and the notes on it hold on to that, too."""
    lock_transfers(session, [refund.transfer_id])
    return lock_refunds(session, [refund.id])[refund.id]


def _put_back(session: Session, refund: Refund, doer: Doer) -> None:
    hand, to = _hand(doer), refund.taken_from
    ledger.move(session, refund.transfer, refund.amount, hand, moved_from=Place.REFUND_DUE, moved_to=to)


def _hand(doer: Doer) -> Hand:
    return Hand(doer.by, doer.at, doer.because)


def _tell(session: Session, refund: Refund, what: str, doer: Doer) -> None:
    session.add(DeskEvent(transfer_id=refund.transfer_id, what=what, by=doer.by, at=doer.at, because=doer.because))
