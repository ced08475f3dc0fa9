"""Days of an account for tests: what its bank tells of each, with running balances, and how they are sealed."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.close.models import DaySeal
from orders.payments.close.queries import seal_of, versions_of
from orders.payments.close.seal import Sealer, Typed, seal
from orders.payments.close.states import DayState, faults, sealed_state
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.statement import Row, Statement
from orders.payments.models import Transfer
from tests.bank import Bank

MONDAY, TUESDAY, WEDNESDAY = date(2021, 9, 6), date(2021, 9, 7), date(2021, 9, 8)
FRIDAY_MORNING = clock.at(date(2021, 9, 10), 9)
OPENING = 5_000_000


def told(
    session: Session, account: BankAccount, *movements: Row | int, on: date, opening: int | None = None
) -> list[Transfer]:
    """The bank's statement of one day is booked: amounts in their order, with balances if the ``opening`` is stated."""
    bank = Bank(account)
    return bank.book(session, balanced(bank.statement(*_rows(bank, movements, on), until=on), opening))


def _rows(bank: Bank, movements: tuple[Row | int, ...], on: date) -> list[Row]:
    noon = clock.at(on, 12)
    return [each if isinstance(each, Row) else bank.row(each, f"khoan {each}", at=noon) for each in movements]


def balanced(statement: Statement, opening: int | None) -> Statement:
    """The statement with its running balances, as its bank prints them."""
    if opening is None:
        return statement
    rows = []
    for row in statement.rows:
        opening += row.signed
        rows.append(replace(row, balance=opening))
    return replace(statement, rows=tuple(rows))


def sealed(
    session: Session, account: BankAccount, day: date, *, typed: Typed | None = None, heads: bool = False, **more: str
) -> DaySeal:
    """Seal a day and commit."""
    by = Sealer(more.pop("by", "kinhte1"), "Nhân viên Mận", clock.now(), heads, more.pop("because", ""))
    made = seal(session, account.id, day, by, typed=typed, **more)
    session.commit()
    return made


def kept(session: Session, account: BankAccount, day: date) -> DaySeal:
    """The newest seal of a day that has one, with all that stands in it."""
    found = seal_of(session, account.id, day)
    assert found is not None
    return found


def state(session: Session, account: BankAccount, day: date) -> DayState:
    """How a sealed day stands."""
    return sealed_state(versions_of(session, account.id, day)[0], faults(session))


def late_row(session: Session, account: BankAccount, amount: int = 70_000, *, on: date) -> Transfer:
    """One more row of a day, told by a later statement."""
    bank = Bank(account)
    (booked,) = bank.book(session, bank.statement(bank.row(amount, "den muon", at=clock.at(on, 20)), until=on))
    return booked


def rows(session: Session, sql: str, **values: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(text(sql), values)]


def moment(day: date, hour: int, minute: int) -> datetime:
    return clock.at(day, hour, minute)
