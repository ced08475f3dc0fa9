"""Accounts written: added, named, no longer waited for. Another one receives only when two people want it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, note_new, take_turn
from kernel.errors import MarketError
from kernel.four_eyes import Stand, decide
from orders.payments.accounts.models import ReceivingChange
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import account_at, lock_accounts, receiving_account, waiting_receiver

KIND = "account"


class AccountTaken(MarketError):
    """The office has this account already."""

    status = 422


class Receives(MarketError):
    """Residents pay to this account, or soon may."""


class OneWaits(MarketError):
    """A change of the receiving account waits for its second person."""


class Outdated(MarketError):
    """Accounts have changed since the proposal was made."""


def facts(account: BankAccount) -> dict[str, object]:
    return {"holder": account.holder}


def add(session: Session, account: BankAccount, doer: Doer) -> None:
    """Another account, which receives nothing until two people want it. Does not commit."""
    if account_at(session, account.bank_code, account.number):
        raise AccountTaken(_("The office has this account already."))
    session.add(account)
    try:
        session.flush()
    except IntegrityError as fault:  # somebody added it at the same moment
        raise AccountTaken(_("The office has this account already.")) from fault
    note_new(session, KIND, account.id, f"{account.bank_code} {account.number}", doer)


def rename(session: Session, account: BankAccount, holder: str, *, seen: str | None, doer: Doer) -> None:
    """The holder as the bank writes it. Does not commit."""
    was = facts(account)
    take_turn(session, account, seen)
    account.holder = holder
    note(session, KIND, account.id, was, facts(account), doer)


def switch(session: Session, account: BankAccount, *, active: bool, seen: str | None, doer: Doer) -> None:
    """Wait for this account's statements before rounds leave, or no longer. Does not commit."""
    take_turn(session, account, seen)
    lock_accounts(session)
    waits = waiting_receiver(session)
    if not active and (account.receives or (waits and waits.account_id == account.id)):
        raise Receives(_("Residents pay to this account, or soon may. Let another one receive first."))
    note(session, KIND, account.id, {"active": account.active}, {"active": active}, doer)
    account.active = active


def propose(session: Session, account: BankAccount, doer: Doer) -> ReceivingChange:
    """Residents shall pay to this account: waits for a second person. Does not commit."""
    lock_accounts(session)
    now = receiving_account(session)
    if account.receives or not account.active:
        raise Receives(_("This account receives already, or is switched off."))
    made = ReceivingChange(
        was_id=now.id if now else None,
        account=account,
        proposed_by=doer.by,
        proposed_at=doer.at,
        because=doer.because,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as fault:
        raise OneWaits(_("Another change waits for its second person. Decide that first.")) from fault
    return made


def approve(session: Session, change: ReceivingChange, doer: Doer) -> None:
    """The second person agrees: from now on every open order shows the new account. Does not commit."""
    decide(session, change, Stand.APPLIED, doer)
    lock_accounts(session)
    was, account = receiving_account(session), change.account
    if (was.id if was else None) != change.was_id or not account.active:
        raise Outdated(_("Accounts have changed since this was proposed. Propose it anew."))
    told = Doer(doer.by, doer.at, change.because)
    for each, receives in ((was, False), (account, True)):
        if each is not None:
            note(session, KIND, each.id, {"receives": each.receives}, {"receives": receives}, told)
            each.receives, each.version = receives, each.version + 1
            session.flush()  # one after the other: at no moment do two receive


def refuse(session: Session, change: ReceivingChange, doer: Doer) -> None:
    """The second person says no, and why. Does not commit."""
    decide(session, change, Stand.REFUSED, doer)


def withdraw(session: Session, change: ReceivingChange, doer: Doer) -> None:
    """The proposer takes it back. Does not commit."""
    decide(session, change, Stand.WITHDRAWN, doer)
