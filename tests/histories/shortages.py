"""Steps of what is missing: shortages declared, calls answered, parcels handed over, shortages taken back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from kernel import clock
from kernel.changes import Doer
from orders.models import IfShort
from orders.short.choice import choose
from suppliers.models import Batch, ParcelState
from suppliers.parcels import mark
from suppliers.queries import lock_parcel
from suppliers.shortages import calls
from suppliers.shortages.declare import Missing, share_out
from suppliers.shortages.models import Rule, Shortage
from suppliers.shortages.plan import Book
from suppliers.shortages.queries import stands_of
from suppliers.shortages.rules.queries import sharing_rule
from suppliers.shortages.withdraw import withdraw
from tests.histories.machine import History, pick, some

STANDS = "withdrawn_at IS NULL"
CALLING = "calls_waiting > 0"


class Shortages(History):
    """A city in which not all that was ordered can be brought."""

    def shortage(self, which: int, where: str) -> Shortage | None:
        number = self.one(f"SELECT id FROM shortages WHERE {where} ORDER BY id", which)
        return self.session.get_one(Shortage, number) if number else None

    @some("orders", "dispatched_at IS NULL AND state IN ('open', 'confirmed')")
    @rule(which=pick, choice=st.sampled_from(IfShort))
    def a_resident_chooses(self, which: int, choice: IfShort) -> None:
        if order := self.order(which, "dispatched_at IS NULL AND state IN ('open', 'confirmed')"):
            self.take(lambda: choose(self.session, order, choice, at=clock.now()))

    @some("batches", "1 = 1")
    @rule(which=pick, item=pick, quantity=st.sampled_from((1, 10, 500, 750, 1_000)), instead=st.booleans(), how=pick)
    def something_is_missing(self, which: int, item: int, quantity: int, instead: bool, how: int) -> None:
        number = self.one("SELECT id FROM batches ORDER BY id", which)
        batch = self.session.get_one(Batch, number)
        items = list(Book(self.session, batch.id).items)
        missing = Missing(*items[item % len(items)], quantity, "thịt heo 300 g" if instead else "")

        def declare() -> None:
            sharing_rule(self.session).rule = list(Rule)[how % 2]
            self.session.flush()
            share_out(self.session, batch, missing, Doer("rau", clock.now(), "a step of a random history"))

        self.take(declare)

    @some("orders", "state = 'confirmed' AND dispatched_at IS NULL")
    @rule(which=pick, item=pick, choice=st.sampled_from(IfShort), how=pick)
    def a_round_leaves_with_something_missing(self, which: int, item: int, choice: IfShort, how: int) -> None:
        """The way it mostly goes, so that much is missing."""
        self.a_resident_chooses(which, choice)
        self.dispatches(which)
        newest = self.city.numbers("SELECT COUNT(*) FROM batches")[0] - 1
        if newest >= 0:
            self.something_is_missing(newest, item, 10, instead=False, how=how)

    @some("shortages", CALLING)
    @rule(which=pick, whom=pick, agreed=st.booleans())
    def a_call_is_answered(self, which: int, whom: int, agreed: bool) -> None:
        shortage = self.shortage(which, CALLING)
        assert shortage
        orders = sorted(order for _shortage, order in stands_of(self.session, [shortage.id]))
        order_id, at = orders[whom % len(orders)], clock.now()
        if agreed:
            self.take(lambda: calls.agree(self.session, shortage, order_id, instead="tép 300 g", by="rau", at=at))
        else:
            self.take(lambda: calls.refund(self.session, shortage, order_id, by="rau", at=at))

    @some("shortages", CALLING)
    @rule(which=pick)
    def the_courier_leaves(self, which: int) -> None:
        shortage = self.shortage(which, CALLING)
        assert shortage
        self.take(lambda: calls.give_up_calling(self.session, shortage, by="rau", at=clock.now()))

    @some("parcels", "1 = 1")
    @rule(which=pick, became=st.sampled_from((ParcelState.DELIVERED, ParcelState.FAILED, ParcelState.DISPATCHED)))
    def a_parcel_is_marked(self, which: int, became: ParcelState) -> None:
        number = self.one("SELECT id FROM parcels ORDER BY id", which)

        def step() -> None:
            parcel = lock_parcel(self.session, number or 0)
            assert parcel
            mark(self.session, parcel, became, by="rau", at=clock.now(), because="không có ai ở nhà")

        self.take(step)

    @some("shortages", STANDS)
    @rule(which=pick)
    def it_was_a_mistake(self, which: int) -> None:
        shortage = self.shortage(which, STANDS)
        assert shortage
        at = clock.now() + timedelta(seconds=1)
        self.take(lambda: withdraw(self.session, shortage, by="kinhte1", at=at, because="ghe đã về"))
