"""What a resident wants where something is missing: said when ordering, changed until the round closes, then told."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.notices.models import Notice
from orders.groups.place import place_group
from orders.models import IfShort, Order
from orders.notices.wording import words
from orders.short.choice import TooLate, choose
from suppliers.shortages.withdraw import withdraw
from tests import make
from tests.desk import rows
from tests.short import FISH, missing, town

pytestmark = pytest.mark.usefixtures("right_books")


def page_of(client, order):
    return client.get(f"/o/{order.token}").text


def test_nobody_who_says_nothing_loses_their_money(session):
    assert make.order().if_short is IfShort.REFUND


def test_it_is_changed_on_the_orders_page_until_the_round_closes(client, session, stopped_clock):
    order = make.paid_order()
    here = f"/o/{order.token}"

    for choice, status in (("call", 303), ("gold", 409), ("equivalent", 303)):
        assert make.submit(client, f"{here}/if-short", page=here, if_short=choice).status_code == status
    session.refresh(order)
    assert order.if_short is IfShort.EQUIVALENT
    assert rows(session, "SELECT was, became, \"by\" FROM changes WHERE kind = 'order'") == [
        ("refund", "call", "resident"),
        ("call", "equivalent", "resident"),
    ]

    token = make.csrf_token(client, here)
    stopped_clock.set(order.round.closes_at)
    assert "if-short" not in page_of(client, order)
    assert client.post(f"{here}/if-short", data={"if_short": "call", "csrf_token": token}).status_code == 409


def test_nor_once_it_has_left(session):
    place = town(IfShort.REFUND)

    with pytest.raises(TooLate):
        choose(session, place.orders[0], IfShort.CALL, at=clock.now())


def test_a_leader_says_it_for_all_and_each_neighbour_may_say_otherwise(session):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier)
    draft = make.group_draft(delivery, combo)

    place_group(session, draft.token, at=clock.now(), window=timedelta(hours=24), if_short=IfShort.CALL)

    orders = session.query(Order).all()
    assert {order.if_short for order in orders} == {IfShort.CALL}
    choose(session, orders[0], IfShort.REFUND, at=clock.now())
    assert [order.if_short for order in orders] == [IfShort.REFUND, IfShort.CALL, IfShort.CALL]


def test_the_page_shows_what_was_wanted_what_came_and_what_goes_back(client, session):
    place = town(IfShort.REFUND, IfShort.EQUIVALENT, IfShort.CALL)
    missing(place, 3_000, instead="tép 300 g")

    pages = [page_of(client, order) for order in place.orders]

    assert all(f"{FISH} 500 g" in page or f"{FISH} 1 kg" in page for page in pages)
    for amount in ("200.000", "50.000", "150.000"):
        assert amount in pages[0]
    assert "tép 300 g" in pages[1]
    assert "150.000" not in pages[1] + pages[2]
    plain = client.get(f"/o/{place.orders[0].token}.txt").text
    assert FISH in plain


def test_each_is_told_what_is_missing_and_what_they_get(session):
    place = town(IfShort.REFUND, IfShort.EQUIVALENT, IfShort.CALL)
    missing(place, 3_000, instead="tép 300 g")

    told = {each.subject: each for each in session.query(Notice).filter(Notice.event == "short")}

    assert {code: each.params["gets"] for code, each in told.items()} == {
        order.code: gets for order, gets in zip(place.orders, ("refund", "equivalent", "call"), strict=True)
    }
    texts = [words(told[order.code]).text for order in place.orders]
    assert all(f"{FISH} 1 kg" in text for text in texts)
    assert "50.000" in texts[0]
    assert "tép 300 g" in texts[1]
    assert "50.000" in texts[2]


def test_what_was_not_told_yet_is_not_told_of_a_shortage_taken_back(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 500)

    withdraw(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")
    session.commit()

    assert rows(session, "SELECT event, state FROM notices WHERE event LIKE '%short'") == [("short", "skipped")]


def test_who_was_told_is_told_that_it_comes_after_all(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 500)
    for notice in session.query(Notice).filter(Notice.event == "short"):
        notice.state, notice.text, notice.ended_by, notice.ended_at = "copied", "…", "kinhte1", clock.now()
    session.commit()

    withdraw(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")
    session.commit()

    assert rows(session, "SELECT event, state FROM notices WHERE event LIKE '%short' ORDER BY id") == [
        ("short", "copied"),
        ("not_short", "waiting"),
    ]
