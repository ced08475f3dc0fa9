"""Whose statement is it? The office's account as named, as the file says, or the only one at its bank."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.payments.banks import AccountFault, Bank, parse_account
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import accounts
from orders.payments.feeds.statement import Statement


class UnknownAccount(MarketError):
    """The statement is of an account that is not the office's."""

    status = 422


class AmbiguousAccount(MarketError):
    """The statement could be of several accounts of the office; which one has to be said."""

    status = 422


def choose_account(session: Session, statement: Statement, named: str = "") -> BankAccount:
    """The office's account that a statement is of: as named, as the file says, or the only one at its bank."""
    ours = accounts(session)
    bank, number = _named(named) if named else (None, statement.account_number)
    code = bank.code if bank else statement.bank_code
    fitting = [a for a in ours if (not number or a.number == number) and (not code or a.bank_code == code)]
    if named and number and not _agrees(statement, code, number):
        raise UnknownAccount(_("The file is a statement of another account than %(account)s.", account=named))
    if len(fitting) > 1:
        listed = ", ".join(f"{a.bank_code}:{a.number}" for a in fitting)
        raise AmbiguousAccount(_("The statement could be of several accounts: %(listed)s. Say which.", listed=listed))
    if not fitting:
        told = ":".join(filter(None, (code, number))) or "?"
        raise UnknownAccount(_("Account %(told)s is not one of the office’s. Is it the right file?", told=told))
    return fitting[0]


def _named(named: str) -> tuple[Bank, str]:
    try:
        return parse_account(named)
    except AccountFault as fault:
        raise UnknownAccount(_("“%(named)s” is no account. Write it as BANK:NUMBER.", named=named)) from fault


def _agrees(statement: Statement, code: str | None, number: str) -> bool:
    return statement.account_number in (None, "", number) and statement.bank_code in (None, "", code)
