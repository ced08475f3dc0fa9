"""A clerk decides a doubt: it is a transfer we know, or another one. And takes that back."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.jobs import promise
from orders.payments.feeds.tellings.models import Doubt, DoubtEvent, DoubtState
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.queries import lock_account, lock_doubt
from orders.payments.feeds.tellings.write import forget_telling, join, may_be, place
from orders.payments.ledger import Hand
from orders.payments.settle import ChangedMeanwhile


class CannotDecide(MarketError):
    """The doubt cannot be decided that way as things stand."""


def same(session: Session, doubt: Doubt, transfer_id: int, hand: Hand) -> None:
    """It is a transfer that we know: no money is credited for it. Does not commit."""
    doubt = _lock(session, doubt, DoubtState.OPEN)
    if transfer_id not in may_be(session, doubt):
        raise CannotDecide(
            _("The same source has meanwhile told transfer %(number)s. Look at what is shown now.", number=transfer_id)
        )
    if doubt.why is not Why.CHANGED:  # what says another amount is not another word for this transfer
        join(session, doubt.account_id, doubt.as_told, transfer_id, at=hand.at)
    _decide(session, doubt, DoubtState.SAME, transfer_id=transfer_id, hand=hand)


def another(session: Session, doubt: Doubt, hand: Hand) -> int:
    """It is none of those shown: another one that we know, or one of its own, which is matched at once. Its number."""
    doubt = _lock(session, doubt, DoubtState.OPEN)
    transfer_id, fresh = place(
        session,
        doubt.account_id,
        doubt.as_told,
        by=hand.by,
        because=f"quarantine {doubt.id}",
        at=hand.at,
        besides=may_be(session, doubt),
    )
    _decide(session, doubt, DoubtState.ANOTHER, transfer_id=transfer_id, hand=hand)
    if fresh:
        promise(session, "match", key=f"match:doubt:{doubt.id}", payload={"transfer_ids": [transfer_id]})
    return transfer_id


def take_back(session: Session, doubt: Doubt, hand: Hand) -> None:
    """It was the same, a clerk said, and that was wrong: it waits again. Does not commit.

    What was booked as another transfer stays booked, as all that came in does; its own page sets it aside.
    """
    doubt = _lock(session, doubt, DoubtState.SAME)
    forget_telling(session, doubt.account_id, doubt.feed, doubt.key)
    _decide(session, doubt, DoubtState.OPEN, transfer_id=None, hand=hand)


def _lock(session: Session, doubt: Doubt, state: DoubtState) -> Doubt:
    """The account, then the doubt: in the order in which everybody locks who books."""
    lock_account(session, doubt.account_id)
    locked = lock_doubt(session, doubt.id)
    if locked is None or locked.state is not state:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    return locked


def _decide(session: Session, doubt: Doubt, state: DoubtState, *, transfer_id: int | None, hand: Hand) -> None:
    named = transfer_id or doubt.transfer_id
    doubt.state, doubt.transfer_id = state, transfer_id
    what = "taken back" if state is DoubtState.OPEN else state.value
    session.add(
        DoubtEvent(doubt_id=doubt.id, what=what, transfer_id=named, by=hand.by, at=hand.at, because=hand.because)
    )
    session.flush()
