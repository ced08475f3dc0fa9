"""The last orders of wards at the desk: seen before they are saved, refused beside the field, told to their ward."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.queries import changes_of
from orders.desk.rounds import plan
from orders.desk.rounds.forms import wall
from shop.models import Round, Slot
from shop.queries import recent_rounds
from tests import make
from tests.desk import send
from tests.pages import Page

HOUR = timedelta(hours=1)


@pytest.fixture
def clerk(client, stopped_clock):
    return make.signed_in(client)


@pytest.fixture
def delivery(clerk):
    return make.round(closes_at=clock.now() + 30 * HOUR)


def field(ward):
    return f"ward-{make.ward(ward).id}"


def local(moment):
    return wall(moment).strftime("%Y-%m-%dT%H:%M")


def path(delivery):
    return f"/desk/admin/rounds/{delivery.id}/closes"


def keep(client, delivery, **changed):
    return make.submit(client, path(delivery), **{**Page(client.get(path(delivery))).filled(), **changed})


def own(session, delivery):
    session.expire_all()
    return session.get_one(Round, delivery.id).own_closes


def test_a_ward_gets_a_last_order_of_its_own_and_loses_it_again(client, session, delivery, clerk):
    early, late = delivery.closes_at - 3 * HOUR, delivery.dispatch_at
    assert keep(client, delivery, **{field("An Bình"): local(early), field("Bình An"): local(late)}).status_code == 303

    assert own(session, delivery) == {make.ward("An Bình").id: early, make.ward("Bình An").id: late}
    page = Page(client.get(f"/desk/admin/rounds/{delivery.id}")).text()
    assert "An Bình 07/09/2021 12:00" in page
    assert "An Bình" in Page(client.get("/desk/admin/rounds")).text()

    assert keep(client, delivery, **{field("An Bình"): ""}).status_code == 303
    assert own(session, delivery) == {make.ward("Bình An").id: late}
    lines = [(line.field, line.about, line.by) for line in changes_of(session, "round", delivery.id)]
    assert lines == [("ward_closes", ward, clerk.username) for ward in ("An Bình", "Bình An", "An Bình")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x", "Write day and time"), ("0001-01-01T00:00", "within a year"), ("9999-12-31T23:59", "within a year"),
        ("2021-09-05T09:00", "after the round opens"), ("2021-09-07T17:01", "after the round is dispatched"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_told_at_its_ward(client, session, delivery, typed, words):
    page = Page(keep(client, delivery, **{field("An Bình"): typed}))

    assert page.status == 422
    assert words in page.fault(field("An Bình"))
    assert page.value(field("An Bình")) == typed
    assert own(session, delivery) == {}


def test_a_preview_shows_every_ward_and_saves_nothing(client, session, delivery):
    page = Page(keep(client, delivery, preview="yes", **{field("An Bình"): local(delivery.closes_at - HOUR)}))

    assert page.status == 200
    assert "An Bình: Order and pay before 07/09/2021 14:00, delivery on Wednesday" in page.text()
    assert "Dĩ An: Order and pay before 07/09/2021 15:00" in page.text()
    assert own(session, delivery) == {}


def test_where_residents_have_ordered_a_reason_is_needed_and_only_they_read_it(client, session, delivery):
    here, there = make.order(delivery=delivery, ward="An Bình"), make.order(delivery=delivery, ward="Dĩ An")
    told = here.expires_at
    early = {field("An Bình"): local(delivery.closes_at - 8 * HOUR)}

    refused = Page(keep(client, delivery, **early))
    assert (refused.status, "Residents of An Bình have ordered" in refused.fault("because")) == (422, True)
    assert keep(client, delivery, **early, because="chốt đóng sớm").status_code == 303

    session.refresh(here)
    assert here.expires_at == told
    assert "chốt đóng sớm" in Page(client.get(f"/o/{here.token}")).text()
    assert "chốt đóng sớm" not in Page(client.get(f"/o/{there.token}")).text()


def test_a_ward_is_closed_at_once_by_two_clicks(client, session, delivery, stopped_clock):
    ward = make.ward("An Bình")

    asked = Page(keep(client, delivery, close=ward.id))
    assert (asked.status, asked.value(field("An Bình"))) == (200, local(clock.now()))
    assert own(session, delivery) == {}
    stopped_clock.forward(seconds=30)
    assert client.post(path(delivery), data=asked.filled()).status_code == 303

    assert own(session, delivery)[ward.id] < clock.now()
    assert not session.get_one(Round, delivery.id).takes_orders(clock.now(), ward.id)
    assert session.get_one(Round, delivery.id).takes_orders(clock.now(), make.ward("Dĩ An").id)


def test_a_last_order_in_the_past_has_to_be_said(client, session, delivery):
    past = {field("An Bình"): local(clock.now() - HOUR)}

    page = Page(keep(client, delivery, **past))

    assert (page.status, bool(page.fault("closed_now"))) == (422, True)
    assert keep(client, delivery, **past, closed_now="y").status_code == 303


def test_of_two_clerks_the_second_sees_both(client, session, delivery):
    form = Page(client.get(path(delivery))).filled()
    keep(client, delivery, **{field("An Bình"): local(delivery.closes_at - HOUR)})

    page = Page(make.submit(client, path(delivery), **{**form, field("An Bình"): local(delivery.closes_at - 2 * HOUR)}))

    assert (page.status, "Somebody was quicker" in page.text()) == (409, True)


def test_what_has_left_stays(client, session, delivery):
    make.paid_order(make.combo(), delivery=delivery)
    form = Page(client.get(path(delivery))).filled()
    send(session, delivery)

    answer = make.submit(client, path(delivery), page="/track", **{**form, field("An Bình"): local(clock.now() + HOUR)})

    assert (answer.status_code, own(session, delivery)) == (409, {})
    assert "history now" in Page(client.get(path(delivery))).text()


def test_the_round_closed_early_closes_its_later_wards_too(client, session, delivery):
    make.ward_close(delivery, "An Bình", delivery.closes_at + HOUR)
    make.ward_close(delivery, "Bình An", clock.now() - HOUR)
    doer = Doer("kinhte1", clock.now(), "hết xe")

    plan.close_now(session, delivery, seen=str(delivery.version), doer=doer)
    session.flush()

    assert delivery.last_close == clock.now()
    assert set(delivery.own_closes) == {make.ward("Bình An").id}


@pytest.mark.parametrize("name", ["dispatch_at", "opens_at"])
def test_the_round_does_not_move_over_a_ward(client, session, delivery, name):
    make.ward_close(delivery, "An Bình", delivery.closes_at - 2 * HOUR if name == "opens_at" else delivery.dispatch_at)
    page_of = f"/desk/admin/rounds/{delivery.id}"
    form = Page(client.get(page_of)).filled()
    changed = {name: local(delivery.closes_at - HOUR if name == "opens_at" else delivery.closes_at)}

    page = Page(make.submit(client, page_of, **{**form, **changed}))

    assert (page.status, "last order of its own" in page.fault(name)) == (422, True)


def test_rounds_made_like_another_take_over_its_wards_and_two_slots_fit_a_day(client, session, delivery):
    make.ward_close(delivery, "An Bình", delivery.closes_at - 3 * HOUR)
    fields: dict[str, Any] = {"first": "2021-09-13", "last": "2021-09-13", "closes": "17:00", "leaves": "19:00"}
    fields |= {"open_for": "3", "weekdays": ["0"], "like": str(delivery.id)}

    for slot in ("morning", "afternoon", "morning", "all_day"):
        assert make.submit(client, "/desk/admin/rounds/new", **fields, slot=slot).status_code == 303

    afternoon, morning = sorted(recent_rounds(db.session, 2), key=lambda each: each.slot)
    assert (morning.slot, afternoon.slot) == (Slot.MORNING, Slot.AFTERNOON)
    assert morning.name == "Đợt giao 13/09/2021, buổi sáng"
    assert morning.own_closes == {make.ward("An Bình").id: morning.closes_at - 3 * HOUR}
