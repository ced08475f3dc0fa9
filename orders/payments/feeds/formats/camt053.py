"""CAMT.053, the statement of ISO 20022, in any of its versions: account, balances, period, and its entries."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from xml.etree.ElementTree import Element

from kernel.clock import local
from orders.payments.banks import bank_of_bic
from orders.payments.feeds.amounts import CellFault, read_decimal
from orders.payments.feeds.formats.camt053_entries import CURRENCY, Told, read_entry, read_moment
from orders.payments.feeds.formats.several import in_one
from orders.payments.feeds.formats.xml import children, name_of, text_at
from orders.payments.feeds.statement import FaultReason, Statement, Unreadable

_MOST_ENTRIES = 200_000
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_END_OF_DAY = time(23, 59)


def camt053_in(root: Element) -> Element | None:
    """The message itself, be it alone, within its document, or with that in an envelope; None in other XML."""
    return next((element for element in root.iter() if name_of(element) == "BkToCstmrStmt"), None)


def read_camt053(message: Element) -> Statement:
    """All statements of the message, which are of one account. Raises `Unreadable`."""
    parts = children(message, "Stmt")
    if sum(len(part) for part in parts) > _MOST_ENTRIES:
        raise Unreadable(FaultReason.TOO_MANY_ROWS)
    told = Told()
    return in_one([_statement(part, told) for part in parts])


def _statement(part: Element, told: Told) -> Statement:
    if (currency := text_at(part, "Acct/Ccy")) not in {"", CURRENCY}:
        raise Unreadable(FaultReason.FOREIGN_CURRENCY if currency.isalpha() else FaultReason.BROKEN)
    number = text_at(part, "Acct/Id/Othr/Id", "Acct/Id/IBAN").replace(" ", "")
    if not number:
        raise Unreadable(FaultReason.BROKEN)
    before = told.left_out
    for entry in children(part, "Ntry"):
        read_entry(entry, told)
    rows, refusals = told.taken()
    bank = bank_of_bic(text_at(part, "Acct/Svcr/FinInstnId/BICFI", "Acct/Svcr/FinInstnId/BIC"))
    complete = told.left_out == before and not refusals
    period_from, period_to = _period(part)
    return Statement(
        layout="camt053",
        bank_code=bank.code if bank else None,
        account_number=number,
        holder=text_at(part, "Acct/Ownr/Nm") or None,
        period_from=period_from,
        period_to=period_to,
        opening=_balance(part, _OPENING),
        closing=_balance(part, _CLOSING),
        total_in=_sum(part, "TxsSummry/TtlCdtNtries/Sum") if complete else None,
        total_out=_sum(part, "TxsSummry/TtlDbtNtries/Sum") if complete else None,
        rows=rows,
        refusals=refusals,
        left_out=told.left_out - before,
    )


def _balance(part: Element, codes: tuple[str, ...]) -> int | None:
    """The first balance of such a kind; below 0 for an overdraft."""
    found = {text_at(balance, "Tp/CdOrPrtry/Cd"): balance for balance in reversed(children(part, "Bal"))}
    chosen = next((found[code] for code in codes if code in found), None)
    if chosen is None:
        return None
    amount = _dong(text_at(chosen, "Amt"))
    return -amount if amount is not None and text_at(chosen, "CdtDbtInd") == "DBIT" else amount


def _sum(part: Element, path: str) -> int | None:
    return _dong(text_at(part, path))


def _dong(text: str) -> int | None:
    try:
        return read_decimal(text) if text else None
    except CellFault:
        return None


def _period(part: Element) -> tuple[date | None, date | None]:
    """The days that it covers whole; without a stated period, those of its booked balances."""
    first = _moment(text_at(part, "FrToDt/FrDtTm"))
    last = _moment(text_at(part, "FrToDt/ToDtTm"))
    if first and last:
        return _in_order(first.date(), last.date() if last.time() >= _END_OF_DAY else last.date() - timedelta(days=1))
    days = {
        text_at(balance, "Tp/CdOrPrtry/Cd"): text_at(balance, "Dt/Dt", "Dt/DtTm") for balance in children(part, "Bal")
    }
    opened = _moment(next((days[code] for code in _OPENING if code in days), ""))
    closed = _moment(next((days[code] for code in _CLOSING if code in days), ""))
    return _in_order(opened.date(), closed.date()) if opened and closed else (None, None)


def _in_order(first: date, last: date) -> tuple[date | None, date | None]:
    return (first, last) if first <= last else (None, None)


def _moment(text: str) -> datetime | None:
    try:
        day, moment = read_moment(text)
    except CellFault:
        return None
    return local(moment).replace(tzinfo=None) if moment else datetime.combine(day, time())
