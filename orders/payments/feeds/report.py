"""What a clerk is told of a statement: its refused rows, and whether it adds up."""

from __future__ import annotations

from flask_babel import gettext as _

from kernel.money import format_dong
from orders.payments.feeds.balance import Balance, BalanceState, Mismatch
from orders.payments.feeds.statement import Refusal
from orders.payments.feeds.wording import MISMATCHES, REASONS


def refusal_words(refusal: Refusal) -> str:
    """``Row 12, column «Credit», «abc»: the amount cannot be read.``"""
    words = _(
        "Row %(row)s, column “%(column)s”, “%(value)s”: %(reason)s",
        row=refusal.row,
        column=refusal.column,
        value=refusal.value[:60],
        reason=REASONS[refusal.reason],
    )
    return str(words)


def balance_words(balance: Balance) -> str:
    """Whether opening + movements = closing, in words."""
    if balance.state is BalanceState.UNSTATED:
        return str(_("The file states no balances, so it cannot be checked whether rows are missing."))
    if balance.mismatch is not None:
        return _mismatch_words(balance.mismatch)
    return str(_("Opening balance + movements = closing balance."))


def _mismatch_words(mismatch: Mismatch) -> str:
    where = _("Row %(row)s: ", row=mismatch.row) if mismatch.row else ""
    words = _(
        "%(what)s Expected %(expected)s, found %(found)s. Rows may be missing: export the statement again.",
        what=MISMATCHES[mismatch.kind],
        expected=format_dong(mismatch.expected),
        found=format_dong(mismatch.found),
    )
    return f"{where}{words}"
