"""The resident's choice, to be changed until the round closes."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note
from kernel.errors import MarketError
from orders.models import IfShort, Order, OrderState
from orders.queries import lock_orders

KIND = "order"


class TooLate(MarketError):
    """The round has closed: what is missing may have been shared out by now."""


def may_choose(order: Order, at: datetime) -> bool:
    lives = order.state in (OrderState.OPEN, OrderState.CONFIRMED) and order.dispatched_at is None
    return lives and order.round.dispatched_at is None and at < order.round.closes_at


def choose(session: Session, order: Order, choice: IfShort, *, at: datetime) -> None:
    """From now on this is what they want; the choice before stays in the order's history. Does not commit."""
    locked = lock_orders(session, [order.id])[order.id]
    if not may_choose(locked, at):
        raise TooLate(_("The round has closed, so this stays as it was. Call us if something is missing."))
    doer = Doer("resident", at, "")
    note(session, KIND, locked.id, {"if_short": locked.if_short}, {"if_short": choice}, doer)
    locked.if_short = choice
