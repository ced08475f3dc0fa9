"""Checkout, groups, deadlines, waiting lists, cancelling and dispatch go by the last order of the order's own ward."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.changes import Doer
from orders.checkout import RoundClosed, place_order
from orders.deadlines.keep import NotThen, extend_all, more_for, renew, time_for_the_rest
from orders.groups.place import place_group
from orders.groups.queries import orders_of
from orders.models import OrderState
from orders.payments.giving_up.act import may_give_up
from orders.waiting.jobs import tend_the_lines
from orders.waiting.queries import entries_of_round
from suppliers.dispatch import readiness
from tests import make
from tests.orders.shopping import check_out, pick, stocked
from tests.pages import Page

HOUR = timedelta(hours=1)
WINDOW = timedelta(hours=24)


@pytest.fixture
def combo(session, stopped_clock):
    return make.combo()


@pytest.fixture
def delivery(session, combo):
    """Closes in ten hours; An Bình closes six hours before it, Bình An one hour after."""
    made = make.round(closes_at=clock.now() + 10 * HOUR)
    for ward in ("An Bình", "Bình An", "Dĩ An"):
        make.capacity(made, combo.supplier, ward=ward)
    make.ward_close(made, "An Bình", made.closes_at - 6 * HOUR)
    make.ward_close(made, "Bình An", made.closes_at + HOUR)
    return made


def place(session, combo, delivery, ward, **about):
    who = make.recipient(ward=ward, **about)
    return place_order(session, make.basket(combo), who, delivery=delivery, at=clock.now(), window=WINDOW)


@pytest.mark.parametrize(("ward", "hours"), [("An Bình", 4), ("Dĩ An", 10), ("Bình An", 11)])
def test_an_order_is_to_be_paid_until_its_ward_closes(session, combo, delivery, ward, hours):
    order = place(session, combo, delivery, ward)

    assert order.expires_at == order.closes_at == clock.now() + hours * HOUR


def test_after_its_ward_closed_nobody_orders_though_the_round_is_open(session, combo, delivery, stopped_clock):
    stopped_clock.forward(hours=4)
    with pytest.raises(RoundClosed, match="closed for your ward"):
        place(session, combo, delivery, "An Bình")

    stopped_clock.forward(hours=6)
    with pytest.raises(RoundClosed):
        place(session, combo, delivery, "Dĩ An")
    assert place(session, combo, delivery, "Bình An").state is OrderState.OPEN


def test_the_checkout_offers_a_ward_its_own_rounds_and_says_until_when(session, client, stopped_clock):
    combo, delivery = stocked()
    later = make.round(closes_at=delivery.closes_at + timedelta(days=2))
    make.capacity(later, combo.supplier)
    make.ward_close(delivery, "Dĩ An", clock.now() + HOUR)
    pick(client, combo)
    asked = Page(client.get("/checkout"))
    assert "(Dĩ An: 06/09/2021 10:00)" in asked.text()

    stopped_clock.forward(hours=2)
    refused = Page(client.post("/checkout", data={**asked.filled(), "name": "Lê Thị Mận", "phone": "0912345678",
        "ward": "Dĩ An", "address": "12 Lý Thường Kiệt", "consent": "y"}))  # fmt: skip

    assert refused.status == 409
    assert "closed for your ward" in refused.fault("round")
    assert "The next one with places: delivery on" in refused.fault("round")
    assert [each.get("value") for each in refused.all("input", name="round")] == [str(later.id)]
    assert refused.value("round") == str(later.id)
    assert check_out(client, round=str(later.id)).status_code == 303


def test_a_group_closes_with_its_ward(session, combo, delivery, stopped_clock):
    draft = make.group_draft(delivery, combo, ward="An Bình")
    late = make.group_draft(delivery, combo, ward="An Bình", phone="0909090908")
    group = place_group(session, draft.token, at=clock.now(), window=WINDOW)
    assert {each.expires_at for each in orders_of(session, group.code)} == {clock.now() + 4 * HOUR}

    stopped_clock.forward(hours=4)

    with pytest.raises(RoundClosed):
        place_group(session, late.token, at=clock.now(), window=WINDOW)


def test_the_line_of_a_ward_ends_with_it(session, combo, delivery, stopped_clock):
    for ward in ("An Bình", "Dĩ An", "Bình An"):
        make.waiting(combo, delivery, ward=ward)
        session.flush()
    stopped_clock.forward(hours=4)
    tend_the_lines(session)

    assert {entry.ward.name for entry in entries_of_round(session, delivery.id)} == {"Dĩ An", "Bình An"}
    assert {e.ward.name: e.offered_until for e in entries_of_round(session, delivery.id)}["Bình An"] <= (
        delivery.closes_at + HOUR
    )


def test_more_time_ends_with_the_ward(session, combo, delivery, stopped_clock):
    early = place(session, combo, delivery, "An Bình")
    usual, late = place(session, combo, delivery, "Dĩ An"), place(session, combo, delivery, "Bình An")
    for order in (early, usual, late):
        order.expires_at = clock.now() + 3 * HOUR
    session.flush()

    assert more_for(early, clock.now()) == early.closes_at
    assert more_for(usual, clock.now()) == usual.expires_at + 2 * HOUR
    time_for_the_rest(session, [early.id], at=clock.now())
    session.refresh(early)
    assert early.expires_at == early.closes_at
    extend_all(session, delivery, delivery.last_close, Doer("kinhte1", clock.now(), "mưa"))
    assert [order.expires_at for order in (early, usual, late)] == [order.closes_at for order in (early, usual, late)]
    with pytest.raises(NotThen):
        extend_all(session, delivery, delivery.last_close + HOUR, Doer("kinhte1", clock.now(), "mưa"))
    stopped_clock.forward(hours=5)
    renew(early, at=clock.now(), window=WINDOW)
    assert early.expires_at == early.closes_at


def test_a_paid_order_is_given_up_until_its_ward_closes(session, combo, delivery, stopped_clock):
    early, late = (make.paid_order(combo, delivery=delivery, ward=ward) for ward in ("An Bình", "Bình An"))
    for order in (early, late):
        order.state = OrderState.CONFIRMED
    stopped_clock.forward(hours=10)

    assert [order.closes_at > clock.now() for order in (early, late)] == [False, True]
    assert not may_give_up(session, early, at=clock.now())


def test_dispatch_waits_for_the_last_ward(session, delivery):
    account = make.bank_account()
    for covered, ready in ((delivery.closes_at, False), (delivery.last_close, True)):
        account.covered_until = covered
        session.flush()
        assert readiness(session, delivery, at=delivery.dispatch_at, patience=WINDOW).covered is ready
    patient = readiness(session, delivery, at=delivery.closes_at + WINDOW, patience=WINDOW)
    assert not patient.waited_long_enough


def test_the_loudspeaker_reads_each_ward_its_own_last_moment(session, client, combo, delivery):
    make.signed_in(client)

    def said(ward=""):
        return client.get(f"/desk/rounds/{delivery.id}/loudspeaker.txt?ward={ward}").text

    assert "An Bình: The last moment to order and to pay is 13:00" in said()
    assert "Bình An: The last moment to order and to pay is 20:00" in said()
    assert "The last moment to order and to pay is 13:00" in said(make.ward("An Bình").id)
    assert "19:00" not in said(make.ward("An Bình").id)
