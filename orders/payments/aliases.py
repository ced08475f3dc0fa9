"""Whose account paid: what a clerk's decisions teach about it, as a clue for the next time and never as proof."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel.queries import among
from kernel.upsert import insert_if_new
from orders.models import Order
from orders.payments.ledger import Hand
from orders.payments.memo import take_apart
from orders.payments.models import PayerAlias, Transfer
from orders.payments.queries import aliases_of, phones_of_orders

MOST_PHONES = 5
"""An account that pays for more is a wallet's, a firm's or a group leader's: it says nothing about anybody."""


class Paying(Protocol):
    """A transfer, as far as its payer is concerned."""

    @property
    def id(self) -> int: ...
    @property
    def memo(self) -> str: ...
    @property
    def payer_account(self) -> str: ...


_SHORTEST = 6
_BETWEEN = str.maketrans("", "", " .-")


def paying_account(transfer: Paying) -> str:
    """The digits of the account that paid, from its own column or from the wrapper; empty where nobody can tell.

    What came through a wallet came from the wallet's account, and a masked number is nobody's.
    """
    parts = take_apart(transfer.memo)
    account = (transfer.payer_account or parts.account).translate(_BETWEEN)
    through_wallet = parts.wallet or "momo" in parts.route or "zalopay" in parts.route
    whole = account.isascii() and account.isdigit() and len(account) >= _SHORTEST
    return account if whole and not through_wallet else ""


def learn(session: Session, transfer: Transfer, orders: Iterable[Order], hand: Hand) -> None:
    """A clerk gave the transfer to these orders: remember its account for their phones. Does not commit.

    A leader's account says nothing about the neighbours.
    """
    account = paying_account(transfer)
    if not account or hand.automatic:
        return
    known = aliases_of(session, [account]).get(account, ())
    for phone in sorted({order.phone for order in orders if order.phone and not order.group_code}):
        if phone in known or len(known) <= MOST_PHONES:
            _remember(session, transfer, account, phone, hand=hand)


def _remember(session: Session, transfer: Transfer, account: str, phone: str, *, hand: Hand) -> None:
    bank = transfer.bank_hint if transfer.bank_hint != transfer.account.bank_code else ""
    row = {
        "account": account,
        "bank": bank,
        "phone": phone,
        "transfer_id": transfer.id,
        "by": hand.by,
        "at": hand.at,
        "used_at": hand.at,
    }
    session.execute(insert_if_new(session, PayerAlias, row))
    same = (PayerAlias.account == account) & (PayerAlias.phone == phone)
    session.execute(update(PayerAlias).where(same).values(used_at=hand.at))


def forget(session: Session, transfer: Transfer) -> None:
    """What the transfer taught was a mistake. Does not commit."""
    session.execute(delete(PayerAlias).where(PayerAlias.transfer_id == transfer.id))


def forget_phones(session: Session, phones: Collection[str]) -> None:
    """What was learnt of phones that no order has any more. Does not commit."""
    gone = set(phones) - phones_of_orders(session, phones)
    session.execute(delete(PayerAlias).where(among(session, PayerAlias.phone, gone)))


def aliases_for(session: Session, transfers: Sequence[Paying]) -> dict[int, tuple[str, ...]]:
    """Transfer → the phones that its account has paid for before, for those of which that is known."""
    accounts = {transfer.id: account for transfer in transfers if (account := paying_account(transfer))}
    phones = aliases_of(session, set(accounts.values()))
    known = {transfer_id: phones.get(account, ()) for transfer_id, account in accounts.items()}
    return {transfer_id: found for transfer_id, found in known.items() if 0 < len(found) <= MOST_PHONES}
