"""Bugs planted on purpose: random histories find each of them."""

import itertools
import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize
from sqlalchemy.exc import IntegrityError

from kernel.chain.seal import _some
from orders.models import IfShort, OrderState
from orders.payments.close.minute import _arrived
from orders.payments.feeds.entries import Entry, entries
from orders.payments.ledger import Gift
from orders.payments.models import Place
from orders.payments.queries import live_allocations
from shop.capacity import give_back
from tests.histories.days import Days
from tests.histories.machine import History, pick
from tests.histories.money_back import MoneyBack
from tests.histories.shortages import Shortages
from tests.histories.test_histories import run

STEPS = 3_000  # at most: most are found within a few histories


def twins_are_taken_for_one(patch):
    keyed = entries
    patch.setattr(
        "orders.payments.feeds.booking.entries",
        lambda statement: [
            replace(each, identity=f"{each.row.reference}{each.row.signed}") for each in keyed(statement)
        ],
    )


def each_statement_tells_new_money(patch):
    keyed, fresh = entries, itertools.count()
    patch.setattr(
        "orders.payments.feeds.booking.entries",
        lambda statement: [replace(each, identity=f"{each.identity}{next(fresh)}") for each in keyed(statement)],
    )


def money_that_went_out_comes_in(patch):
    patch.setattr(Entry, "incoming", True)


def undo_forgets_the_order(patch):
    patch.setattr("orders.payments.settle.reopen", lambda _order, _hand: None)


def undo_forgets_an_allocation(patch):
    patch.setattr(
        "orders.payments.settle.live_allocations", lambda session, *numbers: live_allocations(session, *numbers)[:-1]
    )


def the_full_sum_confirms_nothing(patch):
    patch.setattr("orders.lifecycle.confirm", lambda *_told, **_more: None)


def expiry_keeps_the_money(patch):
    patch.setattr("orders.payments.jobs.reverse_allocation", lambda *_told: None)


def expiry_keeps_the_place(patch):
    patch.setattr("orders.lifecycle.release", lambda *_told, **_more: None)


def a_place_is_given_back_twice(patch):
    def twice(session, ids):
        give_back(session, ids)
        give_back(session, ids)

    patch.setattr("orders.holds.give_back", twice)


def a_revived_order_takes_no_place(patch):
    patch.setattr("orders.lifecycle.hold", lambda *_told, **_more: None)


def a_reversal_posts_nothing(patch):
    patch.setattr(
        "orders.payments.ledger.places_before",
        lambda _session, allocations: {each.id: Place.OPENING for each in allocations},
    )


def the_rest_becomes_credit_twice(patch):
    patch.setattr("orders.payments.settle.Gift", lambda number, shares, credit: Gift(number, shares, credit=credit * 2))


def what_left_may_be_taken_back(patch):
    def reopen(order, hand):
        order.state = OrderState.OPEN
        order.record(OrderState.CONFIRMED, OrderState.OPEN, by=hand.by, at=hand.at, because=hand.because)

    patch.setattr("orders.payments.settle.reopen", reopen)


def a_refused_refund_keeps_its_money(patch):
    patch.setattr("orders.payments.refunds.keep._put_back", lambda *_told: None)


def a_refund_takes_no_money(patch):
    patch.setattr("orders.payments.refunds.keep.ledger.move", lambda *_told, **_more: None)


def a_debit_pays_two_refunds(patch):
    patch.setattr("orders.payments.refunds.seen.is_due", lambda _refund: True)


def a_paid_refund_stays_due(patch):
    patch.setattr("orders.payments.refunds.seen.insert_many", lambda *_told, **_more: None)


def a_debit_is_explained_twice(patch):
    patch.setattr("orders.payments.reversals._explain", lambda *_told: None)


def a_credit_is_spent_and_kept(patch):
    patch.setattr("orders.payments.credit.keep.Gift", lambda number, shares, place: Gift(number, shares))


def an_order_paid_by_credit_stays_open(patch):
    patch.setattr("orders.payments.credit.keep.lifecycle.confirm", lambda *_told, **_more: None)


def an_order_given_up_keeps_its_money(patch):
    patch.setattr("orders.payments.giving_up.act._pay_back", lambda *_told: None)


def a_webhook_sent_again_is_new_money(patch):
    patch.setattr("orders.payments.feeds.hooks.booking.first_told", lambda *_told: None)
    patch.setattr("orders.payments.feeds.hooks.booking.join", lambda *_told, **_more: None)


def a_webhook_and_its_statement_are_two(patch):
    patch.setattr("orders.payments.feeds.hooks.booking.join", lambda *_told, **_more: None)


