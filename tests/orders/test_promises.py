"""What is promised is said before it is paid, kept on the order, and told where the office has to change it."""

from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from kernel.notices.models import Notice
from orders import lifecycle
from orders.desk.rounds import plan
from orders.models import OrderState
from orders.notices.judging import overtaken
from shop.models import Slot
from shop.rounds import promise_words, round_name
from tests import make
from tests.orders.shopping import check_out, pick, stocked
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("stopped_clock")
THURSDAY = date(2021, 9, 2)


@pytest.mark.parametrize(
    ("language", "slot", "words"),
    [
        ("vi", Slot.MORNING, "giao Thứ Năm 2/9, buổi sáng"),
        ("vi", Slot.AFTERNOON, "giao Thứ Năm 2/9, buổi chiều"),
        ("vi", Slot.EVENING, "giao Thứ Năm 2/9, buổi tối"),
        ("vi", Slot.ALL_DAY, "giao Thứ Năm 2/9, trong ngày"),
        ("en", Slot.MORNING, "delivery on Thursday 2/9, in the morning"),
        ("en", Slot.ALL_DAY, "delivery on Thursday 2/9, in the course of the day"),
    ],
)
def test_a_promise_in_words(session, language, slot, words):
    with force_locale(language):
        assert promise_words(THURSDAY, slot) == words


def test_two_rounds_of_a_day_have_names_of_their_own():
    assert round_name(THURSDAY, Slot.ALL_DAY) == "Đợt giao 02/09/2021"
    assert round_name(THURSDAY, Slot.MORNING) == "Đợt giao 02/09/2021, buổi sáng"


def test_it_is_shown_in_the_basket_at_the_checkout_before_payment_and_kept_on_the_order(session, client):
    combo, delivery = stocked()
    delivery.slot = Slot.MORNING
    words = f"elivery on Friday {delivery.delivery_on.day}/{delivery.delivery_on.month}, in the morning"
    pick(client, combo)
    assert f"d{words}" in Page(client.get("/")).text()
    assert f"D{words}" in Page(client.get("/basket")).text()
    assert f"D{words}" in Page(client.get("/checkout")).text()

    paying = client.get(check_out(client).location)

    assert f"What we promise: d{words}" in Page(paying).text()
    assert f"D{words}" in " ".join(client.get(f"{paying.request.path}.txt").text.split())
    promised = session.execute(text("SELECT promised_on, promised_slot FROM orders")).one()
    assert tuple(map(str, promised)) == (str(delivery.delivery_on), "morning")


def moved(session, delivery, *, because="xe hàng bị chặn ở chốt", **fresh):
    doer = Doer("kinhte1", clock.now(), because)
    plan.move(session, delivery, {**plan.facts(delivery), **fresh}, seen=str(delivery.version), doer=doer)
    session.commit()


def told(session):
    found = select(Notice).where(Notice.event == "delivery_moved").order_by(Notice.id)
    rows = session.scalars(found.execution_options(populate_existing=True))
    return [(each.address, each.state.value) for each in rows.all()]


def test_a_promise_stays_where_its_round_moves_and_the_office_is_told_how_many(session, client):
    delivery = make.round()
    orders = [make.order(delivery=delivery, phone=f"091234567{n}") for n in range(3)]
    make.order(delivery=delivery, state=OrderState.CANCELLED, phone="0912345699")
    was, later = delivery.delivery_on, delivery.delivery_on + timedelta(days=1)

    moved(session, delivery, delivery_on=later, slot=Slot.EVENING)

    assert {(each.promised_on, each.promised_slot) for each in orders} == {(was, Slot.ALL_DAY)}
    assert all(each.is_promised_otherwise for each in orders)
    assert told(session) == [(each.phone, "waiting") for each in orders]
    page = Page(client.get(f"/o/{orders[0].token}")).text()
    assert f"Delivery on Friday {was.day}/{was.month}, in the course of the day → Delivery on Saturday" in page
    assert "Brought: in the course of the day → in the evening" in page
    assert f"Promised before: delivery on Friday {was.day}/" in " ".join(
        client.get(f"/o/{orders[0].token}.txt").text.split()
    )
    make.signed_in(client)
    desk = Page(client.get(f"/desk/admin/rounds/{delivery.id}")).text()
    assert f"3 orders were promised: delivery on Friday {was.day}/{was.month}" in desk


