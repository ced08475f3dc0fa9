"""Passwords that people choose: long enough, their own, and not the first that anybody tries."""

import pytest
from argon2 import extract_parameters

from people.passwords import Weakness, hashed, start_password, weakness
from tests import make
from tests.pages import Page

GOOD = "xe đạp mưa gừng"


@pytest.fixture
def clerk(client):
    return make.signed_in(client)


def change(client, **fields):
    return make.submit(client, "/account/password", **{"old": make.PASSWORD, "new": GOOD, "again": GOOD, **fields})


def test_what_was_chosen_is_kept_as_a_slow_argon2_only(client, clerk, session):
    change(client)

    session.refresh(clerk)
    assert clerk.password_hash.startswith("$argon2id$")
    assert GOOD not in clerk.password_hash
    assert extract_parameters(clerk.password_hash).memory_cost >= 47_104  # KiB: the most that OWASP asks for
    assert hashed(GOOD) != clerk.password_hash  # salted


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0912345678",
        "matkhau123456",
        "Mật khẩu 2026",
        "p@ssword!2026",
        "qwertyuiop",
        "qwerty123456",
        "vietnam1975",
        "iloveyou12345",
        "abcdefghijkl",
        "9876543210",
        "passwordpassword",
    ],
)
def test_a_common_password_is_seen(password):
    assert weakness(password, "kinhte1") is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery", "mot hai ba bon", pytest.param(start_password(), id="given"), "Tô-phở-tái-97"],
)
def test_a_good_one_is_let_in(password):
    assert weakness(password, "kinhte1") is None


def test_neither_the_own_name_nor_a_drone(client):
    assert weakness("xx-Kinhte1-yy", "kinhte1") is Weakness.NAME
    assert weakness("aaaaaabbbbbb", "kinhte1") is Weakness.MONOTONOUS


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"old": "wrong wrong wrong"}, "old", "not your present password"),
        ({"new": "kurz", "again": "kurz"}, "new", "At least 10"),
        ({"new": "1234567890", "again": "1234567890"}, "new", "Many people"),
        ({"new": "x" * 201, "again": "x" * 201}, "new", "At most 200"),
        ({"again": "something else"}, "again", "differ"),
        ({"new": make.PASSWORD, "again": make.PASSWORD}, "new", "present password"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, clerk, fields, field, words):
    page = Page(change(client, **fields))

    assert page.status == 422
    assert words in page.fault(field)


def test_a_change_ends_the_other_browsers_and_keeps_this_one(client, clerk, app):
    other = app.test_client()
    make.signed_in(other, clerk)

    assert change(client).status_code == 303

    assert client.get("/desk/orders").status_code == 200
    assert other.get("/desk/orders").status_code == 302


def test_whoever_guesses_the_old_one_is_stopped(client, clerk):
    answers = [change(client, old=f"guess number {number}").status_code for number in range(8)]

    assert answers[-1] == 429
