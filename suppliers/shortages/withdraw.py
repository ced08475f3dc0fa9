"""A shortage taken back by the office, while no refund of it was paid: all by rows that reverse those before."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from orders.deductions.again import PaidBack, take_back
from orders.notices import telling
from orders.payments.settle import ChangedMeanwhile
from orders.queries import lock_orders
from suppliers.queries import lock_batch
from suppliers.shortages import queries
from suppliers.shortages.declare import step
from suppliers.shortages.models import Outcome, Shortage
from suppliers.versions import reissue

BECAUSE = "shortage %s was taken back"


def withdraw(session: Session, shortage: Shortage, *, by: str, at: datetime, because: str) -> None:
    """It was a mistake, or the goods have come after all. Does not commit.

    Refused once a refund of it was paid or is at the bank, or money was given back by hand.
    """
    lock_batch(session, shortage.batch_id)
    queries.lock_parcels(session, shortage.batch_id)
    session.refresh(shortage)
    if shortage.withdrawn_at is not None:
        raise ChangedMeanwhile(_("This shortage was taken back. Reload the page to see by whom."))
    outside = _not_by_hand(session, shortage)
    entries = queries.entries_of(session, [shortage.id])
    deductions = [each.deduction for each in entries if each.deduction is not None]
    refunds = [each.refund for each in entries if each.refund is not None]
    take_back(session, deductions, refunds, Doer(by, at, BECAUSE % shortage.id), outside=outside)
    doer = Doer(by, at, because)
    orders = sorted(order_id for _shortage, order_id in queries.stands_of(session, [shortage.id]))
    session.add_all(step(shortage, order_id, Outcome.WITHDRAWN, doer) for order_id in orders)
    for each in queries.returns_of(session, shortage.id):
        each.withdrawn_at = at
    shortage.withdrawn_by, shortage.withdrawn_at, shortage.withdrawn_because = by, at, because
    shortage.calls_waiting = 0
    session.flush()
    telling.not_short(
        session, list(lock_orders(session, orders).values()), shortage_id=shortage.id, item=shortage.item, at=at
    )
    reissue(session, shortage.batch, at=at, by=by, because=BECAUSE % shortage.id)


def _not_by_hand(session: Session, shortage: Shortage) -> dict[int, int]:
    """Order → what of its money is not in our books and waits to be given back by hand."""
    returns = queries.returns_of(session, shortage.id)
    if any(each.done_at for each in returns):
        raise PaidBack(_("Money was given back by hand already, so this stays as it is."))
    return {each.order_id: each.amount for each in returns}
