"""Refunds that a statement has shown: told from their memo, or by a clerk; and debits that were something else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.bulk import insert_many, outdated
from kernel.changes import Doer, note
from kernel.errors import MarketError
from kernel.four_eyes import Stand
from orders.notices import telling
from orders.payments.models import Debit, DebitKind, Place, Posting, Transfer
from orders.payments.queries import lock_sums
from orders.payments.refunds.fits import pairs
from orders.payments.refunds.models import Refund
from orders.payments.refunds.queries import (
    due_refunds,
    lock_debits,
    lock_refunds,
    refund_of_debit,
    unexplained_since,
    whose_refunds,
)
from orders.queries import lock_order_rows

KIND = "debit"
MATCHER = "matcher"
OTHERS = (DebitKind.FEE, DebitKind.SUPPLIER, DebitKind.OTHER)
"""What a clerk may say that a debit was, if it was no refund. A reversal is said at the transfer that it reverses."""


class CannotExplain(MarketError):
    """The debit is explained already, or the refund is not to be paid."""


def match_debits(session: Session, *, at: datetime) -> int:
    """Find exported refunds among the debits that nobody has explained; answers how many. Does not commit.

    However often it is run, a debit pays one refund and a refund is paid once.
    """
    due = due_refunds(session)
    if not due:
        return 0
    out = unexplained_since(session, min(each.since for each in due))
    return len(_pay(session, pairs(due, out), Doer(MATCHER, at, "refund found")))


def link(session: Session, debit: Debit, refund: Refund, doer: Doer) -> None:
    """A clerk says which refund a debit paid, and how they know: the sums may differ. Does not commit."""
    if not _pay(session, {debit.id: refund.id}, doer):
        raise CannotExplain(_("The debit is explained already, or the refund is not to be paid. Reload the page."))
    note(session, KIND, debit.id, {"refund": ""}, {"refund": refund.code}, doer)


def _pay(session: Session, wanted: Mapping[int, int], doer: Doer) -> list[Refund]:
    """Write down which debit (by id) paid which refund, where both are still open once all are locked."""
    session.flush()
    refunds = lock_all_of(session, wanted.values())
    debits = lock_debits(session, wanted.keys())
    paid = [
        (debits[debit_id], refunds[refund_id])
        for debit_id, refund_id in wanted.items()
        if debits[debit_id].kind is DebitKind.UNEXPLAINED and is_due(refunds[refund_id])
    ]
    insert_many(session, Posting, [_posting(refund, Place.REFUND_DUE, Place.REFUNDED, doer) for _, refund in paid])
    for debit, refund in paid:
        explain(debit, DebitKind.REFUND, doer)
        refund.debit_id, refund.paid_at = debit.id, doer.at
    session.flush()
    outdated(session, Transfer)
    told = {refund.id: (refund.order_id, refund.amount) for _, refund in paid if refund.order_id}
    telling.refunded(session, told, at=doer.at)
    return [refund for _, refund in paid]


def explain(debit: Debit, kind: DebitKind, doer: Doer) -> None:
    debit.kind, debit.because = kind, doer.because
    debit.explained_by, debit.explained_at = doer.by, doer.at


def is_due(refund: Refund) -> bool:
    """Whether it is approved, was not given up, and no statement has shown it."""
    return refund.state is Stand.APPLIED and not refund.stopped_at and not refund.debit_id


def lock_all_of(session: Session, refund_ids: Collection[int]) -> dict[int, Refund]:
    """These refunds, locked after their transfers and orders, as everybody does."""
    about = whose_refunds(session, refund_ids)
    lock_sums(session, {transfer_id for transfer_id, _order_id in about})
    lock_order_rows(session, {order_id for _transfer_id, order_id in about if order_id})
    return lock_refunds(session, refund_ids)


def _posting(refund: Refund, moved_from: Place, moved_to: Place, doer: Doer) -> dict[str, Any]:
    return {
        "transfer_id": refund.transfer_id,
        "moved_from": moved_from,
        "moved_to": moved_to,
        "amount": refund.amount,
        "by": doer.by,
        "at": doer.at,
        "because": doer.because,
    }


def say_other(session: Session, debit: Debit, kind: DebitKind, doer: Doer) -> None:
    """A clerk says what else it was, and how they know. Does not commit."""
    locked = lock_debits(session, [debit.id])[debit.id]
    if locked.kind is not DebitKind.UNEXPLAINED or kind not in OTHERS:
        raise CannotExplain(_("This debit is explained already. Reload the page."))
    explain(locked, kind, doer)
    note(session, KIND, debit.id, {"kind": DebitKind.UNEXPLAINED}, {"kind": kind}, doer)


def undo(session: Session, debit: Debit, doer: Doer) -> None:
    """What was said of a debit was a mistake: nobody has explained it, its refund is still to be paid. Does not commit.

    What the resident was told already stays told.
    """
    refund = refund_of_debit(session, debit.id)
    if refund:
        _unpay(session, refund, doer)
    locked = lock_debits(session, [debit.id])[debit.id]
    if locked.kind is DebitKind.UNEXPLAINED or (locked.kind is DebitKind.REFUND and not refund):
        raise CannotExplain(_("Nobody has explained this debit. Reload the page."))
    if locked.reverses_id is not None:
        raise CannotExplain(_("The bank took a payment back by this debit. Undo that on the page of the transfer."))
    note(session, KIND, debit.id, {"kind": locked.kind}, {"kind": DebitKind.UNEXPLAINED}, doer)
    locked.kind, locked.because, locked.explained_by, locked.explained_at = DebitKind.UNEXPLAINED, "", None, None


def _unpay(session: Session, refund: Refund, doer: Doer) -> None:
    locked = lock_all_of(session, [refund.id])[refund.id]
    if locked.debit_id is None:
        raise CannotExplain(_("Nobody has explained this debit. Reload the page."))
    insert_many(session, Posting, [_posting(locked, Place.REFUNDED, Place.REFUND_DUE, doer)])
    locked.debit_id = locked.paid_at = None
    session.flush()
    outdated(session, Transfer)
    if locked.order:
        telling.refund_taken_back(session, locked.order, refund_id=locked.id, at=doer.at)
