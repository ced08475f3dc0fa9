"""A resident says "I have paid": written down once a minute, answered by what the statements reach."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from orders import lifecycle
from orders.models import OrderState
from orders.payments.claims.jobs import answer_claims
from orders.payments.claims.models import PaymentClaim
from orders.payments.claims.queries import count_said_to_be_paid, orders_said_to_be_paid
from orders.payments.jobs import expire_orders
from tests import make
from tests.pages import Page


def say(client, order, **fields):
    return make.submit(client, f"/o/{order.token}/paid", page=f"/o/{order.token}", follow=True, **fields)


def claim(session, order, **about):
    made = PaymentClaim(order_id=order.id, **{"at": clock.now(), **about})
    session.add(made)
    session.flush()
    return made


def claims(session):
    return session.scalars(select(PaymentClaim).order_by(PaymentClaim.id)).all()


def test_it_is_written_down_and_the_page_says_when_there_is_an_answer(session, client, stopped_clock):
    make.bank_account().covered_until = clock.now() - timedelta(hours=1)
    order, _noise = make.order(), make.order()

    page = Page(say(client, order, bank="MoMo", paid_at="2021-09-06T08:50", amount="100k")).text("paid")

    (kept,) = claims(session)
    assert (kept.order_id, kept.bank, kept.amount) == (order.id, "MoMo", 100_000)
    assert kept.transferred_at == clock.at(clock.today(), 8, 50)
    assert "reaches until 06/09/2021 08:00" in page
    assert "at the latest by 09/09/2021 09:00" in page  # its deadline, and 48 hours for a late statement


def test_before_the_first_statement_that_is_said(client):
    make.bank_account()
    assert "No bank statement has come in yet" in Page(client.get(f"/o/{make.order().token}")).text("paid")


def test_what_the_statement_should_have_held_is_told_with_whom_to_call(client, stopped_clock):
    make.bank_account().covered_until = clock.now()
    order = make.order()

    page = Page(say(client, order)).text("paid")

    assert "It was not in the statement" in page
    assert "1022" in page
    assert order.code in page


def test_pressed_twice_in_a_minute_it_is_said_once(session, client, stopped_clock):
    make.bank_account()
    order, other = make.order(), make.order()
    for each in (order, order, other):
        say(client, each)
    assert [each.order_id for each in claims(session)] == [order.id, other.id]

    stopped_clock.forward(minutes=1)
    say(client, order)
    assert len(claims(session)) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "abc"), ("amount", "0"), ("amount", "1.5"), ("paid_at", "2021-09-07T10:00"), ("paid_at", "never")],
)
def test_what_cannot_be_is_asked_again_and_nothing_is_written(session, client, stopped_clock, field, value):
    make.bank_account()
    answer = say(client, make.order(), **{field: value})

    assert (answer.status_code, list(Page(answer).faults())) == (422, [field])
    assert claims(session) == []


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.OPEN}))
def test_of_an_order_that_is_paid_or_over_nothing_is_written(session, client, state):
    order = make.order(state=state)
    make.submit(client, f"/o/{order.token}/paid", page="/track")
    assert claims(session) == []


def test_a_claim_keeps_no_order_from_expiring(session, stopped_clock):
    make.bank_account().covered_until = clock.now() + timedelta(days=9)
    order = make.order(expires_at=clock.now())
    claim(session, order)
    expire_orders(session)
    assert order.state is OrderState.EXPIRED


def test_the_desk_sees_who_waits_for_an_answer_oldest_first(session, client, stopped_clock):
    late, early, paid, _silent = make.order(), make.order(), make.paid_order(), make.order()
    for order, hours in ((late, 1), (early, 2), (early, 0), (paid, 3)):
        claim(session, order, at=clock.now() - timedelta(hours=hours))

    found = orders_said_to_be_paid(session, most=9)

    assert [order.id for order, _at in found] == [early.id, late.id]
    assert count_said_to_be_paid(session) == 2
    make.signed_in(client)
    text = client.get("/desk/orders?claimed=1").text
    assert text.index(early.code) < text.index(late.code)
    assert paid.code not in text
    assert "says that it is paid" in client.get(f"/desk/orders/{early.code}").text


def test_claims_are_answered_when_the_order_is_paid_given_up_or_long_over(session, stopped_clock):
    paid, given_up, waits, old = make.paid_order(), make.order(), make.order(), make.order()
    lifecycle.cancel(session, given_up, by="clerk", at=clock.now(), because="given up")
    made = [claim(session, each) for each in (paid, given_up, waits)]
    made.append(claim(session, old, at=clock.now() - timedelta(days=15)))

    answer_claims(session)
    session.expire_all()

    assert [each.answered_at is not None for each in made] == [True, True, False, True]
