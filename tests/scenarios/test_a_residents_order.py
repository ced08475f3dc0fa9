"""A resident's whole story: from the shelf to the door, on the pages alone."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.jobs import sweep
from orders.models import Order, OrderState
from orders.payments import ledger
from orders.payments.settle import settle
from orders.queries import order_by_token
from people.models import Role
from shop.models import Capacity
from suppliers.dispatch import dispatch
from suppliers.queries import parcels_of_order
from tests import make
from tests.orders.shopping import check_out, pick, stocked
from tests.pages import Page


@pytest.fixture
def placed(session, client, stopped_clock) -> str:
    """The private link of an order that a resident has just placed."""
    combo, _delivery = stocked(price=150_000)
    pick(client, combo, quantity=2)
    return str(check_out(client).location)


def order_at(session, link: str) -> Order:
    session.rollback()
    order = order_by_token(session, link.removeprefix("/o/"))
    assert order is not None
    return order


def words_at(client, link: str) -> str:
    return Page(client.get(link)).text()


def pay(session, order: Order) -> None:
    transfer = make.transfer(order.total, f"{order.code} {order.phone}")
    hand = ledger.Hand("clerk", clock.now(), "paid")
    settle(session, transfer, {order.id: order.total}, hand, rest_as_credit=False)
    session.commit()


def test_ordered_paid_dispatched_delivered_and_told_so_at_each_step(session, client, placed, stopped_clock):
    assert "Waiting for payment" in words_at(client, placed)
    assert "300000" in words_at(client, placed)

    stopped_clock.forward(hours=2)
    order = order_at(session, placed)
    pay(session, order)
    assert "Paid 06/09/2021 11:00" in words_at(client, placed)
    assert "Pay by bank transfer" not in words_at(client, placed)

    stopped_clock.set(order.round.dispatch_at)
    dispatch(session, order.round, at=clock.now(), by="clerk", patience=timedelta(hours=48), override="paid")
    assert "Done: On its way 09/09/2021 11:00" in words_at(client, placed)

    courier = make.staff(Role.SUPPLIER, of=order.lines[0].supplier)
    make.signed_in(client, courier)
    (parcel,) = parcels_of_order(session, order.id)
    stopped_clock.forward(hours=8)
    marked: dict[str, Any] = {"became": "delivered", "version": parcel.version, "because": ""}
    page = f"/suppliers/manifests/{_manifest_number(parcel)}"
    assert make.submit(client, f"/suppliers/parcels/{parcel.id}", page=page, **marked).status_code == 303

    make.submit(client, "/sign-out", page=page)
    tracked = make.submit(client, "/track", code=order.code, last4=order.phone[-4:])
    assert "Delivered" in Page(tracked).text()
    assert "Delivered 09/09/2021 19:00" in words_at(client, placed)
    assert "Enjoy your meal" in words_at(client, placed)


def _manifest_number(parcel) -> str:
    return f"{parcel.batch.round_id:04d}-{parcel.supplier.code}-{parcel.batch.number}"


def test_not_paid_in_time_the_order_expires_and_the_place_is_anothers(session, client, placed, stopped_clock):
    """The sweep waits for the bank's feed, at most two days; then the order ends and its place is free."""
    place = session.get_one(Capacity, order_at(session, placed).holds[0].capacity_id)

    stopped_clock.forward(hours=24)
    sweep()
    assert "Waiting for payment" in words_at(client, placed)  # a statement may still come that says it was paid

    stopped_clock.forward(hours=48)
    sweep()

    assert "time to pay ran out" in words_at(client, placed)
    order = order_at(session, placed)
    session.refresh(place)
    assert (order.state, place.held) == (OrderState.EXPIRED, 0)
    assert [hold.released_at for hold in order.holds] == [clock.now()]


def test_money_that_a_late_statement_brings_saves_an_order_in_time(session, client, placed, stopped_clock):
    stopped_clock.forward(hours=30)
    sweep()
    order = order_at(session, placed)
    assert order.state is OrderState.OPEN

    pay(session, order)
    stopped_clock.forward(hours=48)
    sweep()

    assert order_at(session, placed).state is OrderState.CONFIRMED


def test_given_up_before_payment_nothing_is_to_be_paid_and_one_may_order_again(session, client, placed):
    make.submit(client, f"{placed}/cancel", page=placed)

    assert "cancelled" in words_at(client, placed)
    combo = order_at(session, placed).lines[0].combo
    assert combo is not None
    pick(client, combo)
    assert check_out(client).location != placed
