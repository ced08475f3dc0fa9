"""Ninety days after a refund is over, nobody needs to know to which account it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orders.payments.refunds.models import Refund


def forget(refunds: Sequence[Refund], *, at: datetime) -> None:
    """Blank the payee of these refunds (locked). Sums, code, who and why stay: they are the books. Does not commit."""
    for refund in refunds:
        refund.bank_bin = refund.account = refund.name = refund.other_account_reason = ""
        refund.forgotten_at = at
