"""Each minute: what was promised at checkout is kept, a few hundred orders at a time."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from office.retention.forget import forget, forget_leaders
from office.retention.queries import finished_long_ago, led_long_ago
from orders.consent import KEPT_DAYS
from orders.payments.refunds import forgetting
from orders.payments.refunds.queries import over_long_ago

log = structlog.get_logger()

AT_ONCE = 200


@every_minute
def forget_finished_orders(session: Session) -> None:
    """Blank what is personal in orders that are over since KEPT_DAYS days, and in groups of such orders alone."""
    kept = timedelta(days=KEPT_DAYS)
    orders = finished_long_ago(session, day=clock.today() - kept, moment=clock.now() - kept, most=AT_ONCE)
    if orders:
        forget(session, orders, at=clock.now())
        log.info("orders forgotten", many=len(orders))
    forget_leaders(led_long_ago(session, day=clock.today() - kept, most=AT_ONCE), at=clock.now())


@every_minute
def forget_payees(session: Session) -> None:
    """Blank to whom refunds went that are over since KEPT_DAYS days, whatever order they were of, if of any."""
    refunds = over_long_ago(session, clock.now() - timedelta(days=KEPT_DAYS), most=AT_ONCE)
    if refunds:
        forgetting.forget(refunds, at=clock.now())
        log.info("payees forgotten", many=len(refunds))
