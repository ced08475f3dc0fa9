"""An order's life: the lawful steps as data, and the one function that takes a step."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.bulk import insert_many
from kernel.errors import MarketError
from kernel.queries import among
from orders.holds import hold, release
from orders.models import Order, OrderEvent
from orders.models import OrderState as S
from orders.notices.reminders import set_reminder
from orders.wording import STATES
from shop.capacity import take_places
from shop.models import Round

LAWFUL = {
    (S.OPEN, S.CONFIRMED): "its total was allocated",
    (S.OPEN, S.EXPIRED): "the time to pay ran out, and the bank's feed covers it",
    (S.OPEN, S.CANCELLED): "the resident gave it up",
    (S.EXPIRED, S.OPEN): "the office revived it",
    (S.CANCELLED, S.OPEN): "money came for it, and the office took it up again",
    (S.CONFIRMED, S.OPEN): "the match was undone before dispatch",
    (S.CONFIRMED, S.CANCELLED): "given up before the cut-off; a refund is due",
}


class UnlawfulStep(MarketError):
    """The order stands where this step cannot be taken."""

    def __init__(self, order: Order, to: S) -> None:
        super().__init__(
            _(
                "Order %(code)s is %(state)s, so this cannot be done. Look at its page for how it stands now.",
                code=order.code,
                state=STATES[order.state],
            )
        )


class AlreadyLeft(MarketError):
    """The goods are on their way: the order can no longer be taken back."""

    def __init__(self, order: Order) -> None:
        super().__init__(_("Order %(code)s has left for delivery. It can no longer be taken back.", code=order.code))


def begin(order: Order, *, state: S, by: str, at: datetime, because: str) -> None:
    """Write the first line of a new order's history. Does not commit."""
    order.state = state
    order.record(None, state, by=by, at=at, because=because)


def advance(order: Order, to: S, *, by: str, at: datetime, because: str) -> None:
    """Move ``order`` to ``to`` and write down who did it and why. Does not commit."""
    if (order.state, to) not in LAWFUL:
        raise UnlawfulStep(order, to)
    if order.state is S.CONFIRMED and order.dispatched_at is not None:
        raise AlreadyLeft(order)
    order.record(order.state, to, by=by, at=at, because=because)
    order.state = to


def confirm(session: Session, order_ids: Collection[int], *, by: str, at: datetime, because: str) -> None:
    """``advance`` to confirmed for many open orders in two statements. The caller has locked them. Does not commit.

    Objects that the session holds of them are not refreshed.
    """
    if not order_ids:
        return
    moved = (
        update(Order)
        .where(among(session, Order.id, order_ids), Order.state == S.OPEN)
        .values(state=S.CONFIRMED, version=Order.version + 1)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    event = {"was": S.OPEN, "became": S.CONFIRMED, "by": by, "at": at, "because": because}
    insert_many(session, OrderEvent, [{"order_id": order_id, **event} for order_id in sorted(session.scalars(moved))])


def expire(session: Session, order: Order, *, at: datetime) -> None:
    """Close an order that was not paid in time; its places are free again."""
    advance(order, S.EXPIRED, by="system", at=at, because="the time to pay ran out")
    release(session, order, at=at)


def cancel(session: Session, order: Order, *, by: str, at: datetime, because: str) -> None:
    """Give an order up; its places are free again. What was paid for it is the payments' matter."""
    advance(order, S.CANCELLED, by=by, at=at, because=because)
    release(session, order, at=at)


def revive(session: Session, order: Order, *, expires_at: datetime, by: str, at: datetime, because: str) -> None:
    """Open an expired order again with a fresh deadline, if its round still has places; else RoundFull."""
    if order.state is not S.EXPIRED:
        raise UnlawfulStep(order, S.OPEN)
    take_up(session, order, order.round, expires_at=expires_at, by=by, at=at, because=because)


def take_up(
    session: Session, order: Order, delivery: Round, *, expires_at: datetime, by: str, at: datetime, because: str
) -> None:
    """Open an expired or cancelled order again, in its own round or another one, if that has places; else RoundFull.

    A step for when its money has come.
    """
    advance(order, S.OPEN, by=by, at=at, because=because)
    suppliers = {line.supplier_id for line in order.lines if line.supplier_id is not None}
    order.round = delivery
    taken = take_places(session, round_id=delivery.id, ward_id=order.ward_id, supplier_ids=suppliers)
    hold(session, order, taken, at=at)
    order.expires_at = expires_at
    set_reminder(order, at=at)


def leave(order: Order, *, at: datetime) -> None:
    """Write down that the goods of a confirmed order are on their way. Does not commit."""
    if order.state is not S.CONFIRMED:
        raise UnlawfulStep(order, S.CONFIRMED)
    order.dispatched_at = order.dispatched_at or at
