"""Money for an order that is over or paid already: the desk's ways, each as it was shown, each to be undone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from orders import lifecycle
from orders.models import OrderState
from orders.payments.credit.owners import owner_of
from orders.payments.forms import seen
from orders.payments.late.choices import Way, choices_of
from orders.payments.models import Place
from orders.payments.queries import owed_by
from orders.payments.refunds.models import Refund
from shop.models import Capacity
from tests import books, make
from tests.desk import pay, take_back
from tests.pages import page

pytestmark = pytest.mark.usefixtures("right_books")

BECAUSE = "she called"


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def delivery(session, stopped_clock):
    return make.round(closes_at=clock.now() + timedelta(hours=10))


@pytest.fixture
def combo(delivery):
    """Sold with room for two in this round."""
    made = make.combo(price=100_000)
    make.capacity(delivery, made.supplier, places=2)
    return made


@pytest.fixture
def order(session, delivery, combo, stopped_clock):
    """One that ran out at three o'clock, looked at two hours later."""
    made = make.order(combo, delivery=delivery, expires_at=clock.now() + timedelta(hours=6))
    stopped_clock.forward(hours=8)
    lifecycle.expire(session, made, at=clock.now())
    session.commit()
    return made


def next_round(combo, places=1):
    later = make.round(closes_at=clock.now() + timedelta(days=2))
    make.capacity(later, combo.supplier, places=places)
    return later


def hours_ago(many):
    return clock.now() - timedelta(hours=many)


def ways(session, transfer, order):
    (found,) = choices_of(session, transfer, [order], at=clock.now())
    return found.ways


def choose(clerk, transfer, order, way, **changed):
    """Press the button as the page shows it."""
    address = f"/desk/transfers/{transfer.id}"
    shown = page(clerk.get(f"{address}?about={order.code}"))
    fields = {
        "seen": seen(transfer),
        "code": order.code,
        "shown": next(
            (e.get("value") for e in shown.all("input", name="shown") if order.code in e.get("value", "")), ""
        ),
        "because": BECAUSE,
        "way": way,
    }
    return make.submit(clerk, f"{address}/choose", page=address, **(fields | changed))


def test_paid_in_time_but_told_late_it_is_first_offered_to_revive_it(session, order, combo):
    next_round(combo)

    assert ways(session, make.transfer(at=hours_ago(3)), order) == [Way.REVIVE, Way.NEXT_ROUND, Way.CREDIT, Way.REFUND]


def test_late_only_if_the_whole_interval_is(session, order):
    deadline = order.expires_at
    at_the_deadline, after = make.transfer(at=deadline), make.transfer(at=deadline + timedelta(seconds=1))

    assert Way.REVIVE in ways(session, at_the_deadline, order)
    assert Way.REVIVE not in ways(session, after, order)


def test_one_click_revives_and_settles_it_and_its_place_is_taken(clerk, session, order):
    transfer = make.transfer(100_000, at=hours_ago(3))

    answer = choose(clerk, transfer, order, "revive")

    session.expire_all()
    assert (answer.status_code, order.state, owed_by(session, order)) == (303, OrderState.CONFIRMED, 0)
    assert session.scalars(select(Capacity.held)).one() == 1
    assert order.history[-1].because == BECAUSE


def test_in_a_round_that_has_closed_and_not_left_too(clerk, session, order, delivery, stopped_clock):
    transfer = make.transfer(150_000, at=hours_ago(3))
    stopped_clock.set(delivery.closes_at + timedelta(hours=1))

    choose(clerk, transfer, order, "revive")

    session.expire_all()
    assert order.state is OrderState.CONFIRMED
    assert books.balances(session)[transfer.identity] == {order.code: 100_000, "credit": 50_000}


def test_but_only_for_the_whole_sum_since_no_rest_can_follow(session, order, delivery, stopped_clock):
    part = make.transfer(99_999, at=hours_ago(3))
    assert Way.REVIVE in ways(session, part, order)

    stopped_clock.set(delivery.closes_at)

    assert Way.REVIVE not in ways(session, part, order)


def test_a_part_revives_it_with_time_for_the_rest(clerk, session, order, delivery):
    transfer = make.transfer(60_000, at=hours_ago(3))

    choose(clerk, transfer, order, "revive")

    session.expire_all()
    assert (order.state, owed_by(session, order), order.expires_at) == (OrderState.OPEN, 40_000, delivery.closes_at)
    assert order.remind_at is not None


@pytest.mark.parametrize("why", ["full", "left"])
def test_not_where_the_round_has_no_room_or_has_left(session, order, delivery, combo, why):
    transfer = make.transfer(at=hours_ago(3))
    if why == "left":
        delivery.dispatched_at = clock.now()
    else:
        make.order(combo, delivery=delivery), make.order(combo, delivery=delivery)

    assert ways(session, transfer, order) == [Way.CREDIT, Way.REFUND]


def test_too_late_it_goes_into_the_next_round_with_room(clerk, session, order, combo, delivery):
    delivery.dispatched_at = clock.now()
    full, later = next_round(combo, places=0), next_round(combo)
    transfer = make.transfer(100_000)

    asked = clerk.get(f"/desk/transfers/{transfer.id}?about={order.code}").text
    assert f"delivered on {later.delivery_on:%d/%m/%Y}" in asked
    choose(clerk, transfer, order, "next-round")

    session.expire_all()
    assert (order.round, order.state) == (later, OrderState.CONFIRMED)
    held = dict(session.execute(select(Capacity.round_id, Capacity.held)).all())
    assert held == {delivery.id: 0, full.id: 0, later.id: 1}


