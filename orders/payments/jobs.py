"""Background work of the payments: a statement is booked and matched; orders whose time ran out are closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute, handles
from orders import lifecycle
from orders.payments.feeds.booking import book
from orders.payments.ledger import Hand, reverse_allocation
from orders.payments.models import StatementImport
from orders.payments.queries import covered_until, live_allocations_to
from orders.payments.reconcile import reconcile
from orders.queries import past_deadline


@handles("book")
def book_statement(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Book a statement that a clerk has looked at, then match what has come in."""
    kept = session.get_one(StatementImport, payload["statement_id"])
    for _done in book(session, kept, at=clock.now()):
        yield
    for _done in reconcile(session, at=clock.now()):
        yield


@handles("reconcile")
def reconcile_all(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Match what is not placed yet."""
    for _done in reconcile(session, at=clock.now()):
        yield


@every_minute
def expire_orders(session: Session) -> None:
    """Close orders that were not paid in time, once every account's feed covers their last moment, or it is too late.

    Until then they keep their places: who paid in time never finds the order gone because a statement came late.
    """
    now = clock.now()
    covered = covered_until(session)
    given_up = now - current_app.extensions["settings"].feed_patience
    for order in past_deadline(session, min(now, max(covered or given_up, given_up))):
        for allocation in live_allocations_to(session, order.id):
            reverse_allocation(session, allocation, Hand("system", now, "the order's time to pay ran out"))
        lifecycle.expire(session, order, at=now)
