"""The office decides a complaint: what is deducted and goes back, or why nothing does; and takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, take_turn
from kernel.errors import MarketError
from kernel.money import format_dong
from orders.deductions.again import PaidBack, take_back
from orders.deductions.keep import Cut, GoesBack, deduct
from orders.models import OrderLine
from orders.notices import telling
from orders.payments.settle import ChangedMeanwhile
from orders.queries import lock_orders
from suppliers.complaints import queries
from suppliers.complaints.keep import hold
from suppliers.complaints.models import Complaint, ComplaintEntry, ComplaintState
from suppliers.scores.count import count_again
from suppliers.shortages.queries import deducted_of

BECAUSE = "complaint %s"
TAKEN_BACK = "complaint %s was taken back"
"""Of deductions and refunds: which complaint it was."""


class MoreThanLeft(MarketError):
    """More is to go back than the goods came to."""

    status = 422


class NothingGoesBack(MarketError):
    """No sum was said."""

    status = 422


def left_of(session: Session, complaint: Complaint) -> Mapping[int, int]:
    """Line → how many đồng of it were not deducted yet; of all lines of the parcel for what is no line's."""
    return {line.id: left for line, left in _left(session, complaint)}


def _left(session: Session, complaint: Complaint) -> list[tuple[OrderLine, int]]:
    lines = queries.lines_of(session, complaint.order_id, complaint.supplier_id)
    theirs = [line for line in lines if complaint.line_id in (None, line.id)]
    gone = deducted_of(session, [line.id for line in theirs])
    return [(line, line.amount - gone.get(line.id, 0)) for line in theirs]


def accept(session: Session, complaint: Complaint, amount: int, *, answer: str, seen: str | None, doer: Doer) -> None:
    """``amount`` đồng of it need not be paid; the refund of what was paid is proposed. Does not commit.

    Of two clerks at once one gets through; ``seen`` is the version that was shown.
    """
    _take(session, complaint, seen)
    cuts = _cuts(session, complaint, amount)
    back = deduct(session, cuts, Doer(doer.by, doer.at, BECAUSE % complaint.id))[complaint.order_id]
    complaint.state, complaint.amount, complaint.outside = ComplaintState.ACCEPTED, amount, back.outside
    _decided(complaint, answer, doer)
    session.add_all(_entries(complaint, back))
    session.flush()
    _tell(session, complaint, answer, amount=amount, at=doer.at)


def refuse(session: Session, complaint: Complaint, *, answer: str, seen: str | None, doer: Doer) -> None:
    """Nothing goes back, and why. Does not commit."""
    _take(session, complaint, seen)
    complaint.state = ComplaintState.REFUSED
    _decided(complaint, answer, doer)
    session.flush()
    _tell(session, complaint, answer, amount=0, at=doer.at)


def undo(session: Session, complaint: Complaint, *, seen: str | None, doer: Doer) -> None:
    """It was accepted by mistake: all of it by rows that reverse those before. Does not commit.

    Refused once a refund of it was paid or is at the bank, or money was given back by hand.
    """
    hold(session, complaint)
    _check_standing(complaint)
    take_turn(session, complaint, seen)
    entries = queries.entries_of(session, complaint.id)
    take_back(
        session,
        [each.deduction for each in entries if each.deduction is not None],
        [each.refund for each in entries if each.refund is not None],
        Doer(doer.by, doer.at, TAKEN_BACK % complaint.id),
        outside={complaint.order_id: complaint.outside} if complaint.outside else {},
    )
    complaint.undone_by, complaint.undone_at, complaint.undone_because = doer.by, doer.at, doer.because
    session.flush()
    _tell(session, complaint, doer.because, amount=0, at=doer.at)


def _check_standing(complaint: Complaint) -> None:
    if complaint.state is not ComplaintState.ACCEPTED or complaint.undone_at is not None:
        raise ChangedMeanwhile(_("Only what was accepted can be taken back. Reload the page to see how it stands."))
    if complaint.done_at is not None:
        raise PaidBack(_("Money was given back by hand already, so this stays as it is."))


def given_back(session: Session, complaint: Complaint, doer: Doer) -> None:
    """Money from before the city moved in was given back by hand. Does not commit."""
    hold(session, complaint)
    if not complaint.outside or complaint.done_at is not None or complaint.undone_at is not None:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    complaint.done_by, complaint.done_at, complaint.done_because = doer.by, doer.at, doer.because
    session.flush()


def reply(session: Session, complaint: Complaint, words: str, *, by: str, at: datetime) -> None:
    """What the supplier says of it, once, while it waits. Does not commit."""
    hold(session, complaint)
    if not complaint.waits or complaint.replied_at is not None:
        raise ChangedMeanwhile(_("This was answered or decided meanwhile. Reload the page to see how."))
    complaint.reply, complaint.replied_by, complaint.replied_at = words, by, at
    session.flush()


def _take(session: Session, complaint: Complaint, seen: str | None) -> None:
    hold(session, complaint)
    if not complaint.waits:
        raise ChangedMeanwhile(_("This was decided meanwhile. Reload the page to see how."))
    take_turn(session, complaint, seen)


def _decided(complaint: Complaint, answer: str, doer: Doer) -> None:
    complaint.decided_by, complaint.decided_at, complaint.answer = doer.by, doer.at, answer


def _cuts(session: Session, complaint: Complaint, amount: int) -> list[Cut]:
    """From its line; what is no line's, from one line of the parcel after the other."""
    if amount <= 0:
        raise NothingGoesBack(_("Say how much goes back, or refuse it."))
    left = _left(session, complaint)
    if amount > (most := sum(rest for _line, rest in left)):
        raise MoreThanLeft(
            _("Only %(most)s of these goods has not been given back yet. Enter at most that.", most=format_dong(most))
        )
    cuts = []
    for line, rest in left:
        if (part := min(rest, amount)) > 0:
            cuts.append(Cut(complaint.order_id, line.id, complaint.supplier_id, part, line.quantity))
            amount -= part
    return cuts


def _entries(complaint: Complaint, back: GoesBack) -> list[ComplaintEntry]:
    about = {"complaint_id": complaint.id, "order_id": complaint.order_id}
    deductions = [ComplaintEntry(**about, deduction_id=each.id) for each in back.deductions]
    return deductions + [ComplaintEntry(**about, refund_id=each.id) for each in back.refunds]


def _tell(session: Session, complaint: Complaint, answer: str, *, amount: int, at: datetime) -> None:
    """The resident; and what is counted of the supplier."""
    order = lock_orders(session, [complaint.order_id])[complaint.order_id]
    decided = telling.Decided(complaint.id, complaint.what, amount, answer)
    telling.complaint_decided(session, order, decided, at=at)
    count_again(session, complaint.parcel.batch_id, at=at)
