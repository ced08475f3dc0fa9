"""Background work of the payments: a statement taken in, and orders whose time ran out."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.jobs import promise, sweep
from orders.models import OrderState
from orders.payments import jobs
from orders.payments.queries import owed_by
from orders.queries import past_deadline
from tests import make
from tests.bank import Bank
from tests.desk import pay, rows

pytestmark = pytest.mark.usefixtures("right_books")

WINDOW = timedelta(hours=24)


@pytest.fixture
def accounts(session, stopped_clock):
    """Two accounts whose feeds reach to now."""
    both = [make.bank_account("VCB"), make.bank_account("AGR", receives=False)]
    for account in both:
        account.covered_until = clock.now()
    return both


def pass_by(session, clock_hands, **span):
    """Time passes, and the worker has its minute."""
    session.commit()
    clock_hands.forward(**span)
    sweep()
    session.expire_all()


def test_an_unpaid_order_expires_once_every_feed_covers_its_deadline(session, accounts, stopped_clock):
    order = make.order()
    for account in accounts:
        account.covered_until = order.expires_at

    pass_by(session, stopped_clock, hours=24)

    assert order.state is OrderState.EXPIRED
    assert order.history[-1].by == "system"


def test_not_before_its_deadline_whatever_the_feeds_cover(session, accounts, stopped_clock):
    order = make.order()
    for account in accounts:
        account.covered_until = order.expires_at + WINDOW

    pass_by(session, stopped_clock, hours=23, minutes=59)

    assert order.state is OrderState.OPEN


@pytest.mark.parametrize("reaches", [None, timedelta(seconds=-1)])
def test_it_waits_for_the_feed_that_lags(session, accounts, stopped_clock, reaches):
    order = make.order()
    accounts[0].covered_until = order.expires_at
    accounts[1].covered_until = None if reaches is None else order.expires_at + reaches

    pass_by(session, stopped_clock, hours=24 + 47)

    assert order.state is OrderState.OPEN


def test_but_no_longer_than_48_hours(session, accounts, stopped_clock):
    order = make.order()
    accounts[1].covered_until = None

    pass_by(session, stopped_clock, hours=24 + 48)

    assert order.state is OrderState.EXPIRED


def test_its_places_are_free_again_and_nobody_elses(session, accounts, stopped_clock):
    combo, delivery = make.combo(), make.round(closes_at=clock.now() + timedelta(days=9))
    capacity = make.capacity(delivery, combo.supplier, places=5)
    make.order(combo, delivery=delivery)
    make.order(combo, delivery=delivery, expires_at=clock.now() + timedelta(days=8))
    make.paid_order(combo, delivery=delivery)
    assert capacity.held == 3

    pass_by(session, stopped_clock, hours=72)
    session.refresh(capacity)

    assert capacity.held == 2


def test_what_was_paid_in_part_goes_back_to_the_desk(session, accounts, stopped_clock):
    transfer, order = make.transfer(120_000, account=accounts[0]), make.order(total=200_000)
    pay(session, transfer, order)

    pass_by(session, stopped_clock, hours=72)

    assert (order.state, owed_by(session, order), transfer.unplaced) == (OrderState.EXPIRED, 200_000, 120_000)


def test_a_paid_order_never_expires(session, accounts, stopped_clock):
    order = make.paid_order()

    pass_by(session, stopped_clock, days=30)

    assert order.state is OrderState.CONFIRMED


def test_one_that_is_paid_between_the_look_and_the_lock_stays(session, accounts, stopped_clock, monkeypatch):
    order, transfer, noise = make.order(), make.transfer(), make.order()
    session.commit()

    def look_then_somebody_pays(*asked):
        late = past_deadline(*asked)
        pay(session, transfer, order)
        return late

    monkeypatch.setattr(jobs, "past_deadline", look_then_somebody_pays)

    pass_by(session, stopped_clock, hours=72)

    assert (order.state, noise.state) == (OrderState.CONFIRMED, OrderState.EXPIRED)


def test_who_paid_in_time_does_not_expire_when_the_statement_comes_late(session, accounts, stopped_clock):
    """The statement's booking moves the feed's cover; nothing may expire between its booking and its matching."""
    order = make.order(name="Trần Thị Bưởi", phone="0912345678", total=130_000)
    bank = Bank(accounts[0])
    paid = bank.row(130_000, f"{order.code} {order.phone}", at=order.expires_at - timedelta(hours=1))
    accounts[1].covered_until = order.expires_at + timedelta(days=1)
    session.commit()
    stopped_clock.forward(hours=40)
    kept = bank.keep(session, bank.statement(paid, until=clock.local(order.expires_at).date()))
    steps = jobs.book_statement(session, {"statement_id": kept.id})

    for _step in steps:
        session.commit()
        jobs.expire_orders(session)
        session.commit()
    session.refresh(accounts[0])

    assert order.state is OrderState.CONFIRMED
    assert accounts[0].covered_until >= order.expires_at


def test_the_worker_books_and_matches_a_statement(session, accounts, stopped_clock):
    order = make.order(total=130_000)
    bank = Bank(accounts[0])
    kept = bank.keep(session, bank.statement((130_000, f"{order.code} {order.phone}"), (70_000, "tien dien")))
    promise(session, "book", key="book:1", payload={"statement_id": kept.id})

    pass_by(session, stopped_clock, minutes=1)

    assert order.state is OrderState.CONFIRMED
    assert rows(session, "SELECT verdict FROM proposals ORDER BY transfer_id") == [("matched",), ("unmatched",)]


def test_money_given_back_is_thought_about_again(session, accounts, stopped_clock):
    """Its proposal must not go on saying that it is matched."""
    order = make.order(total=200_000)
    bank = Bank(accounts[0])
    kept = bank.keep(session, bank.statement((120_000, f"{order.code} {order.phone}")))
    promise(session, "book", key="book:1", payload={"statement_id": kept.id})
    pass_by(session, stopped_clock, minutes=1)
    assert owed_by(session, order) == 80_000

    pass_by(session, stopped_clock, hours=72)

    assert order.state is OrderState.EXPIRED
    assert rows(session, "SELECT verdict FROM proposals") == [("review",)]
