"""What a column of a statement may hold."""

from __future__ import annotations

from enum import StrEnum


class Column(StrEnum):
    DATE = "date"
    TIME = "time"
    REFERENCE = "reference"
    DEBIT = "debit"
    CREDIT = "credit"
    AMOUNT = "amount"  # one for both directions
    SIGN = "sign"  # which of the two it is
    BALANCE = "balance"
    MEMO = "memo"
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    BANK_HINT = "bank_hint"
    CURRENCY = "currency"


class Signs(StrEnum):
    """What an amount's sign means, in a column for both directions."""

    PLUS_IN = "plus_in"
    MINUS_IN = "minus_in"
    ALL_IN = "all_in"  # the file lists only what came in
    MARKED = "marked"  # each amount bears its mark: 250,000 CR


class Order(StrEnum):
    """What comes first in a date."""

    DAY = "day"
    MONTH = "month"
