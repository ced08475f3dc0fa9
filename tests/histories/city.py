"""A small city whose days a test makes up: residents order, a bank moves money, the office works, the clock goes on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from flask_babel import force_locale
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.settings import Settings
from orders.models import Order
from orders.payments.feeds.booking import keep, preview
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.statement import Row, Statement
from orders.payments.take_in import take_in
from orders.reference import ALPHABET, check_symbol
from tests import make
from tests.apps import lent
from tests.bank import Bank
from tests.databases import Templates

BEGIN = clock.at(date(2021, 9, 6), 9)
PEOPLE = (
    ("Trần Thị Bưởi", "0912345678", "TRAN THI BUOI"),
    ("Nguyễn Văn Đào", "0387654321", "NGUYEN VAN DAO"),
    ("Lê Thị Cam", "0701112223", "LE THI CAM"),
    ("Lê Văn Ổi", "0701112223", "LE VAN OI"),
)
PLACES = 6  # so few that rounds are full at times
ROUNDS = 8


@dataclass
class Truth:
    """What really happened at the bank, in its order; ``told`` is how much of it a statement has told."""

    movements: list[Row] = field(default_factory=list)
    told: int = 0

    def sums(self) -> tuple[int, int]:
        """What came in and what went out, of what was told."""
        signed = [row.signed for row in self.movements[: self.told]]
        return sum(each for each in signed if each > 0), -sum(each for each in signed if each < 0)


class City:
    """A database of its own, with goods, rounds and one account of the office. ``end`` takes all of it away."""

    def __init__(self, templates: Templates, folder: Path, migrate: object) -> None:
        self._stack = ExitStack()
        self.url = self._stack.enter_context(templates.copy("migrated", migrate))  # type: ignore[arg-type]
        settings = Settings(
            instance=folder,
            database_url=self.url,
            secret_key="test",
            testing=True,
            files_url=(folder / "files").as_uri(),
        )
        self.app = self._stack.enter_context(lent(settings))
        self._stack.enter_context(self.app.app_context())
        self._stack.enter_context(force_locale("en"))
        self.set(BEGIN)
        self.truth = Truth()
        self._dice = Random(1)
        self._stack.enter_context(patch("orders.checkout.new_code", self._next_code))
        self._furnish()

    def _next_code(self) -> str:
        """Drawn alike each time: what depends on them, does, too."""
        body = "".join(self._dice.choices(ALPHABET, k=6))
        return f"DC{body}{check_symbol(body)}"

    def _furnish(self) -> None:
        self.account: BankAccount = make.bank_account("AGR")
        self.bank = Bank(self.account)
        packer = make.supplier()
        self.combos = [make.combo(price=price, packed_by=packer) for price in (100_000, 200_000, 130_000)]
        self.rounds = [
            make.round(opens_at=BEGIN - timedelta(days=1), closes_at=BEGIN + timedelta(days=2 * number))
            for number in range(1, ROUNDS + 1)
        ]
        for delivery in self.rounds:
            make.capacity(delivery, packer, places=PLACES)
        self.session.commit()

    @property
    def session(self) -> Session:
        return db.session

    def set(self, moment: datetime) -> None:
        self._stack.enter_context(clock.frozen(moment))

    def orders(self) -> list[Order]:
        return [self.session.get_one(Order, number) for number in self.numbers("SELECT id FROM orders ORDER BY id")]

    def numbers(self, sql: str) -> list[int]:
        return [int(number) for number in self.session.execute(text(sql)).scalars()]

    def pays(self, amount: int, memo: str) -> None:
        """Money moves at the bank, now; below zero it goes out. We hear of it later."""
        reference = f"AGR{len(self.truth.movements):08d}"
        self.truth.movements.append(self.bank.row(amount, memo, at=clock.now(), reference=reference))

    def twin(self) -> None:
        """The very same movement once more: a genuine twin, equal in all that the bank tells."""
        self.truth.movements.append(self.truth.movements[-1])

    def statement(self, days: int) -> Statement | None:
        """What the bank tells of the last ``days``, up to now: whole days, as banks export them."""
        first = clock.today() - timedelta(days=days)
        missed = self.truth.movements[self.truth.told :]
        if missed:
            first = min(first, missed[0].booked_on)
        listed = [row for row in self.truth.movements if row.booked_on >= first]
        return self.bank.statement(*listed, until=clock.today()) if listed else None

    def import_statement(self, days: int) -> None:
        """Book and match a statement, as the worker does."""
        statement = self.statement(days)
        if statement is None:
            return
        kept = keep(
            self.session,
            preview(self.session, statement, self.account),
            filename="statement.csv",
            by="kinhte1",
            at=clock.now(),
            drawn_at=clock.now(),
        )
        self.session.commit()
        for _step in take_in(self.session, kept, at=clock.now()):
            self.session.commit()
        self.session.commit()
        self.truth.told = len(self.truth.movements)

    def booked(self) -> tuple[int, int]:
        """What came in and what went out, by the books."""
        came, went = (
            self.session.execute(text(f"SELECT COALESCE(SUM(amount), 0) FROM {table}")).scalar_one()
            for table in ("transfers", "debits")
        )
        return int(came), int(went)

    def end(self) -> None:
        self.session.close()
        self._stack.close()
