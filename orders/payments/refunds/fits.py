"""Which payments out of an account are which refunds: plain values in, pairs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from orders.payments.refunds.codes import codes_in

_BETWEEN = str.maketrans("", "", " .-")


class Due(NamedTuple):
    """A refund that was exported, to be paid from the account ``payer_id`` of ours since that day."""

    id: int
    code: str
    account: str
    amount: int
    payer_id: int
    since: date


class Out(NamedTuple):
    """A debit that nobody has explained."""

    id: int
    payer_id: int
    booked_on: date
    amount: int
    memo: str
    payee_account: str


def pairs(refunds: Iterable[Due], debits: Iterable[Out]) -> dict[int, int]:
    """Debit → refund, for what is certain, whatever the order they come in.

    By code and amount; where a memo has no code, by account and amount, if nothing else fits either of the two. Of two
    payments with one code the earlier is the refund: the other is for a person to look at.
    """
    by_code = {refund.code: refund for refund in refunds}
    found: dict[int, int] = {}
    bare: list[Out] = []
    for debit in sorted(debits, key=lambda each: (each.booked_on, each.id)):
        codes = set(codes_in(debit.memo))
        if not codes:
            bare.append(debit)
        refund = by_code.get(codes.pop()) if len(codes) == 1 else None
        if refund and refund.amount == debit.amount:
            found[debit.id] = by_code.pop(refund.code).id
    return found | _by_account(list(by_code.values()), bare)


def _by_account(refunds: Sequence[Due], debits: Sequence[Out]) -> dict[int, int]:
    payers = defaultdict(list)
    for debit in debits:
        payers[debit.payer_id, bare_account(debit.payee_account), debit.amount].append(debit)
    payees = defaultdict(list)
    for refund in refunds:
        payees[refund.payer_id, refund.account, refund.amount].append(refund)
    found = {}
    for key, fitting in payees.items():
        paid = [debit for debit in payers.get(key, ()) if debit.booked_on >= min(each.since for each in fitting)]
        if key[1] and len(fitting) == len(paid) == 1:
            found[paid[0].id] = fitting[0].id
    return found


def bare_account(text: str) -> str:
    """Without the blanks, dots and hyphens that banks write for readers."""
    return text.translate(_BETWEEN).upper()
