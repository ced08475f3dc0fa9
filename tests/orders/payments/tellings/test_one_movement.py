"""Any permutation, duplication or mix of feeds ends in the same transfers and balances, whatever the movements were."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from orders.payments.feeds.statement import Row, Statement
from orders.payments.hooks.booking import book_call
from orders.payments.hooks.models import CallState, HookCall
from orders.payments.ledger import Hand
from orders.payments.models import BankAccount, Transfer
from orders.payments.tellings import decide
from orders.payments.tellings.models import Doubt
from orders.payments.tellings.queries import open_doubts, tellings_of
from orders.payments.tellings.told import Feed
from tests import books, make, providers
from tests.bank import Bank
from tests.desk import rows

DAY = date(2021, 8, 30)
MEMOS = ("DCK7M2Q9A 0912345678", "DC2CYTZ9S 0912345678", "Nguyen Thi Lan_0987654321_Di An", "chuyen tien", "")
PAYERS = ("0123456789 NGUYEN VAN AN", "9876543210 LE THI BUOI")
HOURS = (10, 22)
ORACLE = Hand(by="clerk-7", at=clock.at(DAY, 9), because="she was there")

_accounts = count(1)


@dataclass(frozen=True)
class Movement:
    """What really happened. Twins are equal but for their number."""

    number: int
    amount: int
    memo: str
    payer: str
    day: date
    hour: int
    numbered: bool
    late: bool

    @property
    def looks(self) -> tuple[object, ...]:
        """What its twin shares."""
        return (self.amount, self.memo, self.payer, self.day, self.hour, self.late)

    @property
    def reference(self) -> str:
        return f"FT2124212{self.number:07d}" if self.numbered else ""

    @property
    def booked_on(self) -> date:
        """The statement's day: what comes after the bank's cut-off stands under the next."""
        return self.day + timedelta(days=self.late and self.hour >= 16)

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, 15, 30, tzinfo=clock.VIETNAM)

    def wrapped(self) -> str:
        """As the bank's app writes it; an empty memo gets no wrapper."""
        return f"MBVCB.1234567890.{self.memo}.CT tu {self.payer} toi 1013456789 PHONG KINH TE" if self.memo else ""


@dataclass(frozen=True)
class Telling:
    """``key`` names it to the clerk who was there."""

    feed: str
    movements: tuple[Movement, ...]


