"""Random histories: every step that people and banks can take, in any order; after each, the books are right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from kernel import clock
from kernel.errors import MarketError
from orders import lifecycle
from orders.checkout import Recipient, place_order
from orders.models import Order
from orders.notices import telling
from orders.payments.jobs import expire_orders
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from orders.payments.queries import owed_by
from orders.payments.settle import bring_back, set_aside, settle, undo
from suppliers.dispatch import dispatch
from tests import books, make
from tests.histories.city import PEOPLE, City

Row = TypeVar("Row")
pick = st.integers(0, 60)  # one of however many there are


NEEDED: list[str] = []
"""What some step needs: asked for together, for Hypothesis wants to know all of it before each step."""


def some(table: str, where: str) -> Callable[[Row], Row]:
    """A step for which there must be something: what is picked for nothing makes no history."""
    question = f"EXISTS (SELECT 1 FROM {table} WHERE {where})"
    NEEDED.append(question)
    return precondition(lambda self: self.there_is(question))  # type: ignore[return-value]


LEFT = """id IN (
    SELECT a.transfer_id FROM allocations a JOIN orders o ON o.id = a.order_id WHERE o.dispatched_at IS NOT NULL
)"""
READY = "state = 'confirmed' AND dispatched_at IS NULL"
UNPAID = "(SELECT COALESCE(SUM(a.amount), 0) FROM allocations a WHERE a.order_id = orders.id) = 0"
MEMOS = ("{code} {phone}", "{code}", "{name}_{phone}_Di An", "{phone}", "{name} chuyen tien", "ung ho quy vac xin")
PARTS = st.sampled_from((1.0, 1.0, 0.5, 1.5))


class History(RuleBasedStateMachine):
    """``begin`` makes the city of one history. A refused step (MarketError) must leave everything as it was."""

    begin: Callable[[], City]

    def __init__(self) -> None:
        super().__init__()
        self.city = type(self).begin()
        self._there: dict[str, bool] = {}

    def teardown(self) -> None:
        self.city.end()

    # What a step needs.

    @property
    def session(self):
        return self.city.session

    def hand(self, by: str = "kinhte1") -> Hand:
        return Hand(by, clock.now(), "a step of a random history")

    def take(self, step: Callable[[], object]) -> None:
        """Do it and commit; or it is refused, and then nothing has changed."""
        before = self.everything()
        try:
            step()
            self.session.commit()
        except MarketError:
            self.session.rollback()
            assert self.everything() == before, "what was refused left a trace"

    def everything(self) -> tuple[object, ...]:
        return books.balances(self.session), books.states(self.session), self.city.truth.told

    def there_is(self, needed: str) -> bool:
        """One of the questions NEEDED, as things stand since the last step."""
        if not self._there:
            answers = self.session.execute(text(f"SELECT {', '.join(NEEDED)}")).one()
            self._there = dict(zip(NEEDED, map(bool, answers), strict=True))
        return self._there[needed]

    def one(self, sql: str, which: int) -> int | None:
        found = self.city.numbers(sql)
        return found[which % len(found)] if found else None

    def order(self, which: int, where: str = "1 = 1") -> Order | None:
        number = self.one(f"SELECT id FROM orders WHERE {where} ORDER BY id", which)
        return self.session.get_one(Order, number) if number else None

    def transfer(self, which: int, where: str = "1 = 1") -> Transfer | None:
        number = self.one(f"SELECT id FROM transfers WHERE {where} ORDER BY id", which)
        return self.session.get_one(Transfer, number) if number else None

    # Residents.

    @initialize()
    def two_have_bought(self) -> None:
        self.buys(0, 0, 0, 1.0)
        self.buys(1, 1, 0, 1.5)

    @rule(person=pick, combo=pick, delivery=pick)
    def orders(self, person: int, combo: int, delivery: int) -> None:
        name, phone, _folded = PEOPLE[person % len(PEOPLE)]
        recipient = Recipient(name=name, phone=phone, ward=make.ward(), address=f"{person % 4 + 1} Lý Thường Kiệt")
        basket = make.basket(self.city.combos[combo % len(self.city.combos)])
        open_ones = [each for each in self.city.rounds if each.takes_orders(clock.now())]
        into = open_ones[delivery % len(open_ones)] if open_ones else self.city.rounds[0]
        self.take(
            lambda: place_order(
                self.session, basket, recipient, delivery=into, at=clock.now(), window=timedelta(hours=24)
            )
        )

    @rule(person=pick, combo=pick, delivery=pick, part=PARTS)
    def buys(self, person: int, combo: int, delivery: int, part: float) -> None:
        """Orders, pays with the code, and the statement comes: the way it mostly goes, so that much is paid for."""
        self.orders(person, combo, delivery)
        newest = self.city.numbers("SELECT COUNT(*) FROM orders")[0] - 1
        self.pays(newest, MEMOS[0], part)
        self.a_statement_comes(0)

    @rule(which=pick, memo=st.sampled_from(MEMOS), part=PARTS)
    def pays(self, which: int, memo: str, part: float) -> None:
        order = self.order(which)
        if order is not None:
            folded = next(f for name, phone, f in PEOPLE if name == order.name)
            self.city.pays(int(order.total * part), memo.format(code=order.code, phone=order.phone, name=folded))

    @precondition(lambda self: self.city.truth.movements)
    @rule()
    def the_same_again(self) -> None:
        self.city.twin()

    @some("orders", f"state = 'open' AND {UNPAID}")
    @rule(which=pick)
    def gives_up(self, which: int) -> None:
        order = self.order(which, f"state = 'open' AND {UNPAID}")

        def cancel() -> None:
            assert order
            lifecycle.cancel(self.session, order, by="resident", at=clock.now(), because="cancelled on its page")
            telling.money_left(self.session, [order], at=clock.now(), because="order-cancelled")

        self.take(cancel)

    # The bank and time.

    @rule(days=st.integers(0, 3))
    def a_statement_comes(self, days: int) -> None:
        self.city.import_statement(days)

    @rule(amount=st.sampled_from((11_000, 250_000)))
    def money_goes_out(self, amount: int) -> None:
        self.city.pays(-amount, "PHI DICH VU SMS")

    @rule(hours=st.sampled_from((1, 7, 26)))
    def time_goes_by(self, hours: int) -> None:
        self.city.set(clock.now() + timedelta(hours=hours))

    @rule()
    def the_minute_strikes(self) -> None:
        self.take(lambda: expire_orders(self.session))

    @rule()
    def a_day_passes(self) -> None:
        """The statement of the whole day is in when the minute strikes: what was not paid in time expires."""
        self.time_goes_by(26)
        self.a_statement_comes(2)
        self.the_minute_strikes()

    # The office.

    @some("transfers", "unplaced > 0")
    @some("orders", "state = 'open'")
    @rule(which=pick, whose=pick, as_credit=st.booleans())
    def settles(self, which: int, whose: int, as_credit: bool) -> None:
        transfer, order = self.transfer(which, "unplaced > 0"), self.order(whose, "state = 'open'")
        if transfer and order:
            shares = {order.id: min(transfer.unplaced, owed_by(self.session, order))}
            self.take(lambda: settle(self.session, transfer, shares, self.hand(), rest_as_credit=as_credit))

    @some("transfers", "unplaced > 0")
    @some("orders", "state = 'open'")
    @rule(which=pick, one=pick, other=pick)
    def splits(self, which: int, one: int, other: int) -> None:
        transfer = self.transfer(which, "unplaced > 0")
        orders = [self.order(number, "state = 'open'") for number in (one, other)]
        if transfer and all(orders):
            shares = {order.id: min(transfer.unplaced // 2, owed_by(self.session, order)) for order in orders if order}
            self.take(lambda: settle(self.session, transfer, shares, self.hand(), rest_as_credit=False))

    @some("transfers", "allocated > 0 OR credit > 0")
    @rule(which=pick, where=st.sampled_from(("allocated > 0", "credit > 0", LEFT)))
    def undoes(self, which: int, where: str) -> None:
        if transfer := self.transfer(which, where):

            def take_back() -> None:
                undo(self.session, transfer, self.hand())
                assert transfer.unplaced == transfer.amount, "undo left something placed"

            self.take(take_back)

    @some("transfers", "unplaced > 0")
    @rule(which=pick, aside=st.booleans())
    def sets_aside(self, which: int, aside: bool) -> None:
        if transfer := self.transfer(which, "unplaced > 0"):
            step = set_aside if aside else bring_back
            self.take(lambda: step(self.session, transfer, self.hand()))

    @some("orders", "state = 'expired'")
    @rule(which=pick)
    def revives(self, which: int) -> None:
        if order := self.order(which, "state = 'expired'"):
            until = clock.now() + timedelta(hours=12)
            told: dict[str, Any] = {"by": "kinhte1", "at": clock.now(), "because": "she paid in time"}
            self.take(lambda: lifecycle.revive(self.session, order, expires_at=until, **told))

    @some("orders", READY)
    @rule(which=pick)
    def dispatches(self, which: int) -> None:
        order = self.order(which, READY)
        assert order
        delivery = order.round
        told: dict[str, Any] = {"by": "kinhte1", "at": clock.now(), "patience": timedelta(hours=48)}
        self.take(lambda: dispatch(self.session, delivery, override="the market closes", **told))

    # What is true after each step.

    @invariant()
    def the_books_are_right(self) -> None:
        self._there = {}
        self.session.rollback()
        books.check(self.session)
        self.books_hold_what_moved()

    def books_hold_what_moved(self) -> None:
        """No đồng more than moved, none less."""
        assert self.city.booked() == self.city.truth.sums(), "what was booked is not what moved"

    @invariant()
    def what_has_left_was_paid(self) -> None:
        left = self.city.numbers(
            "SELECT o.id FROM orders o WHERE o.dispatched_at IS NOT NULL AND o.state <> 'confirmed'"
        )
        assert left == [], f"goods of {left} left though nobody had paid"
