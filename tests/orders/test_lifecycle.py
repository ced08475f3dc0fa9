"""An order's steps: every pair of states is tried, and each step leaves a line of history."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kernel import clock
from kernel.database import db
from orders.lifecycle import LAWFUL, AlreadyLeft, UnlawfulStep, advance, leave
from orders.models import Order, OrderState
from tests import make

EVERY_PAIR = set(product(OrderState, OrderState))


def test_the_lawful_steps_are_these():
    assert {f"{was} → {to}" for was, to in LAWFUL} == {
        "open → confirmed",
        "open → expired",
        "open → cancelled",
        "expired → open",
        "confirmed → open",
        "confirmed → cancelled",
        "cancelled → open",
    }


@pytest.mark.parametrize(("was", "to"), sorted(LAWFUL.keys()))
def test_a_lawful_step_is_taken_and_written_down(session, stopped_clock, was, to):
    order = make.order(state=was)
    before = len(order.history)

    advance(order, to, by="clerk-7", at=clock.now(), because="test")

    event = order.history[-1]
    assert order.state is to
    assert len(order.history) == before + 1
    assert (event.was, event.became, event.by, event.at, event.because) == (was, to, "clerk-7", clock.now(), "test")


@pytest.mark.parametrize(("was", "to"), sorted(EVERY_PAIR - LAWFUL.keys()))
def test_any_other_step_is_refused_and_leaves_no_trace(session, was, to):
    order = make.order(state=was)
    before = list(order.history)

    with pytest.raises(UnlawfulStep, match=order.code):
        advance(order, to, by="clerk-7", at=clock.now(), because="test")

    assert (order.state, order.history) == (was, before)


@pytest.mark.parametrize("to", [OrderState.OPEN, OrderState.CANCELLED])
def test_an_order_that_has_left_is_not_taken_back(session, to):
    order = make.paid_order()
    leave(order, at=clock.now())

    with pytest.raises(AlreadyLeft, match=order.code):
        advance(order, to, by="clerk-7", at=clock.now(), because="test")


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.CONFIRMED}))
def test_only_a_confirmed_order_leaves(session, state):
    order = make.order(state=state)

    with pytest.raises(UnlawfulStep):
        leave(order, at=clock.now())

    assert order.dispatched_at is None


def test_an_order_leaves_once_and_keeps_the_first_time(session, stopped_clock):
    order = make.paid_order()
    first = clock.now()

    leave(order, at=first)
    leave(order, at=first + timedelta(hours=1))

    assert order.dispatched_at == first


def test_the_database_itself_confirms_no_order_that_is_not_paid(session):
    order = make.order()
    session.commit()

    advance(order, OrderState.CONFIRMED, by="clerk-7", at=clock.now(), because="she said so")

    with pytest.raises(DBAPIError, match="unpaid"):
        session.flush()


def test_the_second_of_two_clerks_on_one_order_is_told(app, session):
    order = make.order(state=OrderState.EXPIRED)
    session.commit()
    with Session(db.engine) as colleague, colleague.begin():
        theirs = colleague.get_one(Order, order.id)
        advance(theirs, OrderState.OPEN, by="clerk-1", at=clock.now(), because="paid in time")

    order.note = "call first"

    with pytest.raises(StaleDataError):
        session.flush()


def test_history_is_never_rewritten(session):
    order = make.order(state=OrderState.EXPIRED)
    session.commit()
    order.history[0].because = "something else"

    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()
