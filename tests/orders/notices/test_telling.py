"""Which step of an order tells its resident what, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.jobs import sweep
from kernel.notices.config import Notices, SmsGateway
from kernel.notices.models import Notice
from orders.checkout import place_order
from orders.groups.queries import orders_of
from orders.lifecycle import revive
from orders.models import OrderState
from orders.notices import telling
from orders.notices.jobs import remind_residents
from orders.notices.judging import overtaken
from orders.notices.reminders import remind_at
from orders.payments.jobs import expire_orders
from suppliers.models import ParcelState
from suppliers.notices.events import SupplierEvent
from suppliers.parcels import mark
from suppliers.queries import parcels_of_order
from tests import make
from tests.desk import pay, send, take_back
from tests.gateways import Reply, gateway
from tests.listening import listening

WINDOW = timedelta(hours=24)


def told(session, order=None, *columns):
    columns = columns or ("event", "state")
    to_residents = Notice.event.not_in(list(SupplierEvent))
    found = select(Notice).where(to_residents).order_by(Notice.id).execution_options(populate_existing=True)
    rows = session.scalars(found if order is None else found.where(Notice.subject == order.code))
    return [tuple(str(getattr(row, name)) for name in columns) for row in rows]


@pytest.fixture
def order(session, stopped_clock):
    """One that its resident has just placed."""
    return place(session)


def place(session, *, phone="0912345678", language="vi", price=100_000):
    combo, delivery = make.combo(price=price), make.round()
    make.capacity(delivery, combo.supplier)
    who = replace(make.recipient(phone=phone), language=language)
    made = place_order(session, make.basket(combo), who, delivery=delivery, at=clock.now(), window=WINDOW)
    session.commit()
    return made


def test_placed(session, order):
    assert told(session, order, "event", "address", "language") == [("placed", "0912345678", "vi")]


def test_in_the_language_of_the_checkout(session, stopped_clock):
    assert told(session, place(session, language="en"), "language") == [("en",)]


def test_an_order_that_was_not_made_is_not_told(session, stopped_clock):
    combo, delivery = make.combo(), make.round()
    make.capacity(delivery, combo.supplier)
    session.commit()
    place_order(session, make.basket(combo), make.recipient(), delivery=delivery, at=clock.now(), window=WINDOW)
    session.rollback()

    assert told(session) == []


def test_who_ordered_elsewhere_is_not_told_placed(session, stopped_clock):
    moved_in = make.order(elsewhere=True)

    telling.placed(session, moved_in, at=clock.now())

    assert told(session) == []


def test_part_paid_then_paid_each_overtakes_what_still_waits(session, order):
    pay(session, make.transfer(40_000), order, amount=40_000)
    pay(session, make.transfer(60_000), order, amount=60_000)

    assert told(session, order) == [("placed", "skipped"), ("part_paid", "skipped"), ("paid", "waiting")]
    part = session.scalars(select(Notice).where(Notice.event == "part_paid")).one()
    assert (part.params["paid"], part.params["owed"]) == (40_000, 60_000)


def test_many_matches_at_once_tell_each_its_own(session, stopped_clock):
    orders = [place(session, phone=f"09123456{number}") for number in (10, 11, 12)]
    for each in orders:
        pay(session, make.transfer(100_000), each)

    assert told(session, None, "event", "subject", "address")[3:] == [
        ("paid", each.code, each.phone) for each in orders
    ]


def test_a_match_undone_before_it_was_told_is_not_told_and_paid_again_is(session, order):
    transfer = make.transfer(100_000)
    pay(session, transfer, order)
    take_back(session, transfer)
    assert told(session, order)[1:] == [("paid", "skipped")]
    pay(session, transfer, order)

    assert told(session, order)[1:] == [("paid", "skipped"), ("paid", "waiting")]


def test_paid_told_undone_and_paid_again_is_told_once(session, order):
    transfer = make.transfer(100_000)
    pay(session, transfer, order)
    sent(session)
    take_back(session, transfer)
    pay(session, transfer, order)

    assert told(session, order)[1:] == [("paid", "sent")]


def test_paid_again_after_other_news_is_told_again(session, order, stopped_clock):
    transfer = make.transfer(100_000)
    pay(session, transfer, order)
    sent(session)
    take_back(session, transfer)
    stopped_clock.set(order.expires_at - timedelta(minutes=90))
    order.remind_at = clock.now()
    session.flush()
    remind_residents(session)
    pay(session, transfer, order)

    assert told(session, order)[1:] == [("paid", "sent"), ("deadline_near", "skipped"), ("paid", "waiting")]


def sent(session):
    """Whatever waits has been told."""
    for row in session.scalars(select(Notice).where(Notice.state == "waiting")):
        row.state = type(row.state)("sent")
    session.commit()


def test_on_its_way_once_however_many_suppliers(session, stopped_clock):
    order = make.paid_order(make.combo(), make.combo())
    send(session, order.round)

    assert told(session, order, "event", "topic") == [("on_its_way", "way")]


def test_a_big_round_leaves_without_a_query_an_order(session, stopped_clock):
    combo, delivery = make.combo(), make.round()
    orders = [make.paid_order(combo, delivery=delivery) for _number in range(40)]
    session.commit()
    with listening() as heard:
        telling.on_its_way(session, orders, at=clock.now())

    assert len(told(session)) == 40
    assert len(heard) - 1 <= 7


@pytest.fixture
def parcel(session, stopped_clock):
    order = make.paid_order()
    send(session, order.round)
    (found,) = parcels_of_order(session, order.id)
    return found


def at_the_door(session, parcel, became, because=""):
    mark(session, parcel, ParcelState(became), by="rau", at=clock.now(), because=because)
    session.commit()


def test_failed_with_its_reason_then_delivered(session, parcel):
    at_the_door(session, parcel, "failed", "không có ai ở nhà")
    at_the_door(session, parcel, "delivered")

    assert told(session) == [("on_its_way", "skipped"), ("failed", "skipped"), ("delivered", "waiting")]
    assert session.scalars(select(Notice).where(Notice.event == "failed")).one().params["reason"] == "không có ai ở nhà"


def test_a_wrong_mark_that_was_not_told_yet_is_not_told(session, parcel):
    at_the_door(session, parcel, "delivered")
    at_the_door(session, parcel, "dispatched")
    at_the_door(session, parcel, "delivered")

    assert told(session)[1:] == [("delivered", "skipped"), ("delivered", "waiting")]


def test_delivered_is_not_told_twice(session, parcel):
    at_the_door(session, parcel, "delivered")
    sent(session)
    at_the_door(session, parcel, "dispatched")
    at_the_door(session, parcel, "delivered")

    assert told(session)[1:] == [("delivered", "sent")]


def test_each_refund_is_told_once(session, order):
    for refund, amount in ((1, 40_000), (1, 40_000), (2, 10_000)):
        telling.refunded(session, {refund: (order.id, amount)}, at=clock.now())

    assert told(session, order, "event", "topic")[1:] == [("refunded", "refund:1"), ("refunded", "refund:2")]


class TestDeadlineNear:
    def test_once_at_its_time_and_only_while_open(self, session, order, stopped_clock):
        other = place(session, phone="0987654321")
        pay(session, make.transfer(100_000), other)
        stopped_clock.set(order.remind_at - timedelta(seconds=1))
        remind_residents(session)
        assert ("deadline_near", "waiting") not in told(session)
        stopped_clock.forward(seconds=1)
        remind_residents(session)
        remind_residents(session)

        assert told(session, order) == [("placed", "skipped"), ("deadline_near", "waiting")]
        assert told(session, other)[-1] == ("paid", "waiting")

    def test_it_names_what_is_still_owed(self, session, order, stopped_clock):
        pay(session, make.transfer(40_000), order, amount=40_000)
        stopped_clock.set(order.remind_at)
        remind_residents(session)

        row = session.scalars(select(Notice).where(Notice.event == "deadline_near")).one()
        assert row.params["owed"] == 60_000

    def test_an_order_that_is_revived_is_reminded_of_its_new_deadline(self, session, order, stopped_clock):
        stopped_clock.set(order.remind_at)
        remind_residents(session)
        stopped_clock.set(order.expires_at + timedelta(hours=49))
        expire_orders(session)
        session.refresh(order)
        assert (order.state, told(session, order)[-1]) == (OrderState.EXPIRED, ("deadline_near", "skipped"))
        new = clock.now() + WINDOW
        revive(session, order, expires_at=new, by="clerk", at=clock.now(), because="called")
        session.commit()
        stopped_clock.set(order.remind_at)
        remind_residents(session)

        assert told(session, order)[-1] == ("deadline_near", "waiting")

    @pytest.mark.parametrize(
        ("begins", "hours", "due"),
        [
            (9, 24, (7, 7, 0)),  # 06:00 lies in the night: the morning is early enough
            (18, 24, (7, 15, 0)),  # three hours before
            (9, 4, (6, 11, 0)),  # in the second half of a short time
            (5, 24, (6, 20, 0)),  # 02:00 lies in the night, and the morning is too late: the evening before
            (20, 3, None),  # no moment is left
        ],
    )
    def test_when(self, begins, hours, due):
        start = clock.at(date(2021, 9, 6), begins)

        found = remind_at(start, start + timedelta(hours=hours), Notices())

        assert found == (due and clock.at(date(2021, 9, due[0]), due[1], due[2]))


class TestWhatIsOvertaken:
    def first(self, session, event):
        return session.scalars(select(Notice).where(Notice.event == event)).first()

    def test_placed_holds_while_nothing_has_changed(self, session, order):
        assert overtaken(session, self.first(session, "placed")) == ""

    def test_placed_after_its_deadline(self, session, order, stopped_clock):
        stopped_clock.set(order.expires_at)

        assert overtaken(session, self.first(session, "placed")) == "deadline-passed"

    def test_placed_of_an_order_that_is_paid(self, session, order):
        pay(session, make.transfer(100_000), order)

        assert overtaken(session, self.first(session, "placed")) == "order-confirmed"

    def test_paid_of_an_order_that_is_open_again(self, session, order):
        transfer = make.transfer(100_000)
        pay(session, transfer, order)
        take_back(session, transfer)

        assert overtaken(session, self.first(session, "paid")) == "taken-back"

    def test_a_sum_that_has_changed(self, session, order):
        pay(session, make.transfer(40_000), order, amount=40_000)
        pay(session, make.transfer(20_000), order, amount=20_000)

        assert overtaken(session, self.first(session, "part_paid")) == "other-sum"


def test_from_the_checkout_to_the_phone(app, session, stopped_clock):
    with gateway() as there:
        there.usual = Reply(body={})
        rules = Notices(sms=SmsGateway(url=there.url), public_url="https://cho.example")
        app.extensions["settings"] = replace(app.extensions["settings"], notices=rules)
        order = place(session, language="en")
        sweep()

    (heard,) = there.heard
    assert heard.json["to"] == "84912345678"
    assert heard.json["text"].startswith(f"Di Cho Thay: order {order.code} is placed. Please transfer 100.000 d")
    assert heard.json["text"].endswith(f"https://cho.example/o/{order.token}")


def test_neighbours_of_a_group_are_told_that_it_is_paid_and_never_to_pay(session, stopped_clock):
    group = make.group()  # the third has no phone but the leader's
    orders = orders_of(session, group.code)
    assert told(session) == []

    pay(session, make.transfer(100_000, "part"), orders[0], amount=100_000)
    assert told(session) == []
    pay(session, make.transfer(30_000, "rest"), orders[0], amount=30_000)
    pay(session, make.transfer(90_000, "whole"), orders[2])

    assert [told(session, order, "event") for order in orders] == [[("paid",)], [], []]


def test_a_groups_order_that_is_revived_reminds_nobody(session, stopped_clock):
    group = make.group()
    order = orders_of(session, group.code)[0]
    make._lead_to(order, OrderState.EXPIRED)

    revive(session, order, expires_at=clock.now() + WINDOW, by="kinhte1", at=clock.now(), because="the bank was late")

    assert order.remind_at is None
