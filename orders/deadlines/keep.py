"""A deadline moved on, never beyond the round's last payment; the reminder moves with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.changes import Doer, note
from kernel.errors import MarketError
from kernel.notices.outbox import rules
from kernel.notices.quiet import first_moment
from kernel.queries import among
from kernel.web import show_moment
from orders.deadlines.queries import lock_due_before, short_of_time
from orders.models import Order, OrderState
from orders.notices import telling
from orders.notices.events import Event
from orders.notices.reminders import remind_at, set_reminder
from orders.queries import lock_orders
from shop.models import Round

KIND = "order"
MORE = timedelta(hours=2)
"""What a resident may take once, by a button."""

FOR_THE_REST = timedelta(hours=6)
"""Who hears that part of the sum is missing has so long, at least."""


class CannotExtend(MarketError):
    """There is no more time to give."""


class NotThen(CannotExtend):
    """The moment that was typed will not do."""

    status = 422


def more_for(order: Order, at: datetime) -> datetime | None:
    """Until when the resident would have, who asks for more time at this moment; None if they may not."""
    until = min(order.expires_at + MORE, order.closes_at)
    open_still = order.state is OrderState.OPEN and at < order.expires_at and order.round.dispatched_at is None
    return until if open_still and order.more_time_at is None and until > order.expires_at else None


def take_more(session: Session, order: Order, *, at: datetime) -> datetime:
    """The resident takes more time, once. Answers the new deadline. Does not commit."""
    locked = lock_orders(session, [order.id])[order.id]
    until = more_for(locked, at)
    if until is None:
        raise CannotExtend(_("There is no more time for this order. It is to be paid before the deadline above."))
    locked.more_time_at = at
    _move(session, locked, until, Doer("resident", at, "asked for more time"))
    return until


def extend(session: Session, order: Order, until: datetime, doer: Doer) -> None:
    """The office gives one order more time, and its resident is told. Does not commit."""
    locked = lock_orders(session, [order.id])[order.id]
    if locked.state is not OrderState.OPEN:
        raise CannotExtend(_("Order %(code)s does not wait for its payment any more.", code=locked.code))
    _check(locked.round, until, doer.at, closes_at=locked.closes_at)
    if until <= locked.expires_at:
        raise NotThen(_("It has time until %(at)s already.", at=show_moment(locked.expires_at)))
    _move(session, locked, until, doer)
    telling.deadline_moved(session, [locked], at=doer.at)


def extend_all(session: Session, delivery: Round, until: datetime, doer: Doer) -> Sequence[Order]:
    """Every order of a round that still waits has at least until then, as far as its ward's last payment allows.

    Answers those that it moved. Does not commit.
    """
    _check(delivery, until, doer.at, closes_at=delivery.last_close)
    due = lock_due_before(session, delivery.id, until)
    moved = [order for order in due if order.expires_at < order.closes_at]
    for order in moved:
        _move(session, order, min(until, order.closes_at), doer)
    telling.deadline_moved(session, moved, at=doer.at)
    return moved


def time_for_the_rest(session: Session, order_ids: Collection[int], *, at: datetime) -> None:
    """Orders (locked) that were paid in part have at least so long to pay the rest, as far as their round lasts.

    A statement often comes when the deadline is near or past: only then do they hear that something is missing. At
    night nobody hears it. Objects that the session holds of them are not refreshed. Does not commit.
    """
    until = first_moment(at, Event.PART_PAID, rules()) + FOR_THE_REST
    by_deadline: dict[datetime, list[int]] = {}
    for row in short_of_time(session, order_ids, until) if order_ids else ():
        by_deadline.setdefault(min(until, row.closes_at), []).append(row.id)
    for deadline, ids in by_deadline.items():
        if deadline > at:
            more = {"expires_at": deadline, "remind_at": remind_at(at, deadline, rules())}
            moved = update(Order).where(among(session, Order.id, ids)).values(version=Order.version + 1, **more)
            session.execute(moved.execution_options(synchronize_session=False))


def renew(order: Order, *, at: datetime, window: timedelta) -> None:
    """An order (locked) that was paid and is not any more has time to be paid again, as far as its round lasts."""
    until = min(at + window, order.closes_at)
    if order.state is OrderState.OPEN and order.expires_at <= at < until and order.round.dispatched_at is None:
        order.expires_at = until
        set_reminder(order, at=at)


def _check(delivery: Round, until: datetime, at: datetime, *, closes_at: datetime) -> None:
    if delivery.dispatched_at is not None:
        raise CannotExtend(_("This round has left. Its times are history now."))
    if until <= at:
        raise NotThen(_("This time is past. Choose one that is still to come."))
    if until > closes_at:
        raise NotThen(
            _(
                "The round takes payments until %(at)s. Move that first, or choose an earlier time.",
                at=show_moment(closes_at),
            )
        )


def _move(session: Session, order: Order, until: datetime, doer: Doer) -> None:
    note(session, KIND, order.id, {"expires_at": order.expires_at}, {"expires_at": until}, doer)
    order.expires_at = until
    set_reminder(order, at=doer.at)
    session.flush()
