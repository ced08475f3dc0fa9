"""Tracking: the stages for whoever knows the code and four digits; nothing for anybody else."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from kernel import clock
from kernel.database import db
from kernel.notices.config import MailServer
from orders.models import OrderState
from orders.reference import new_code
from orders.views import TRACKS_PER_ADDRESS, TRACKS_PER_CODE
from suppliers.dispatch import dispatch
from tests import make
from tests.pages import Page

NEW_EACH_TIME = re.compile(r'(nonce|value)="[^"]*"|nonce-[\w-]+')


def track(client, code: str, last4: str, **more):
    fields = {"csrf_token": more.pop("csrf_token", None) or make.csrf_token(client, "/track")}
    return client.post("/track", data={**fields, "code": code, "last4": last4}, **more)


def test_the_stages_of_an_order_with_their_times(client, stopped_clock):
    order, _noise = make.paid_order(), make.order()

    page = Page(track(client, order.code, "5678"))

    text = page.text()
    assert page.status == 200
    assert order.code in text
    assert "Order placed 06/09/2021 09:00" in text
    assert "Paid 06/09/2021 09:01" in text
    assert "Now: With the supplier, for delivery" in text


def test_neither_the_name_the_address_nor_the_private_link_is_shown(client):
    order = make.order()

    shown = track(client, order.code, "5678").text

    assert not [fact for fact in (order.name, order.address, order.phone, order.token) if fact in shown]


@pytest.mark.parametrize("typed", [None, ("DC1", "12"), ("DC2222222", "5678")])
def test_who_has_lost_the_code_is_told_where_it_stands_and_whom_to_call(app, client, typed):
    order = make.order(phone="0912345678")

    page = Page(track(client, *typed) if typed else client.get("/track"))

    told = page.text()
    assert "Lost the code?" in told
    assert "memo of your transfer" in told
    assert page.all("a", href=f"tel:{app.extensions['settings'].hotline}", **{"class": "phone"})
    assert order.code not in told
    assert "message that we sent" not in told  # nobody is written to here


def test_who_is_written_to_is_pointed_to_the_message(app, client):
    settings = app.extensions["settings"]
    notices = replace(settings.notices, mail=MailServer(host="mail.example", port=25, sender="cho@example.vn"))
    app.extensions["settings"] = replace(settings, notices=notices)

    assert "message that we sent you when you ordered" in Page(client.get("/track")).text()


def test_a_phone_number_alone_finds_nothing(client):
    order = make.order(phone="0912345678")

    answer = track(client, "0912345678", "5678")

    assert answer.status_code == 422
    assert not [fact for fact in (order.code, order.name, order.token) if fact in answer.text]


def test_a_code_may_be_typed_in_small_letters_and_with_spaces(client):
    order = make.order()

    assert track(client, f" {order.code[:4].lower()} {order.code[4:].lower()}", " 56 78").status_code == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (OrderState.OPEN, "Now: Waiting for your payment"),
        (OrderState.EXPIRED, "Did not work: Expired: not paid in time 06/09/2021 09:01"),
        (OrderState.CANCELLED, "Did not work: Cancelled 06/09/2021 09:01"),
    ],
)
def test_an_order_that_waits_or_has_ended_says_so(client, stopped_clock, state, words):
    assert words in Page(track(client, make.order(state=state).code, "5678")).text()


def test_parcels_on_their_way_are_told_with_their_supplier(client, stopped_clock):
    combos = make.combo(), make.combo()
    order = make.paid_order(*combos)
    dispatch(db.session, order.round, at=clock.now(), by="clerk", patience=timedelta(0), override="early")

    text = Page(track(client, order.code, "5678")).text()

    assert [combo.supplier.name for combo in combos if combo.supplier.name not in text] == []


def test_a_wrong_pair_reveals_nothing_not_even_whether_the_code_exists(client):
    order = make.order()
    unknown = new_code()

    answers = [track(client, code, "1111") for code in (order.code, unknown)]

    wrong_digits, no_such_code = (
        (answer.status_code, NEW_EACH_TIME.sub("", answer.text).replace(order.code, "…").replace(unknown, "…"))
        for answer in answers
    )
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [line for line in wrong_digits[1].splitlines() if "request" not in line] == [
        line for line in no_such_code[1].splitlines() if "request" not in line
    ]


@pytest.mark.parametrize(
    ("code", "last4", "field"),
    [
        ("", "5678", "code"),
        ("DC0000000", "5678", "code"),
        ("DCKHV6B9E", "5678", "code"),
        ("DCKHV6B9D", "", "last4"),
        ("DCKHV6B9D", "567", "last4"),
        ("DCKHV6B9D", "56789", "last4"),
        ("DCKHV6B9D", "56a8", "last4"),
        ("DCKHV6B9D", "²²²²", "last4"),
        ("DCKHV6B9D", "%%%%", "last4"),
    ],
)
def test_what_cannot_be_right_is_told_beside_its_field(client, code, last4, field):
    page = Page(track(client, code, last4))

    assert (page.status, list(page.faults())) == (422, [field])


def test_one_codes_digits_cannot_be_tried_out(client, stopped_clock):
    order, other = make.order(), make.order()
    for number in range(TRACKS_PER_CODE):
        assert track(client, order.code, f"{number:04}").status_code == 404

    right_at_last = track(client, order.code, "5678", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})

    assert right_at_last.status_code == 429
    assert track(client, other.code, "5678").status_code == 200


def test_one_address_cannot_try_out_codes(client, stopped_clock):
    order = make.order()
    for _number in range(TRACKS_PER_ADDRESS):
        assert track(client, new_code(), "1111").status_code == 404

    assert track(client, order.code, "5678").status_code == 429
    assert track(client, order.code, "5678", environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_the_throttle_opens_after_a_quarter_of_an_hour(client, stopped_clock):
    order = make.order()
    for _number in range(TRACKS_PER_CODE + 1):
        answer = track(client, order.code, "1111")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")

    stopped_clock.forward(minutes=15)

    assert track(client, order.code, "5678").status_code == 200
