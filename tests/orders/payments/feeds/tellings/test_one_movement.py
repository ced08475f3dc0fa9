"""Any permutation, duplication or mix of feeds ends in the same transfers and balances, whatever the movements were."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from orders.payments.feeds.hooks.booking import book_call
from orders.payments.feeds.hooks.models import CallState, HookCall
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.statement import Row, Statement
from orders.payments.feeds.tellings import decide
from orders.payments.feeds.tellings.models import Doubt
from orders.payments.feeds.tellings.queries import open_doubts
from orders.payments.feeds.tellings.told import Feed
from orders.payments.feeds.tellings.write import may_be
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from tests import books, make, providers
from tests.bank import Bank
from tests.desk import rows
from tests.orders.payments.feeds.tellings.happened import DAY, Movement, Telling, told

ORACLE = Hand(by="clerk-7", at=clock.at(DAY, 9), because="she was there")

_accounts = count(1)


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
        """The same, if as many are in the books as there really were."""
        movement = self.truth[doubt.feed.value, doubt.key]
        free = may_be(self.session, doubt)
        if free and self._are_booked(movement):
            decide.same(self.session, doubt, free[0], ORACLE)
        else:
            decide.another(self.session, doubt, ORACLE)

    def _are_booked(self, movement: Movement) -> bool:
        """Whether there is a transfer for each that we have heard of and that looks like this one."""
        known = {true.number for true in self.truth.values() if true.looks == movement.looks}
        made = rows(self.session, "SELECT id FROM transfers WHERE account_id = :id", id=self.account.id)
        return sum(self._of(number).looks == movement.looks for (number,) in made) >= len(known)

    def _of(self, transfer_id: int) -> Movement:
        identity = self.session.get_one(Transfer, transfer_id).identity
        feed, _, key = identity.rpartition(":")
        return self.truth[feed or "statement", key]

    def booked(self) -> Counter[int]:
        """How many transfers there are of each sum."""
        found = rows(self.session, "SELECT amount FROM transfers WHERE account_id = :id", id=self.account.id)
        return Counter(amount for (amount,) in found)


@pytest.fixture
def world(session: Session, stopped_clock: object) -> Callable[..., World]:
    return lambda wrapped=frozenset(): World(db.session, wrapped=wrapped)


BOUNDED = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
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
