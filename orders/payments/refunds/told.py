"""What an order's page tells its resident of refunds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.money import format_dong
from kernel.web import show_day
from orders.models import Order
from orders.payments.refunds.models import Refund
from orders.payments.refunds.owed.queries import refunds_of_order


class ToldRefund(NamedTuple):
    """One refund in a sentence; ``done`` once a statement has shown it."""

    words: str
    done: bool


def told_refunds(session: Session, order: Order) -> Sequence[ToldRefund]:
    """Oldest first; with nothing of the account, which is nobody's business who has the link."""
    return [ToldRefund(_words(refund), refund.debit is not None) for refund in refunds_of_order(session, order.id)]


def _words(refund: Refund) -> str:
    amount = format_dong(refund.amount)
    if refund.debit is None:
        return str(_("Refund of %(amount)s under way since %(day)s.", amount=amount, day=show_day(refund.proposed_at)))
    return str(_("%(amount)s was paid back on %(day)s.", amount=amount, day=show_day(refund.debit.booked_on)))
