"""Each minute: what residents said and money has answered leaves the desk's list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.payments.claims.models import PaymentClaim
from orders.payments.claims.queries import answered_claims

GIVEN_UP = timedelta(days=14)
"""An order that ran out is looked for no longer than so long after somebody said that it was paid."""


@every_minute
def answer_claims(session: Session) -> None:
    """Mark claims whose order is paid or given up, and those that are long over."""
    now = clock.now()
    over = answered_claims(session, said_before=now - GIVEN_UP)
    session.execute(update(PaymentClaim).where(PaymentClaim.id.in_(over)).values(answered_at=now))