class World:
    """One account, everybody who tells of it, and a clerk who knows the truth."""

    def __init__(self, session: Session, *, wrapped: frozenset[str]) -> None:
        self.session, self.wrapped = session, wrapped
        number = next(_accounts)
        self.offset = number * 1000
        self.account: BankAccount = make.bank_account("VCB", number=f"88{number:08d}", receives=False)
        self.bank = Bank(self.account)
        self.truth: dict[tuple[str, str], Movement] = {}
        session.commit()

    def tell(self, telling: Telling) -> None:
        if telling.feed == "statement":
            self._statement(telling.movements)
        else:
            self._hook(telling.feed, telling.movements[0])

    def _memo(self, feed: str, movement: Movement) -> str:
        return movement.wrapped() if feed in self.wrapped else movement.memo

    def _statement(self, movements: Sequence[Movement]) -> None:
        listed = [self._row(each) for each in movements]
        statement: Statement = self.bank.statement(*listed)
        for key, movement in zip(statement.identities, movements, strict=True):
            self.truth["statement", key] = movement
        self.bank.book(self.session, statement)

    def _row(self, movement: Movement) -> Row:
        at = datetime.combine(movement.booked_on, datetime.min.time(), clock.VIETNAM)
        row = self.bank.row(movement.amount, self._memo("statement", movement), at=at, reference="x")
        about = {"booked_at": None, "reference": movement.reference, "balance": None}
        return Row(**{name: getattr(row, name) for name in Row.__slots__} | about)

    def _hook(self, provider: str, movement: Movement) -> None:
        number = self.offset + movement.number
        self.truth[provider, str(number)] = movement
        memo, at = self._memo(provider, movement), movement.at
        if provider == "sepay":
            more = {"description": memo, "referenceCode": movement.reference, "accountNumber": self.account.number}
            told = providers.sepay(number, movement.amount, movement.memo, at=at, **more)
        else:
            more = {"reference": movement.reference, "accountNumber": self.account.number}
            told = providers.casso(number, movement.amount, memo, at=at, **more)
        self._call(Feed(provider), json.dumps(told).encode())

    def _call(self, provider: Feed, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()
        about = {"sent_at": "", "state": CallState.RECEIVED, "received_at": clock.now()}
        call = self.session.query(HookCall).filter_by(provider=provider, digest=digest).first()
        if call is None:
            call = HookCall(provider=provider, digest=digest, body=body, **about)
            self.session.add(call)
            self.session.flush()
        book_call(self.session, call.id, at=clock.now())
        self.session.commit()

    def decide(self) -> None:
        """The clerk says of each doubt what is true."""
        for doubt in list(open_doubts(self.session, most=100)):
            if doubt.account_id == self.account.id:
                self._decide(doubt)
        self.session.commit()

    def _decide(self, doubt: Doubt) -> None:
        """The same, if its money is in the books already: whichever of the transfers shown has not been told by it."""
        movement = self.truth[doubt.feed.value, doubt.key]
        tellers = tellings_of(self.session, doubt.transfer_ids)
        free = [i for i in doubt.transfer_ids if doubt.feed not in {each.feed for each in tellers.get(i, [])}]
        if free and self._is_booked(movement):
            decide.same(self.session, doubt, min(free, key=lambda i: self._of(i).looks != movement.looks), ORACLE)
        else:
            decide.another(self.session, doubt, ORACLE)

    def _is_booked(self, movement: Movement) -> bool:
        keys = {pair for pair, true in self.truth.items() if true.number == movement.number}
        told = rows(self.session, "SELECT feed, key FROM tellings WHERE account_id = :id", id=self.account.id)
        first = rows(self.session, "SELECT identity FROM transfers WHERE account_id = :id", id=self.account.id)
        return not keys.isdisjoint({(feed, key) for feed, key in told} | {("statement", key) for (key,) in first})

    def _of(self, transfer_id: int) -> Movement:
        identity = self.session.get_one(Transfer, transfer_id).identity
        feed, _, key = identity.rpartition(":")
        return self.truth[feed or "statement", key]

    def booked(self) -> Counter[int]:
        """How many transfers there are of each sum."""
        found = rows(self.session, "SELECT amount FROM transfers WHERE account_id = :id", id=self.account.id)
        return Counter(amount for (amount,) in found)


@st.composite
def movements(draw: st.DrawFn) -> list[Movement]:
    """A few movements; twins among them."""
    made: list[Movement] = []
    for _ in range(draw(st.integers(1, 3))):
        looks = {
            "amount": draw(st.sampled_from((100_000, 200_000))),
            "memo": draw(st.sampled_from(MEMOS)),
            "payer": draw(st.sampled_from(PAYERS)),
            "day": DAY + timedelta(days=draw(st.integers(0, 1))),
            "hour": draw(st.sampled_from(HOURS)),
            "numbered": draw(st.booleans()),
            "late": draw(st.booleans()),
        }
        made += [Movement(number=len(made) + twin, **looks) for twin in range(draw(st.integers(1, 3)))]
    return made


@st.composite
def told(draw: st.DrawFn) -> tuple[list[Movement], list[Telling], frozenset[str]]:
    """Movements; who tells which of them, in any order and any number of times; who shows the bank's wrapper."""
    made = draw(movements())
    hooks = [Telling(feed, (each,)) for feed in ("sepay", "casso") for each in made if draw(st.booleans())]
    by_day: dict[date, list[Movement]] = {}
    for each in made:
        by_day.setdefault(each.booked_on, []).append(each)
    days = [Telling("statement", tuple(by_day[day])) for day in sorted(by_day)]
    whole = Telling("statement", tuple(each for day in sorted(by_day) for each in by_day[day]))
    again = [each for each in (*hooks, *days) if draw(st.integers(0, 3)) == 0]
    listed = draw(st.permutations([*hooks, *days, *([whole] if draw(st.booleans()) else []), *again]))
    return (
        made,
        list(listed),
        draw(
            st.sampled_from(
                [frozenset(), frozenset(("statement", "sepay", "casso")), frozenset(("statement", "sepay"))]
            )
        ),
    )


@pytest.fixture
def world(session: Session, stopped_clock: object) -> Callable[..., World]:
    return lambda wrapped=frozenset(): World(db.session, wrapped=wrapped)


BOUNDED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@BOUNDED
@given(told=told(), at_once=st.booleans())
def test_however_it_is_told_the_books_hold_each_movement_once(session, world, told, at_once):
    made, listed, wrapped = told
    here = world(wrapped)
    for telling in listed:
        here.tell(telling)
        if at_once:
            here.decide()
    here.decide()

    assert here.booked() == Counter(each.amount for each in made)
    books.check(session)