def test_a_cancelled_order_too_since_a_clerk_has_asked(clerk, session, combo, delivery):
    order = make.order(combo, delivery=delivery)
    lifecycle.cancel(session, order, by="resident", at=clock.now(), because="given up")
    transfer = make.transfer(100_000)

    assert ways(session, transfer, order) == [Way.NEXT_ROUND, Way.CREDIT, Way.REFUND]
    choose(clerk, transfer, order, "next-round")

    session.expire_all()
    assert order.state is OrderState.CONFIRMED


def test_undone_the_money_is_not_placed_and_the_order_waits(clerk, session, order):
    transfer = make.transfer(100_000, at=hours_ago(3))
    choose(clerk, transfer, order, "revive")

    take_back(session, transfer)

    assert (order.state, transfer.unplaced) == (OrderState.OPEN, 100_000)


def test_an_order_paid_already_gets_no_other_round(clerk, session, combo, delivery):
    order, again = make.order(combo, delivery=delivery), make.transfer(100_000)
    pay(session, make.transfer(100_000), order)
    next_round(combo)

    assert ways(session, again, order) == [Way.CREDIT, Way.REFUND]
    assert choose(clerk, again, order, "next-round").status_code == 409


def test_an_open_order_is_settled_and_asked_nothing(session, combo, delivery):
    assert choices_of(session, make.transfer(), [make.order(combo, delivery=delivery)], at=clock.now()) == []


def test_a_forgotten_order_has_nowhere_to_go(session, order, combo):
    next_round(combo)
    order.forgotten_at = clock.now()

    assert ways(session, make.transfer(at=hours_ago(3)), order) == [Way.CREDIT, Way.REFUND]


def test_kept_as_credit_it_stands_on_the_orders_page(clerk, session, order):
    transfer = make.transfer(100_000)

    choose(clerk, transfer, order, "credit")

    session.expire_all()
    assert (transfer.credit, owner_of(session, transfer)) == (100_000, order)
    assert "100.000 ₫ is kept for you" in page(clerk.get(f"/o/{order.token}")).text()


def test_or_a_refund_is_proposed(clerk, session, order):
    transfer = make.transfer(100_000)

    choose(clerk, transfer, order, "refund")

    session.expire_all()
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.order_id, refund.taken_from, refund.because) == (
        *(100_000, order.id, Place.UNPLACED),
        BECAUSE,
    )


@pytest.mark.parametrize("way", list(Way))
def test_each_needs_a_reason(clerk, session, order, way):
    transfer = make.transfer(100_000, at=hours_ago(3))

    answer = choose(clerk, transfer, order, way, because="")

    session.expire_all()
    assert (answer.status_code, transfer.unplaced) == (422, 100_000)


def test_what_is_no_way_is_refused(clerk, session, order):
    assert choose(clerk, make.transfer(at=hours_ago(3)), order, "burn it").status_code == 422


def test_what_is_not_as_it_was_shown_is_not_done(clerk, session, order, combo, delivery):
    """The last place was taken between the page and the click."""
    transfer = make.transfer(100_000, at=hours_ago(3))
    shown = choices_of(session, transfer, [order], at=clock.now())[0].shown
    make.order(combo, delivery=delivery), make.order(combo, delivery=delivery)

    answer = choose(clerk, transfer, order, "revive", shown=shown)

    session.expire_all()
    assert (answer.status_code, order.state, transfer.unplaced) == (409, OrderState.EXPIRED, 100_000)


def test_nor_is_another_round_taken_than_the_one_that_was_named(clerk, session, order, combo):
    """There is still a next round, but it is another one."""
    named, transfer = next_round(combo), make.transfer(100_000)
    shown = choices_of(session, transfer, [order], at=clock.now())[0].shown
    make.order(combo, delivery=order.round), make.order(combo, delivery=order.round)
    make.order(combo, delivery=named)
    next_round(combo)

    answer = choose(clerk, transfer, order, "next-round", shown=shown)

    session.expire_all()
    assert (answer.status_code, order.state, transfer.unplaced) == (409, OrderState.EXPIRED, 100_000)


def test_nor_after_somebody_else_has_done_something_with_the_transfer(clerk, session, order):
    transfer = make.transfer(100_000, at=hours_ago(3))
    before = seen(transfer)
    choose(clerk, transfer, order, "credit")

    answer = choose(clerk, transfer, order, "refund", seen=before)

    assert (answer.status_code, books.count(session, "refunds")) == (409, 0)


def test_the_desk_uses_credit_for_an_open_order_and_takes_it_again(clerk, session, combo, delivery):
    paid, wanted, transfer = make.order(combo, delivery=delivery), make.order(total=30_000), make.transfer(150_000)
    pay(session, transfer, paid)
    address = f"/desk/transfers/{transfer.id}"

    make.submit(clerk, f"{address}/credit/use", page=address, code=wanted.code, because=BECAUSE, seen=seen(transfer))
    session.expire_all()
    assert (wanted.state, transfer.credit) == (OrderState.CONFIRMED, 20_000)

    make.submit(clerk, f"{address}/credit/back", page=address, because="her sister's", seen=seen(transfer))
    session.expire_all()
    assert (wanted.state, paid.state, transfer.credit) == (OrderState.OPEN, OrderState.CONFIRMED, 50_000)
