"""Whether what waits to be told still holds, looked at just before it leaves."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kernel import clock
from kernel.notices.models import Notice
from orders.models import Order, OrderState
from orders.notices.events import Event
from orders.notices.offers import offer_overtaken
from orders.payments.queries import owed_by
from orders.queries import order_by_code

ASKS_FOR_MONEY = {Event.PLACED, Event.PART_PAID, Event.DEADLINE_NEAR, Event.DEADLINE_MOVED}
SAYS_PAID = {Event.PAID, Event.OVERPAID}


def overtaken(session: Session, notice: Notice) -> str:
    """Why it is not told any more, as a short code; empty if it still holds."""
    if notice.event == Event.PLACE_KEPT:
        return offer_overtaken(session, notice)
    order = order_by_code(session, notice.subject)
    if order is None:
        return "no-order"
    if notice.event in ASKS_FOR_MONEY:
        return _asks_in_vain(session, order, notice)
    if notice.event in SAYS_PAID and order.state is not OrderState.CONFIRMED:
        return "taken-back"
    return ""


def _asks_in_vain(session: Session, order: Order, notice: Notice) -> str:
    if order.state is not OrderState.OPEN:
        return f"order-{order.state.value}"
    if order.expires_at <= clock.now():
        return "deadline-passed"
    owed = owed_by(session, order)
    return "" if owed == notice.params.get("owed", order.due) else "other-sum"
