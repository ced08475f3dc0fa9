"""Background work of the payments: a statement is booked and matched; orders whose time ran out are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute, handles, promise
from orders import lifecycle
from orders.models import OrderState
from orders.notices import telling
from orders.payments.feeds.models import StatementImport
from orders.payments.feeds.queries import covered_until
from orders.payments.ledger import Hand, reverse_allocation
from orders.payments.lookup.frequencies import keep_counted
from orders.payments.lookup.gather import LOOK_BACK
from orders.payments.progress import show
from orders.payments.queries import live_allocations_to, lock_transfers
from orders.payments.reversals import take_back_what_banks_told
from orders.payments.take_in import match_waiting, take_in
from orders.queries import lock_orders, past_deadline


@handles("book")
def book_statement(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Book a statement that a clerk has looked at, then match what has come in."""
    kept = session.get_one(StatementImport, payload["statement_id"])
    for step in take_in(session, kept, at=clock.now()):
        show(kept, *step)
        yield


@handles("reconcile")
def reconcile_all(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Match what is not placed yet."""
    for _step in match_waiting(session, at=clock.now()):
        yield


@every_minute
def count_names(session: Session) -> None:
    """Keep the count of names, sums and wards fresh, so that no transfer has to wait for it."""
    now = clock.now()
    keep_counted(session, at=now, since=now - LOOK_BACK)


@every_minute
def take_back(session: Session) -> None:
    """What banks say that they took back, whichever way they told it."""
    take_back_what_banks_told(session, at=clock.now())


@every_minute
def expire_orders(session: Session) -> None:
    """Close orders that were not paid in time, once every account's feed covers their last moment, or it is too late.

    Until then they keep their places: who paid in time never finds the order gone because a statement came late.
    """
    now = clock.now()
    covered = covered_until(session)
    given_up = now - current_app.extensions["settings"].feed_patience
    late = [order.id for order in past_deadline(session, min(now, max(covered or given_up, given_up)))]
    _expire(session, late, Hand("system", now, "the order's time to pay ran out"))


def _expire(session: Session, order_ids: Sequence[int], hand: Hand) -> None:
    """Close those that are still open once they are locked; what was paid in part goes back to its transfers."""
    lock_transfers(
        session, {given.transfer_id for given in live_allocations_to(session, order_ids) if given.transfer_id}
    )
    late = [order for order in lock_orders(session, order_ids).values() if order.state is OrderState.OPEN]
    standing = live_allocations_to(session, [order.id for order in late])
    for allocation in standing:
        reverse_allocation(session, allocation, hand)
    for order in late:
        lifecycle.expire(session, order, at=hand.at)
    telling.money_left(session, late, at=hand.at, because="order-expired")
    if standing:
        promise(session, "reconcile", key=f"reconcile:given-back:{standing[-1].id}", payload={})
