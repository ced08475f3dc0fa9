"""Questions about money, each asked beside rows that must not answer."""

from datetime import timedelta
from functools import partial

from kernel import clock
from orders.models import OrderState
from orders.payments.feeds.queries import receiving_account
from orders.payments.ledger import Hand
from orders.payments.queries import (
    aside,
    inbox,
    inbox_counts,
    live_automatic,
    matchable_orders,
    owed_by,
    paid_by_order,
    revisable,
    undecided,
)
from orders.payments.settle import set_aside, settle
from tests import make
from tests.desk import CLERK, pay, send, take_back

MATCHER = Hand(by="matcher", at=CLERK.at, because="matched", automatic=True)


def matched(session, transfer, order):
    settle(session, transfer, {order.id: min(transfer.unplaced, order.total)}, MATCHER, rest_as_credit=False)
    return transfer


def test_what_an_order_owes_is_its_total_less_what_stands(session):
    order, noise, transfer = make.order(total=300_000), make.paid_order(total=300_000), make.transfer(100_000)
    pay(session, transfer, order)
    pay(session, make.transfer(50_000), order)
    take_back(session, transfer)

    assert (owed_by(session, order), owed_by(session, noise)) == (250_000, 0)
    assert paid_by_order(session, [order.id, make.order().id]) == {order.id: 50_000}


def test_the_inbox_is_what_waits_oldest_first(session):
    yesterday = clock.now() - timedelta(days=1)
    today, older = make.transfer(), make.transfer(at=yesterday)
    set_aside(session, make.transfer(), CLERK)
    pay(session, make.transfer(), make.order())
    part = make.transfer(300_000, at=yesterday)
    pay(session, part, make.order(), as_credit=False)

    assert list(inbox(session)) == [older, part, today]
    assert list(inbox(session, most=1, after=1)) == [part]
    assert inbox_counts(session) == {"undecided": 3, "all": 3, "money": 400_000}


def test_what_was_set_aside_is_listed_apart(session):
    make.transfer()
    odd = [make.transfer(), make.transfer()]
    for transfer in odd:
        set_aside(session, transfer, CLERK)
    session.flush()

    assert list(aside(session)) == odd[::-1]


def test_the_matcher_decides_about_what_no_clerk_has_touched(session):
    waits, automatic = make.transfer(), matched(session, make.transfer(), make.order())
    part_left = matched(session, make.transfer(300_000), make.order())
    pay(session, make.transfer(300_000), make.order(), as_credit=False)
    left = make.order()
    matched(session, make.transfer(), left)
    send(session, left.round)
    undone = make.transfer()
    pay(session, undone, make.order())
    take_back(session, undone)
    set_aside(session, make.transfer(), CLERK)
    session.flush()

    assert list(undecided(session)) == [waits, part_left]
    assert list(revisable(session)) == [automatic, part_left]


def test_what_the_matcher_gave_is_told_as_it_stands(session):
    order = make.order()
    transfer = matched(session, make.transfer(150_000), order)
    session.flush()

    assert [tuple(row) for row in live_automatic(session, [transfer.id])] == [(transfer.id, order.id, 100_000, False)]
    take_back(session, transfer)
    assert list(live_automatic(session, [transfer.id])) == []


def test_a_transfer_may_mean_any_open_order_and_a_closed_one_that_is_not_old(session):
    now = clock.now()
    delivery = make.round(opens_at=now - timedelta(days=90))
    old = partial(make.order, placed_at=now - timedelta(days=60), delivery=delivery)
    wanted = [old(), make.order(state=OrderState.EXPIRED), make.paid_order()]
    old(state=OrderState.EXPIRED)
    old(state=OrderState.CONFIRMED)

    assert list(matchable_orders(session, now - timedelta(days=45))) == wanted


def test_residents_pay_into_the_account_that_receives(session):
    make.bank_account("AGR", receives=False)
    ours = make.bank_account("VCB")

    assert receiving_account(session) is ours


def test_a_city_of_100_000_orders_can_be_asked_about(session):
    order, transfer = make.order(), make.transfer()
    matched(session, transfer, order)
    many = range(100_000)

    assert paid_by_order(session, many) == {order.id: 100_000}
    assert len(live_automatic(session, many)) == 1
