"""What stands in the full city for the day's close: days in each of their states, in accounts of their own."""

from datetime import date, timedelta

from kernel import clock
from kernel.database import db
from orders.payments.close.seal import Sealer, seal
from orders.payments.feeds.models import BankAccount
from orders.payments.settle import set_aside
from tests import make
from tests.bank import Bank
from tests.desk import CLERK
from tests.orders.payments.close.days import balanced

OPENING = 5_000_000


def closed() -> dict[str, str]:
    """Five days of an account, one of them sealed twice and one open again; accounts whose first day is ready."""
    closing, days = _account("BIDV"), [clock.today() - timedelta(days=number) for number in (6, 5, 4, 3, 0)]
    _whole(closing, days[0], 100_000, -20_000, opening=OPENING)
    _seal(closing, days[0])
    _late(closing, days[0])
    _seal(closing, days[0], because="sao kê trước chưa có dòng đến muộn")
    for number, day in enumerate(days[1:4], start=1):
        _whole(closing, day, 100_000, -20_000, opening=OPENING + 70_000 + number * 80_000)
        _seal(closing, day)
    _late(closing, days[2])
    _rows(closing, days[4], 50_000, opening=None, until=None)
    ready = {"fresh account": _account("MB"), "differing account": _account("TCB"), "bare account": _account("CTG")}
    _whole(ready["fresh account"], days[0], *range(100_000, 142_000, 1000), opening=OPENING)
    _seal(ready["differing account"], _told_before(ready["differing account"], days[0]))
    _whole(ready["differing account"], days[0], 100_000, opening=OPENING + 9_000)
    _whole(ready["bare account"], days[0], 100_000, opening=None)
    names = ("sealed day", "second day", "reopened day", "depends day", "uncovered day")
    return {
        **{name: day.isoformat() for name, day in zip(names, days, strict=True)},
        **{name: str(account.id) for name, account in ready.items()},
        "closing account": str(closing.id),
        "ready day": days[0].isoformat(),
        "closing month": f"{days[2]:%Y-%m}",
    }


def _account(bank: str) -> BankAccount:
    return make.bank_account(bank, number=f"99{len(bank)}0010001234", receives=False)


def _told_before(account: BankAccount, day: date) -> date:
    before = day - timedelta(days=1)
    _whole(account, before, 10_000, opening=OPENING)
    return before


def _whole(account: BankAccount, day: date, *amounts: int, opening: int | None) -> None:
    _rows(account, day, *amounts, opening=opening, until=day)


def _late(account: BankAccount, day: date) -> None:
    _rows(account, day, 70_000, opening=None, until=day)


def _rows(account: BankAccount, day: date, *amounts: int, opening: int | None, until: date | None) -> None:
    """A statement of the day, booked; with running balances where the opening is known. Small sums are set aside."""
    bank, early = Bank(account), clock.at(day, 0, 5)
    told = bank.statement(*(bank.row(each, f"khoan {each}", at=early) for each in amounts), until=until)
    for transfer in bank.book(db.session, balanced(told, opening)):
        if transfer.amount == 10_000:
            set_aside(db.session, transfer, CLERK)
    db.session.commit()


def _seal(account: BankAccount, day: date, because: str = "") -> None:
    seal(db.session, account.id, day, Sealer("kinhte1", "Trần Thị Kinh", clock.now(), bool(because), because))
    db.session.commit()
