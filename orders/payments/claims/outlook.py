"""What can be said to somebody who says "I have paid": how far the statements reach, and when there is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.claims.models import PaymentClaim
from orders.payments.claims.queries import claims_of
from orders.payments.feeds.queries import receiving_account


@dataclass(frozen=True, slots=True)
class Outlook:
    """``covered_until``: up to when the receiving account's statements have told everything; None before the first.

    ``answer_by``: until then the places are kept and the order waits for a late statement.
    """

    claims: Sequence[PaymentClaim]
    covered_until: datetime | None
    answer_by: datetime

    @property
    def last(self) -> PaymentClaim | None:
        return self.claims[-1] if self.claims else None

    @property
    def missed(self) -> bool:
        """The statements reach beyond the payment that was told, and it was not in them."""
        return bool(self.last and self.covered_until and self.last.moment <= self.covered_until)


def outlook(session: Session, order: Order, *, patience: timedelta) -> Outlook:
    account = receiving_account(session)
    covered = account.covered_until if account else None
    return Outlook(claims_of(session, order.id), covered, order.expires_at + patience)
