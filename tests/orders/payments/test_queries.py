"""Questions about money, each asked beside rows that must not answer."""

from datetime import timedelta

import pytest

from kernel import clock
from orders.payments.feeds.queries import receiving_account
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from orders.payments.queries import (
    aside,
    inbox,
    inbox_counts,
    neighbour,
    owed_by,
    paid_by_order,
)
from orders.payments.settle import set_aside, settle
from tests import make
from tests.desk import CLERK, pay, take_back
from tests.listening import listening

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


@pytest.mark.parametrize("ask", [inbox, inbox_counts, lambda session: neighbour(session, session.get_one(Transfer, 1))])
@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)  # PostgreSQL reads a small table whole, and is right
def test_the_inbox_is_read_by_its_index(session, ask):
    make.transfer()
    session.commit()
    with listening() as asked:
        ask(session)
    told = asked[-1]

    plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told.statement}", told.values)]

    assert any("ix_transfers_unplaced" in step for step in plan), plan


def test_what_was_set_aside_is_listed_apart(session):
    make.transfer()
    odd = [make.transfer(), make.transfer()]
    for transfer in odd:
        set_aside(session, transfer, CLERK)
    session.flush()

    assert list(aside(session)) == odd[::-1]


def test_residents_pay_into_the_account_that_receives(session):
    make.bank_account("AGR", receives=False)
    ours = make.bank_account("VCB")

    assert receiving_account(session) is ours


def test_a_city_of_100_000_orders_can_be_asked_about(session):
    order, transfer = make.order(), make.transfer()
    matched(session, transfer, order)
    many = range(100_000)

    assert paid_by_order(session, many) == {order.id: 100_000}