def test_who_orders_after_the_move_was_promised_the_new_day(session):
    delivery = make.round()
    moved(session, delivery, delivery_on=delivery.delivery_on + timedelta(days=1))

    order = make.order(delivery=delivery)

    assert (order.promised_on, order.is_promised_otherwise) == (delivery.delivery_on, False)
    assert told(session) == []


def test_moved_twice_the_first_news_is_overtaken_and_moved_back_it_is_told_again(session):
    delivery = make.round()
    order = make.order(delivery=delivery)
    first = delivery.delivery_on

    moved(session, delivery, delivery_on=first + timedelta(days=1))
    notice = session.scalars(select(Notice).where(Notice.event == "delivery_moved")).one()
    assert overtaken(session, notice) == ""
    moved(session, delivery, delivery_on=first)

    assert overtaken(session, notice) == "moved-again"
    assert told(session) == [(order.phone, "skipped"), (order.phone, "waiting")]
    assert not order.is_promised_otherwise


def test_times_alone_move_no_promise(session):
    delivery = make.round()
    make.order(delivery=delivery)

    moved(session, delivery, opens_at=delivery.opens_at - timedelta(hours=1))

    assert told(session) == []


def test_a_group_leader_hears_once_of_those_without_a_phone(session):
    group = make.group(many=33)  # four of them have no phone
    moved(session, group.round, delivery_on=group.round.delivery_on + timedelta(days=1))

    heard = [phone for phone, _state in told(session)]

    assert heard.count(group.leader_phone) == 1
    assert len(heard) == 33 - 3 + 1 - 1


def test_another_round_is_another_promise(session):
    combo, first = make.combo(), make.round()
    second = make.round(closes_at=clock.now() + timedelta(days=9), slot=Slot.AFTERNOON)
    make.capacity(second, combo.supplier)
    order = make.order(combo, delivery=first, state=OrderState.EXPIRED)

    lifecycle.take_up(session, order, second, expires_at=second.closes_at, by="x", at=clock.now(), because="paid")
    session.flush()

    assert (order.promised_on, order.promised_slot) == (second.delivery_on, Slot.AFTERNOON)


@pytest.mark.parametrize("change", ["promised_on = '2021-01-01'", "promised_slot = 'evening'"])
def test_the_database_keeps_a_promise(session, change):
    make.order()
    session.commit()

    with pytest.raises(IntegrityError, match="what an order was promised stays"):
        session.execute(text(f"UPDATE orders SET {change}"))
    session.rollback()


def test_a_full_round_says_so_at_the_shop_and_names_the_next_with_places(session, client):
    combo, full = stocked(places=1)
    free = make.round(closes_at=full.closes_at + timedelta(days=2))
    make.capacity(free, combo.supplier)
    make.order(combo, delivery=full)

    shop = Page(client.get("/")).text()

    assert "Full already for: Dĩ An. Who lives there can order for the next one: delivery on Sunday" in shop


def test_of_two_for_the_last_place_the_second_is_led_to_the_next_round(session, client):
    combo, full = stocked(places=1)
    free = make.round(closes_at=full.closes_at + timedelta(days=2))
    make.capacity(free, combo.supplier)
    pick(client, combo)
    form = Page(client.get("/checkout")).filled()
    make.order(combo, delivery=full)
    filled = {"name": "Lê Thị Mận", "phone": "0912345671", "ward": "Dĩ An", "address": "12 Lý", "consent": "y"}

    refused = Page(client.post("/checkout", data={**form, **filled, "round": str(full.id)}))

    assert refused.status == 409
    assert "The next one with places: delivery on Sunday" in refused.fault("round")
    assert refused.value("round") == str(free.id)
    waiting = Page(client.post("/waiting-list", data={**form, **filled, "wait_for": str(full.id)}))
    assert "You need not wait: there are places in another delivery" in waiting.text()
