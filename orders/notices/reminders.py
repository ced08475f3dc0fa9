"""When a resident is reminded that the time to pay runs out."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.notices.config import Notices
from kernel.notices.outbox import rules
from kernel.notices.quiet import after_quiet, before_quiet
from orders.models import Order

USEFUL = timedelta(hours=1)
"""A reminder later than this before the deadline helps few; it goes out on the evening before instead."""


def remind_at(begins: datetime, ends: datetime, rules: Notices) -> datetime | None:
    """So long before the deadline as is set, but not in the first half of the time to pay; at night before the night.

    None where no moment is left that would be of use.
    """
    wanted = max(ends - rules.reminder, begins + (ends - begins) / 2)
    morning = after_quiet(wanted, rules)
    if morning <= ends - min(USEFUL, (ends - begins) / 4):
        return morning
    evening = before_quiet(wanted, rules) - USEFUL
    return evening if evening > begins else None


def set_reminder(order: Order, *, at: datetime) -> None:
    """From ``at`` on the order has until its deadline to be paid; one of a group is not its resident's to pay.

    Does not commit.
    """
    order.remind_at = None if order.group_code else remind_at(at, order.expires_at, rules())
