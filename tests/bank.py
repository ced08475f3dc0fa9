"""A bank of the tests: it writes statements of an account, as values or as a file in Agribank's layout."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.money import format_dong
from orders.payments.feeds.booking import book, cover, keep, preview
from orders.payments.feeds.models import BankAccount, InboundMessage, StatementImport
from orders.payments.feeds.statement import Direction, Row, Statement
from orders.payments.models import Transfer
from orders.payments.reconcile import reconcile

HEADINGS = ("Ngày/Date", "Ghi chú/Remark", "Nợ/Dr", "Có/Cr", "Số dư/Balance", "Số tham chiếu/Ref. no")
OPENING = 5_000_000

_references = count(1)


class Bank:
    """What one account's bank tells. Movements are (amount, memo); money that went out has an amount below zero."""

    def __init__(self, account: BankAccount) -> None:
        self.account = account

    def row(self, amount: int, memo: str, *, at: datetime | None = None, reference: str = "") -> Row:
        """A row that no file has numbered yet. ``at``: its exact moment; without, the bank tells today's date only."""
        return Row(
            number=0,
            booked_on=clock.local(at).date() if at else clock.today(),
            booked_at=at,
            direction=Direction.IN if amount > 0 else Direction.OUT,
            amount=abs(amount),
            reference=reference or f"AGR{next(_references):08d}",
            memo=memo,
            balance=None,
        )

    def statement(self, *movements: Row | tuple[int, str], until: date | None = None) -> Statement:
        """A statement of these movements; ``until``: the last day of its stated period."""
        listed = [each if isinstance(each, Row) else self.row(*each) for each in movements]
        numbered = tuple(_numbered(row, number) for number, row in enumerate(listed, start=2))
        return Statement(
            "agribank-csv",
            self.account.bank_code,
            self.account.number,
            period_from=min((row.booked_on for row in listed), default=until),
            period_to=until,
            rows=numbered,
        )

    def keep(self, session: Session, statement: Statement) -> StatementImport:
        """Preview and keep it, as the upload does."""
        seen = preview(session, statement, self.account)
        kept = keep(session, seen, filename="statement.csv", by="kinhte1", at=clock.now())
        session.commit()
        return kept

    def book(self, session: Session, statement: Statement) -> list[Transfer]:
        """Book it to its end, unmatched; the transfers that its incoming rows are, in their order."""
        kept = self.keep(session, statement)
        for _done in book(session, kept, at=clock.now()):
            session.commit()
        cover(session, kept)
        session.commit()
        return list(transfers_of(session, kept))


def transfers_of(session: Session, kept: StatementImport) -> Iterator[Transfer]:
    told = select(InboundMessage).where(InboundMessage.statement_id == kept.id).order_by(InboundMessage.row)
    for message in session.scalars(told):
        if message.transfer_id is not None:
            yield session.get_one(Transfer, message.transfer_id)


def agribank_csv(*movements: tuple[date, int, str], opening: int = OPENING) -> bytes:
    """A file as Agribank gives it, its balances adding up: (day, amount, memo) each."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    balance = opening
    for day, amount, memo in movements:
        balance += amount
        sides = ("", _commas(amount)) if amount > 0 else (_commas(-amount), "")
        writer.writerow([f"{day:%d/%m/%Y}", memo, *sides, _commas(balance), f"5903{next(_references):010d}"])
    return out.getvalue().encode("utf-8-sig")


def _commas(amount: int) -> str:
    return format_dong(amount).split("\u00a0")[0].replace(".", ",")


def _numbered(row: Row, number: int) -> Row:
    return Row(**{name: getattr(row, name) for name in Row.__slots__} | {"number": number})


def run(session: Session) -> None:
    """One run of the matcher to its end."""
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    session.expire_all()


def arrive(session: Session, bank: Bank, *movements: Row | tuple[int, str]) -> list[Any]:
    """A statement comes in and is matched."""
    transfers = bank.book(session, bank.statement(*movements))
    run(session)
    return transfers
