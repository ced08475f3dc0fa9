"""To whom money goes back: the account that paid, where the bank told it, or another one."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.text import fold
from orders.payments.aliases import paying_account
from orders.payments.banks import AccountFault, find_bank
from orders.payments.memo import take_apart
from orders.payments.models import Transfer


@dataclass(frozen=True, slots=True)
class Payee:
    """An account at the bank with this BIN. ``reason``: why it is not the account that paid."""

    bank_bin: str
    account: str
    name: str
    reason: str = ""

    @property
    def whole(self) -> bool:
        return bool(self.bank_bin and self.account and self.name)


def payer_of(transfer: Transfer) -> Payee:
    """What the bank told of who paid, as far as it did: what is not known for sure is empty."""
    parts = take_apart(transfer.memo)
    return Payee(
        bank_bin=_bank_bin(transfer),
        account=paying_account(transfer),
        name=" ".join(fold(transfer.payer_name or parts.payer).split()),
    )


def _bank_bin(transfer: Transfer) -> str:
    """A transfer without a bank of its own has ours for a hint: that proves nothing."""
    if transfer.bank_hint == transfer.account.bank_code:
        return ""
    try:
        return find_bank(transfer.bank_hint).bin
    except AccountFault:
        return ""


def is_who_paid(transfer: Transfer, payee: Payee) -> bool:
    """Whether the bank told this very account as the one that paid: then nobody has to say why it is this one."""
    payer = payer_of(transfer)
    return payer.whole and (payer.bank_bin, payer.account) == (payee.bank_bin, payee.account)
