"""Questions about orders, each asked beside rows that must not be in the answer."""

from datetime import timedelta

import pytest

from kernel import clock
from orders.asked import understand
from orders.models import OrderState
from orders.queries import counts_by_state, find_orders, lock_orders, past_deadline, ready_to_leave
from tests import make


def test_past_their_deadline_are_open_orders_only_the_oldest_deadline_first(session, stopped_clock):
    delivery = make.round()
    soon, later, exact = (
        make.order(delivery=delivery, expires_at=clock.now() + timedelta(hours=hours)) for hours in (1, 3, 2)
    )
    for state in set(OrderState) - {OrderState.OPEN}:
        make.order(delivery=delivery, state=state, expires_at=clock.now())

    assert past_deadline(session, clock.now() + timedelta(hours=2)) == [soon, exact]
    assert past_deadline(session, clock.now() + timedelta(hours=9), most=2) == [soon, exact]
    assert later in past_deadline(session, clock.now() + timedelta(hours=3))


def test_ready_to_leave_are_the_paid_orders_of_the_round_that_have_not_left(session):
    delivery = make.round()
    ready = make.paid_order(delivery=delivery)
    gone = make.paid_order(delivery=delivery)
    gone.dispatched_at = clock.now()
    make.paid_order()
    for state in set(OrderState) - {OrderState.CONFIRMED}:
        make.order(delivery=delivery, state=state)

    assert ready_to_leave(session, delivery.id) == [ready]


def test_orders_of_a_round_are_counted_by_state(session):
    delivery, _other = make.round(), make.order()
    for state in (OrderState.OPEN, OrderState.OPEN, OrderState.CANCELLED):
        make.order(delivery=delivery, state=state)

    assert counts_by_state(session, delivery.id) == {OrderState.OPEN: 2, OrderState.CANCELLED: 1}


@pytest.mark.parametrize(
    "asked",
    ["DCKHV6B9D", " dckhv6b9d ", "0327 219 097", "0327219097", "nguyen anh", "Nguyễn Ánh Hoa", "NGUYỄN ánh"],
)
def test_an_order_is_found_by_code_phone_or_the_beginning_of_the_name(session, asked):
    wanted = make.order(code="DCKHV6B9D", name="Nguyễn Ánh Hoa", phone="0327219097")
    make.order(name="Nguyễn Văn Ánh", phone="0327219098")
    make.order(name="Hoa Nguyễn Ánh")

    assert find_orders(session, understand(asked)) == [wanted]


@pytest.mark.parametrize("asked", ["%", "_", "% %", "0", "'"])
def test_signs_with_a_meaning_in_sql_find_nothing(session, asked):
    make.order(name="Nguyễn Ánh Hoa")

    assert find_orders(session, understand(asked)) == []


def test_asked_for_nothing_the_newest_come_first(session):
    orders = [make.order() for _order in range(3)]

    assert find_orders(session, understand("  ")) == orders[::-1]
    assert find_orders(session, understand(""), most=2) == orders[:0:-1]


def test_locked_orders_are_as_they_stand_now(session):
    order, _noise = make.order(), make.order()
    session.commit()
    order.note = "not flushed"

    assert lock_orders(session, [order.id]) == {order.id: order}