def a_closed_day_leaves_out_a_payment(patch):
    patch.setattr("orders.payments.close.minute._arrived", lambda *told: _arrived(*told)[:-1])


def a_row_is_passed_over_by_the_chain(patch):
    patch.setattr("kernel.chain.seal._some", lambda *told, **more: _some(*told, **more)[1:] or _some(*told, **more))


def what_is_missing_is_not_deducted(patch):
    patch.setattr("suppliers.shortages.declare.deduct", lambda *_told, **_more: {})


def what_is_deducted_stays_with_the_order(patch):
    patch.setattr("orders.deductions.keep._free", lambda *_told: [])


def more_goes_back_than_is_deducted(patch):
    patch.setattr("orders.deductions.keep._give_the_rest", lambda *_told: None)


def a_shortage_taken_back_keeps_its_deductions(patch):
    patch.setattr("orders.deductions.again._reversal", lambda was, _doer: was)


def a_shortage_taken_back_keeps_its_refunds(patch):
    patch.setattr("orders.deductions.again._end", lambda *_told: None)


def a_portion_is_missing_twice(patch):
    patch.setattr("suppliers.shortages.plan.queries.lost_in", lambda *_told: [])


def a_call_is_answered_twice(patch):
    patch.setattr("suppliers.shortages.calls._hold", lambda *_told: None)


CHOICES = st.sampled_from((IfShort.CALL, *IfShort))


class SomethingIsMissing(Shortages):
    """Begins where two orders have left in one round, with something missing that both have."""

    @initialize(first=CHOICES, second=CHOICES, how=pick, missing=st.sampled_from(((0, 500), (0, 1_000), (1, 20))))
    def it_has_left(self, first: IfShort, second: IfShort, how: int, missing: tuple[int, int]) -> None:
        for person, choice in enumerate((first, second)):
            self.buys(person, 0, 0, 1.0)
            newest = self.city.numbers("SELECT COUNT(*) FROM orders WHERE state IN ('open', 'confirmed')")[0] - 1
            self.a_resident_chooses(newest, choice)
        self.dispatches(newest)
        self.something_is_missing(0, *missing, instead=False, how=how)


BUGS: dict[type[History], tuple[Callable[[pytest.MonkeyPatch], None], ...]] = {
    History: (
        twins_are_taken_for_one,
        each_statement_tells_new_money,
        money_that_went_out_comes_in,
        undo_forgets_the_order,
        undo_forgets_an_allocation,
        the_full_sum_confirms_nothing,
        expiry_keeps_the_money,
        expiry_keeps_the_place,
        a_place_is_given_back_twice,
        a_revived_order_takes_no_place,
        a_reversal_posts_nothing,
        the_rest_becomes_credit_twice,
        what_left_may_be_taken_back,
    ),
    MoneyBack: (
        a_refused_refund_keeps_its_money,
        a_refund_takes_no_money,
        a_debit_pays_two_refunds,
        a_paid_refund_stays_due,
        a_debit_is_explained_twice,
        a_credit_is_spent_and_kept,
        an_order_paid_by_credit_stays_open,
        an_order_given_up_keeps_its_money,
    ),
    Days: (
        a_closed_day_leaves_out_a_payment,
        a_row_is_passed_over_by_the_chain,
        a_webhook_sent_again_is_new_money,
        a_webhook_and_its_statement_are_two,
    ),
    SomethingIsMissing: (
        what_is_missing_is_not_deducted,
        what_is_deducted_stays_with_the_order,
        more_goes_back_than_is_deducted,
        a_shortage_taken_back_keeps_its_deductions,
        a_shortage_taken_back_keeps_its_refunds,
        a_portion_is_missing_twice,
        a_call_is_answered_twice,
    ),
}
"""Each with the steps that it is about: among all of them together the rarest would not be taken often enough."""

EACH = 3 if os.environ.get("CI") else 1
"""In CI every third one: each takes some seconds."""


@pytest.mark.parametrize("machine", BUGS, ids=lambda machine: machine.__name__)
def test_nothing_is_found_where_no_bug_is(sqlite_templates, settings_for, tmp_path, machine):
    run(sqlite_templates, settings_for, tmp_path, steps=300, machine=machine)


@pytest.mark.parametrize(
    ("machine", "bug"),
    [(machine, bug) for machine, bugs in BUGS.items() for bug in bugs[::EACH]],
    ids=lambda each: each.__name__,
)
def test_a_planted_bug_is_found(sqlite_templates, settings_for, tmp_path, monkeypatch, machine, bug):
    bug(monkeypatch)

    with pytest.raises((AssertionError, IntegrityError)):  # a rule of the books, or a guard of the tables
        run(sqlite_templates, settings_for, tmp_path, steps=STEPS, machine=machine, shrink=False)
