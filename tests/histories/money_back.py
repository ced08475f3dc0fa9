"""Steps by which money goes back: credits, refunds with four eyes, batches, the bank's reversals, orders given up."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from kernel import clock
from kernel.changes import Doer
from orders.deadlines.keep import take_more
from orders.payments.credit import keep as credit
from orders.payments.giving_up.act import give_up
from orders.payments.late.act import take_up
from orders.payments.models import Debit, DebitKind, Place
from orders.payments.queries import owed_by
from orders.payments.refunds import keep, seen
from orders.payments.refunds.batches.export import export, memo
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from orders.payments.reversals import give_again, take_back
from tests.histories.machine import READY, UNPAID, History, pick, some

OTHER = Payee("970436", "0071000123456", "TRAN THI BUOI", "asked for on the phone")
WAITS = "state = 'proposed'"
DUE = "state = 'applied' AND stopped_at IS NULL AND debit_id IS NULL"
AT_BANK = f"{DUE} AND batch_id IS NOT NULL"
SPENT = """id IN (
    SELECT transfer_id FROM postings WHERE moved_from = 'credit' AND moved_to = 'allocated'
)"""
ENDED = "state IN ('expired', 'cancelled')"


class MoneyBack(History):
    """A city in which money goes both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = count(1)

    def doer(self, by: str = "kinhte1") -> Doer:
        return Doer(by, clock.now(), "a step of a random history")

    def refund(self, which: int, where: str) -> Refund | None:
        number = self.one(f"SELECT id FROM refunds WHERE {where} ORDER BY id", which)
        return self.session.get_one(Refund, number) if number else None

    def debit(self, which: int, where: str) -> Debit | None:
        number = self.one(f"SELECT id FROM debits WHERE {where} ORDER BY id", which)
        return self.session.get_one(Debit, number) if number else None

    # Orders that end.

    @some("orders", f"{READY} OR (state = 'open' AND NOT {UNPAID})")
    @rule(which=pick, honest=st.booleans())
    def gives_up_what_was_paid(self, which: int, honest: bool) -> None:
        order = self.order(which, f"{READY} OR (state = 'open' AND NOT {UNPAID})")
        assert order
        seen_paid = order.total - owed_by(self.session, order) if honest else 1
        self.take(lambda: give_up(self.session, order, at=clock.now(), paid_seen=seen_paid, hotline="1022"))

    @some("orders", "state = 'open'")
    @rule(which=pick)
    def asks_for_more_time(self, which: int) -> None:
        order = self.order(which, "state = 'open'")
        assert order
        self.take(lambda: take_more(self.session, order, at=clock.now()))

    @some("orders", ENDED)
    @some("transfers", "unplaced > 0")
    @rule(which=pick, whose=pick, delivery=pick)
    def lives_again(self, which: int, whose: int, delivery: int) -> None:
        transfer, order = self.transfer(which, "unplaced > 0"), self.order(whose, ENDED)
        assert transfer
        assert order
        into = self.city.rounds[delivery % len(self.city.rounds)]
        window = timedelta(hours=24)
        self.take(lambda: take_up(self.session, transfer, order, into, hand=self.hand(), window=window))

    # Credit.

    @some("transfers", "unplaced > 0")
    @rule(which=pick, whose=pick)
    def becomes_credit(self, which: int, whose: int) -> None:
        transfer, order = self.transfer(which, "unplaced > 0"), self.order(whose)
        assert transfer
        assert order
        self.take(lambda: credit.keep(self.session, transfer, order, self.hand()))

    @some("transfers", "credit > 0")
    @rule(which=pick, whose=pick)
    def credit_pays(self, which: int, whose: int) -> None:
        transfer, order = self.transfer(which, "credit > 0"), self.order(whose, "state = 'open'")
        if transfer and order:
            self.take(lambda: credit.use(self.session, transfer, order, self.hand()))

    @some("transfers", SPENT)
    @rule(which=pick)
    def is_credit_again(self, which: int) -> None:
        transfer = self.transfer(which, SPENT)
        assert transfer
        self.take(lambda: credit.take_from_orders(self.session, transfer, self.hand()))

    # Refunds.

    @some("transfers", "unplaced > 0 OR credit > 0")
    @rule(which=pick, part=st.sampled_from((1, 1, 2)), known=st.booleans())
    def refund_is_proposed(self, which: int, part: int, known: bool) -> None:
        transfer = self.transfer(which, "unplaced > 0 OR credit > 0")
        assert transfer
        place = Place.UNPLACED if transfer.unplaced else Place.CREDIT
        amount = (transfer.unplaced or transfer.credit) // part
        about: dict[str, Any] = {"payee": OTHER if known else None, "order": self.order(which), "taken_from": place}
        self.take(lambda: keep.propose(self.session, transfer, amount, self.doer(), **about))

    @some("transfers", "unplaced > 0 OR credit > 0")
    @rule(which=pick, so_far=st.integers(2, 5))
    def a_refund_goes_its_way(self, which: int, so_far: int) -> None:
        """Proposed, approved, exported, paid, told: each refund as far as it gets, so that many get to the end."""
        self.refund_is_proposed(which, 1, known=True)
        newest = self.city.numbers("SELECT COUNT(*) FROM refunds WHERE state = 'proposed'")[0] - 1
        steps = (
            lambda: self.it_is_approved(newest, "kinhte3"),
            self.a_batch_is_exported,
            lambda: self.the_bank_pays_it(self.city.numbers(f"SELECT COUNT(*) FROM refunds WHERE {AT_BANK}")[0] - 1),
            lambda: self.a_statement_comes(0),
        )
        for step in steps[: so_far - 1]:
            step()

    @some("refunds", WAITS)
    @rule(which=pick)
    def its_account_is_named(self, which: int) -> None:
        refund = self.refund(which, WAITS)
        assert refund
        self.take(lambda: keep.name(self.session, refund, OTHER, seen=str(refund.version), doer=self.doer("kinhte2")))

    @some("refunds", WAITS)
    @rule(which=pick, by=st.sampled_from(("kinhte1", "kinhte2", "kinhte3", "kinhte3")))
    def it_is_approved(self, which: int, by: str) -> None:
        refund = self.refund(which, WAITS)
        assert refund
        self.take(lambda: keep.approve(self.session, refund, seen=str(refund.version), doer=self.doer(by)))

    @some("refunds", WAITS)
    @rule(which=pick, by=st.sampled_from(("kinhte1", "kinhte3")))
    def it_comes_to_nothing(self, which: int, by: str) -> None:
        refund = self.refund(which, WAITS)
        assert refund
        step = keep.withdraw if by == refund.proposed_by else keep.refuse
        self.take(lambda: step(self.session, refund, self.doer(by)))

    @some("refunds", DUE)
    @rule(which=pick)
    def it_is_stopped(self, which: int) -> None:
        refund = self.refund(which, DUE)
        assert refund
        self.take(lambda: keep.stop(self.session, refund, self.doer()))

    @some("refunds", f"{DUE} AND batch_id IS NULL")
    @rule()
    def a_batch_is_exported(self) -> None:
        attempt = str(next(self.forms))
        self.take(lambda: export(self.session, self.city.account, attempt=attempt, doer=self.doer()))

    @some("refunds", AT_BANK)
    @rule(which=pick, twice=st.booleans())
    def the_bank_pays_it(self, which: int, twice: bool = False) -> None:
        refund = self.refund(which, AT_BANK)
        assert refund
        for _time in range(1 + twice):
            self.city.pays(-refund.amount, memo(refund))

    @some("refunds", "debit_id IS NOT NULL")
    @rule(which=pick)
    def the_bank_sends_it_back(self, which: int) -> None:
        refund = self.refund(which, "debit_id IS NOT NULL")
        assert refund
        self.city.pays(refund.amount, f"TRA LAI {memo(refund)}")

    @invariant()
    def what_came_back_pays_nothing_by_itself(self) -> None:
        taken = self.city.numbers(
            "SELECT a.id FROM allocations a JOIN transfers t ON t.id = a.transfer_id"
            " WHERE a.automatic AND t.memo LIKE 'TRA LAI %'"
        )
        assert taken == [], "a refund that came back was matched with an order"

    @some("debits", "kind = 'refund'")
    @rule(which=pick)
    def it_was_no_refund(self, which: int) -> None:
        debit = self.debit(which, "kind = 'refund'")
        assert debit
        self.take(lambda: seen.undo(self.session, debit, self.doer()))

    @some("debits", "kind = 'unexplained'")
    @rule(which=pick, whose=pick)
    def a_clerk_links_it(self, which: int, whose: int) -> None:
        """To any approved refund: one that is paid, or was given up, is to be refused."""
        debit, refund = self.debit(which, "kind = 'unexplained'"), self.refund(whose, "state = 'applied'")
        if debit and refund:
            self.take(lambda: seen.link(self.session, debit, refund, self.doer()))

    @some("debits", "kind = 'unexplained'")
    @rule(which=pick)
    def it_was_a_fee(self, which: int) -> None:
        debit = self.debit(which, "kind = 'unexplained'")
        assert debit
        self.take(lambda: seen.say_other(self.session, debit, DebitKind.OTHER, self.doer()))

    # The bank takes back what it had credited.

    @some("transfers", "refunded < amount")
    @rule(which=pick, named=st.booleans())
    def the_bank_reverses(self, which: int, named: bool) -> None:
        transfer = self.transfer(which, "refunded < amount")
        assert transfer
        self.city.pays(-transfer.amount, f"HOAN TRA GD {transfer.reference if named else ''}")

    @some("debits", "kind = 'unexplained'")
    @rule(which=pick, whose=pick)
    def a_clerk_says_it_is_a_reversal(self, which: int, whose: int) -> None:
        debit, transfer = self.debit(which, "kind = 'unexplained'"), self.transfer(whose)
        assert debit
        assert transfer
        self.take(lambda: take_back(self.session, transfer, debit, self.hand()))

    @some("debits", "kind = 'reversal'")
    @rule(which=pick)
    def it_was_none(self, which: int) -> None:
        debit = self.debit(which, "kind = 'reversal'")
        assert debit
        transfer = self.transfer(0, f"id = (SELECT reverses_id FROM debits WHERE id = {debit.id})")
        assert transfer
        self.take(lambda: give_again(self.session, transfer, self.hand()))
