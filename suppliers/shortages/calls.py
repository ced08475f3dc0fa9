"""Residents who wanted to be called: what they agreed to, and the money back for those whom nobody reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import jobs
from kernel.changes import Doer
from kernel.errors import MarketError
from orders.payments.settle import ChangedMeanwhile
from suppliers.models import Parcel
from suppliers.queries import lock_batch
from suppliers.shortages import queries
from suppliers.shortages.declare import BECAUSE, goes_back, step, tell
from suppliers.shortages.models import Outcome, Shortage
from suppliers.shortages.plan import Book, Household, Loss
from suppliers.versions import reissue

JOB = "not-reached"
NOT_REACHED = "not reached before the courier left"


class NothingAgreed(MarketError):
    """What the resident gets was not said."""

    status = 422


def agree(session: Session, shortage: Shortage, order_id: int, *, instead: str, by: str, at: datetime) -> None:
    """The resident takes ``instead``: the manifest says so from now on. Does not commit."""
    if not instead:
        raise NothingAgreed(_("Say what the resident agreed to get instead."))
    _hold(session, shortage, order_id)
    doer = Doer(by, at, "agreed on the phone")
    session.add(step(shortage, order_id, Outcome.EQUIVALENT, doer, instead=instead))
    shortage.calls_waiting -= 1
    session.flush()
    reissue(session, shortage.batch, at=at, by=by, because=BECAUSE % shortage.id)


def refund(
    session: Session, shortage: Shortage, order_id: int, *, by: str, at: datetime, vouches: bool = False
) -> None:
    """The resident wants the money back. Does not commit."""
    _hold(session, shortage, order_id)
    _refund(session, shortage, {order_id}, Doer(by, at, "asked for on the phone"), vouches=vouches)


def give_up_calling(
    session: Session, shortage: Shortage, *, by: str, at: datetime, only: int | None = None, vouches: bool = False
) -> int:
    """Who was not reached (or that one order) gets the money back. Answers how many those are. Does not commit."""
    _held(session, shortage)
    stands = queries.stands_of(session, [shortage.id])
    waiting = {order_id for (_id, order_id), last in stands.items() if last.became is Outcome.CALL}
    waiting &= {only} if only is not None else waiting
    if waiting:
        _refund(session, shortage, waiting, Doer(by, at, NOT_REACHED), vouches=vouches)
    return len(waiting)


def _hold(session: Session, shortage: Shortage, order_id: int) -> None:
    """The shortage, locked, if this order is still to be called."""
    _held(session, shortage)
    last = queries.stands_of(session, [shortage.id]).get((shortage.id, order_id))
    if last is None or last.became is not Outcome.CALL:
        raise ChangedMeanwhile(_("This order is not to be called any more. Reload the page to see how it stands."))


def _held(session: Session, shortage: Shortage) -> None:
    lock_batch(session, shortage.batch_id)
    queries.lock_parcels(session, shortage.batch_id)
    session.refresh(shortage)
    if shortage.withdrawn_at is not None:
        raise ChangedMeanwhile(_("This shortage was taken back. Reload the page to see by whom."))


def _refund(session: Session, shortage: Shortage, order_ids: Collection[int], doer: Doer, *, vouches: bool) -> None:
    households = _households(session, shortage, order_ids)
    session.add_all(step(shortage, order_id, Outcome.REFUND, doer) for order_id in sorted(order_ids))
    shortage.calls_waiting -= len(order_ids)
    session.flush()
    goes_back(session, shortage, households, by=doer.by, at=doer.at, vouches=vouches)
    tell(session, shortage, households, at=doer.at)


def _households(session: Session, shortage: Shortage, order_ids: Collection[int]) -> Sequence[Household]:
    """What these go without, at what it is worth today."""
    book = Book(session, shortage.batch_id)
    lines = {line.line_id: line for line in book.lines}
    shares = queries.shares_of_order(session, shortage.id, order_ids)
    found = []
    for order_id in sorted(order_ids):
        theirs = [each for each in shares if each.order_id == order_id]
        head = lines[theirs[0].line_id]
        losses = tuple(
            Loss(
                each.line_id,
                each.portions,
                each.quantity,
                book.amount(lines[each.line_id], (shortage.item, shortage.unit), each.portions),
            )
            for each in theirs
        )
        found.append(Household(order_id, head.code, head.stop, Outcome.REFUND, losses))
    return found


def nobody_reached(session: Session, parcel: Parcel, by: str, _at: datetime) -> None:
    """A parcel (locked) is at the door: who of it was still to be called gets the money back. Does not commit.

    A moment later, by a job: who shares out holds the batch, then its parcels, so who holds a parcel must not wait for
    the batch.
    """
    for shortage in queries.with_calls(session, batch_id=parcel.batch_id):
        about = {"shortage": shortage.id, "order": parcel.order_id, "by": by}
        jobs.promise(session, JOB, key=f"{JOB}:{shortage.id}:{parcel.order_id}", payload=about)
