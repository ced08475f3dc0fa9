"""Signing in and out: throttled, equal to strangers, and a cookie that is worthless once its session is over."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel import clock
from people import sessions
from people.models import Role, SignIn
from people.passwords import fits, hashed
from people.sessions import LASTS, TRIES_PER_NAME
from tests import make
from tests.pages import Page

COOKIE = "market"


def sign_in(client, username: str, password: str = make.PASSWORD, *, query: str = "", **more):
    fields = {"csrf_token": make.csrf_token(client, "/track"), "username": username, "password": password}
    return client.post(f"/sign-in{query}", data=fields, **more)


def inside(client) -> bool:
    return bool(client.get("/desk").status_code == 200)


@pytest.mark.parametrize(
    "password_hash", [None, "", "not-a-hash", hashed("another")], ids=["none", "empty", "broken", "another"]
)
def test_nothing_fits_nobody_and_no_broken_hash(password_hash):
    assert not fits("another ", password_hash)


@pytest.mark.parametrize(("role", "home"), [(Role.OFFICE, "/desk"), (Role.SUPPLIER, "/suppliers/")])
def test_each_role_is_led_home(client, role, home):
    answer = sign_in(client, make.staff(role).username)

    assert (answer.status_code, answer.location) == (302, home)


def test_strangers_are_led_to_sign_in_and_then_on_to_where_they_wanted(client):
    who = make.staff()
    asked = client.get("/desk/orders?q=1")
    assert asked.status_code == 302

    answer = sign_in(client, who.username, query=asked.location.removeprefix("/sign-in"))

    assert answer.location == "/desk/orders?q=1"


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    " /desk/orders",
)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_led_to_another_site(client, wanted):
    answer = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={
            "csrf_token": make.csrf_token(client, "/track"),
            "username": make.staff().username,
            "password": make.PASSWORD,
        },
    )

    assert answer.location == "/desk"


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(client):
    who, gone = make.staff(), make.staff(active=False)
    token = make.csrf_token(client, "/track")

    tries = {who.username: "wrong", "nobody-here": make.PASSWORD, gone.username: make.PASSWORD}
    answers = [
        client.post("/sign-in", data={"csrf_token": token, "username": name, "password": password})
        for name, password in tries.items()
    ]

    faults = [Page(answer).faults() for answer in answers]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert faults[0] == faults[1] == faults[2]
    assert list(faults[0]) == ["password"]
    assert make.PASSWORD not in "".join(answer.text for answer in answers)


@pytest.mark.parametrize("known", [True, False])
def test_passwords_cannot_be_tried_out_whether_the_name_is_known_or_not(client, stopped_clock, known):
    username = make.staff().username if known else "nobody-here"
    for _try in range(TRIES_PER_NAME):
        assert sign_in(client, username, "wrong").status_code == 403

    # The right password comes too late, from wherever and in whatever case.
    elsewhere: dict[str, Any] = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    assert sign_in(client, username).status_code == 429
    assert sign_in(client, username.upper(), **elsewhere).status_code == 429
    assert sign_in(client, make.staff().username).status_code == 302


def test_one_address_cannot_try_out_names(client, stopped_clock, monkeypatch):
    assert sessions.TRIES_PER_ADDRESS == 30
    monkeypatch.setattr(sessions, "TRIES_PER_ADDRESS", 4)  # argon2 takes its time on purpose
    for number in range(4):
        assert sign_in(client, f"name-{number}", "wrong").status_code == 403
    who = make.staff()

    assert sign_in(client, who.username).status_code == 429
    assert sign_in(client, who.username, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).status_code == 302


def test_after_a_quarter_of_an_hour_one_may_try_again(client, stopped_clock):
    who = make.staff()
    for _try in range(TRIES_PER_NAME + 1):
        sign_in(client, who.username, "wrong")

    stopped_clock.forward(minutes=14, seconds=59)
    assert sign_in(client, who.username).status_code == 429
    stopped_clock.forward(seconds=1)
    assert sign_in(client, who.username).status_code == 302


def test_a_cookie_is_worthless_after_signing_out(client):
    make.signed_in(client)
    stolen = client.get_cookie(COOKIE).value
    assert inside(client)

    make.submit(client, "/sign-out", page="/desk")
    assert not inside(client)
    client.set_cookie(COOKIE, stolen)

    assert not inside(client)


def test_signing_out_ends_this_browsers_session_and_no_other(session, app, client):
    who = make.staff()
    sign_in(client, who.username)
    other = app.test_client()
    sign_in(other, who.username)

    make.submit(client, "/sign-out", page="/desk")

    assert not inside(client)
    assert inside(other)


def test_signing_in_begins_a_fresh_session_whatever_the_cookie_held(session, client):
    who = make.staff()
    with client.session_transaction() as cookie:
        cookie["_sign_in"] = "planted"
        cookie["basket"] = {"C1": 1}

    sign_in(client, who.username)

    with client.session_transaction() as cookie:
        first = cookie["_sign_in"]
        assert first != "planted"
        assert "basket" not in cookie
    make.submit(client, "/sign-out", page="/desk")
    sign_in(client, who.username)
    with client.session_transaction() as cookie:
        assert cookie["_sign_in"] != first


def test_the_database_holds_no_token_that_would_open_a_session(session, client):
    make.signed_in(client)

    with client.session_transaction() as cookie:
        token = cookie["_sign_in"]
    kept = session.scalars(select(SignIn.token_hash)).all()

    assert len(kept) == 1
    assert token not in kept[0]
    with client.session_transaction() as cookie:
        cookie["_sign_in"] = kept[0]
    assert not inside(client)


def test_a_session_ends_by_itself(client, stopped_clock):
    make.signed_in(client)

    stopped_clock.set(clock.now() + LASTS - timedelta(seconds=1))
    assert inside(client)
    stopped_clock.forward(seconds=1)
    assert not inside(client)


def test_somebody_who_has_left_is_out_at_once_and_stays_out(session, client):
    who = make.signed_in(client)
    who.active = False

    assert not inside(client)
    assert sign_in(client, who.username).status_code == 403


def test_an_empty_form_is_told_field_by_field_and_counts_as_no_try(session, client):
    page = Page(sign_in(client, "", ""))

    assert set(page.faults()) == {"username", "password"}
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_who_is_signed_in_is_led_home_from_the_sign_in_page(client):
    make.signed_in(client)

    assert client.get("/sign-in").location == "/desk"


def test_signing_out_twice_is_no_fault(client):
    token = make.csrf_token(client, "/track")

    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"
