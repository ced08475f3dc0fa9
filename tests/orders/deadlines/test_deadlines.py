"""More time to pay: by the resident once, by the office for an order or a round, never past the round's close."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.models import Change
from kernel.notices.models import Notice
from orders.deadlines.keep import CannotExtend, NotThen, extend, extend_all, take_more
from orders.models import Order, OrderState
from orders.notices.jobs import remind_residents
from orders.notices.reminders import set_reminder
from orders.payments.ledger import Hand
from orders.payments.settle import settle
from tests import make
from tests.desk import pay
from tests.pages import page
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def delivery(session, stopped_clock):
    return make.round(closes_at=clock.now() + timedelta(hours=30))


@pytest.fixture
def order(session, delivery):
    return make.order(delivery=delivery)


def clerk(because="the bank's app is down"):
    return Doer("kinhte1", clock.now(), because)


def hand():
    return Hand("kinhte1", clock.now(), "she says so on the phone")


def hours(many):
    return clock.now() + timedelta(hours=many)


def told(session, order):
    return list(session.scalars(select(Notice.event).where(Notice.subject == order.code).order_by(Notice.id)))


def wall(moment):
    return clock.local(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_resident_takes_two_hours_more(session, order):
    before = order.expires_at

    take_more(session, order, at=clock.now())

    assert (order.expires_at, order.more_time_at) == (before + timedelta(hours=2), clock.now())


def test_once(session, order):
    take_more(session, order, at=clock.now())

    with pytest.raises(CannotExtend):
        take_more(session, order, at=clock.now())


def test_a_button_pressed_twice_at_once_counts_once(app, session, order):
    before, at, number = order.expires_at, clock.now(), order.id
    session.commit()

    def act(_person: int) -> str:
        try:
            take_more(db.session, db.session.get_one(Order, number), at=at)
            db.session.commit()
        except CannotExtend:
            return "refused"
        return "given"

    assert rush(app, 3, act) == {"given": 1, "refused": 2}
    session.expire_all()
    assert order.expires_at == before + timedelta(hours=2)


def test_no_further_than_the_round_takes_payments(session, delivery):
    order = make.order(delivery=delivery, expires_at=delivery.closes_at - timedelta(minutes=30))

    assert take_more(session, order, at=clock.now()) == delivery.closes_at


def test_not_at_all_where_the_round_leaves_no_time(session, client, delivery):
    make.bank_account()
    order = make.order(delivery=delivery, expires_at=delivery.closes_at)

    with pytest.raises(CannotExtend):
        take_more(session, order, at=clock.now())
    assert "more-time" not in client.get(f"/o/{order.token}").text


def test_not_once_the_deadline_has_passed(session, order, stopped_clock):
    stopped_clock.set(order.expires_at)

    with pytest.raises(CannotExtend):
        take_more(session, order, at=clock.now())


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.OPEN}))
def test_not_for_an_order_that_is_paid_or_over(session, delivery, state):
    order = make.order(delivery=delivery, state=state)

    with pytest.raises(CannotExtend):
        take_more(session, order, at=clock.now())
    with pytest.raises(CannotExtend):
        extend(session, order, hours(26), clerk())


def test_not_in_a_round_that_has_left(session, order, delivery):
    delivery.dispatched_at = clock.now()

    with pytest.raises(CannotExtend):
        take_more(session, order, at=clock.now())
    with pytest.raises(CannotExtend):
        extend(session, order, hours(26), clerk())


def test_the_orders_page_has_the_button_until_it_was_pressed(session, client, order):
    make.bank_account()
    address = f"/o/{order.token}"
    assert "I need more time: until" in page(client.get(address)).text()

    answer = make.submit(client, f"{address}/more-time", page=address, follow=True)

    assert "You have until 07/09/2021 11:00 now" in answer.text
    assert "I need more time" not in answer.text


def test_the_office_gives_one_order_more_time_with_a_reason_and_its_resident_is_told(session, order):
    until = hours(28)

    extend(session, order, until, clerk())
    session.commit()

    assert order.expires_at == until
    assert session.scalars(select(Change.because).where(Change.kind == "order")).all() == ["the bank's app is down"]
    assert told(session, order) == ["deadline_moved"]


def test_never_past_the_rounds_last_payment_nor_back(session, order, delivery):
    for moment in (delivery.closes_at + timedelta(minutes=1), order.expires_at, clock.now()):
        with pytest.raises(NotThen):
            extend(session, order, moment, clerk())


def test_who_was_reminded_is_reminded_of_the_new_deadline_too(session, order, stopped_clock):
    set_reminder(order, at=clock.now())
    stopped_clock.set(order.remind_at)
    remind_residents(session)
    session.commit()
    session.expire_all()
    assert (order.remind_at, told(session, order)) == (None, ["deadline_near"])

    take_more(session, order, at=clock.now())
    session.commit()
    stopped_clock.set(order.remind_at)
    remind_residents(session)
    session.commit()

    assert told(session, order) == ["deadline_near", "deadline_near"]


def test_who_has_paid_in_part_is_reminded_of_the_rest(session, order, stopped_clock):
    pay(session, make.transfer(60_000), order)
    set_reminder(order, at=clock.now())
    stopped_clock.set(order.remind_at)

    remind_residents(session)
    session.commit()

    last = session.scalars(select(Notice).where(Notice.subject == order.code).order_by(Notice.id.desc())).first()
    assert (last.event, last.params["owed"]) == ("deadline_near", 40_000)


def test_who_hears_late_that_part_is_missing_has_time_for_the_rest(session, client, delivery, order, stopped_clock):
    """The statement came after the deadline; the order was still open, since expiry waits for it."""
    make.bank_account()
    stopped_clock.set(order.expires_at + timedelta(hours=1))

    settle(session, make.transfer(60_000), {order.id: 60_000}, hand(), rest_as_credit=True)
    session.commit()

    last = session.scalars(select(Notice).where(Notice.subject == order.code).order_by(Notice.id.desc())).first()
    assert order.expires_at == delivery.closes_at == clock.now() + timedelta(hours=5)
    assert (last.event, last.params["owed"], last.params["deadline"]) == (
        *("part_paid", 40_000),
        order.expires_at.isoformat(),
    )
    text = page(client.get(f"/o/{order.token}")).text()
    assert f"Please transfer 40.000 ₫ before {clock.local(order.expires_at):%d/%m/%Y %H:%M}" in text
    assert order.remind_at is not None


def test_who_has_time_enough_keeps_the_deadline_they_were_told(session, order):
    before = order.expires_at

    pay(session, make.transfer(60_000), order)

    assert order.expires_at == before


def test_at_night_the_time_for_the_rest_begins_in_the_morning(session, stopped_clock):
    order = make.order(expires_at=clock.now() + timedelta(hours=15))
    stopped_clock.set(clock.at(clock.today(), 23))

    settle(session, make.transfer(60_000), {order.id: 60_000}, hand(), rest_as_credit=True)
    session.commit()

    assert order.expires_at == clock.at(clock.today() + timedelta(days=1), 13)


def test_a_round_that_has_left_gives_no_time_for_the_rest(session, order, delivery, stopped_clock):
    delivery.dispatched_at, before = clock.now(), order.expires_at
    stopped_clock.set(order.expires_at)

    settle(session, make.transfer(60_000), {order.id: 60_000}, hand(), rest_as_credit=True)
    session.commit()

    assert order.expires_at == before


def test_a_whole_round_gets_more_time_but_who_has_more_keeps_it(session, delivery, order):
    longer = make.order(delivery=delivery, expires_at=hours(29))
    paid, elsewhere = make.paid_order(delivery=delivery), make.order()
    before = {each.id: each.expires_at for each in (longer, paid, elsewhere)}

    moved = extend_all(session, delivery, hours(28), clerk())
    session.commit()
    session.expire_all()

    assert (list(moved), order.expires_at) == ([order], hours(28))
    assert {each.id: each.expires_at for each in (longer, paid, elsewhere)} == before
    assert (told(session, order), told(session, longer)) == (["deadline_moved"], [])


def test_at_the_desk_for_one_order(session, client, order):
    make.signed_in(client)
    address = f"/desk/orders/{order.code}"

    answer = make.submit(
        client, f"{address}/deadline", page=address, until=wall(hours(28)), because="no power", follow=True
    )

    assert "no power" in page(answer).text()
    session.expire_all()
    assert order.expires_at == hours(28)


def test_at_the_desk_the_fault_stands_at_its_field(client, order, delivery):
    make.signed_in(client)
    address = f"/desk/orders/{order.code}"

    late = wall(delivery.closes_at + timedelta(hours=1))
    answer = make.submit(client, f"{address}/deadline", page=address, until=late, because="no power")

    assert answer.status_code == 422
    assert "takes payments until" in page(answer).fault("until")


def test_at_the_desk_for_a_round(session, client, order, delivery):
    make.signed_in(client)
    address = f"/desk/admin/rounds/{delivery.id}"

    answer = make.submit(
        client, f"{address}/deadlines", page=address, until=wall(hours(28)), because="no power", follow=True
    )

    assert "Orders with more time: 1" in answer.text
    session.expire_all()
    assert order.expires_at == hours(28)
