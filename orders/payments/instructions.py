"""How to pay an order: the account, the amount, the memo in both its forms, and the VietQR."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy.orm import Session

from kernel.text import fold
from orders.models import Order, OrderState
from orders.payments.banks import Bank, find_bank
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import receiving_account
from orders.payments.queries import owed_by
from orders.vietqr import as_svg, payload


@dataclass(frozen=True, slots=True)
class PayTo:
    """The office's account, as a payer types it."""

    bank: Bank
    number: str
    holder: str

    @property
    def bank_name(self) -> str:
        return self.bank.name


@dataclass(frozen=True, slots=True)
class Payment:
    """What to pay and how; ``amount`` in whole đồng, ``purpose`` at most 25 ASCII characters."""

    account: PayTo
    amount: int
    purpose: str
    typed_memo: str

    @property
    def memo(self) -> str:
        return self.purpose

    @property
    def qr_text(self) -> str:
        return payload(
            bank_bin=self.account.bank.bin, account=self.account.number, amount=self.amount, purpose=self.purpose
        )

    @property
    def qr_svg(self) -> Markup:
        return as_svg(self.qr_text)


def how_to_pay(session: Session, order: Order) -> Payment | None:
    """What is still to be paid for an open order; None when nothing is, or there is no account yet.

    Nor is there for an order of a group: its leader pays.
    """
    account = receiving_account(session)
    owed = owed_by(session, order)
    if order.state is not OrderState.OPEN or owed <= 0 or account is None or order.group_code:
        return None
    return Payment(_pay_to(account), owed, f"{order.code} {order.phone}", typed_memo(order))


def how_to_pay_group(session: Session, code: str, owed: int) -> Payment | None:
    """How to pay what the open orders of a group owe together: by its code alone, which no form without it replaces."""
    account = receiving_account(session)
    return Payment(_pay_to(account), owed, code, code) if account and owed > 0 else None


def _pay_to(account: BankAccount) -> PayTo:
    return PayTo(find_bank(account.bank_code), account.number, account.holder)


def typed_memo(order: Order) -> str:
    """The city's own form, ``Họ Tên_Số Điện Thoại_Phường``, without diacritics: banks drop them."""
    return f"{fold(order.name).title()}_{order.phone}_{fold(order.ward.name).title()}"
