"""The rota at the desk: off until the office sets it, for the city and for single wards, with its history."""

from typing import Any

import pytest

from kernel.queries import changes_of
from orders.rota.keep import rows_of, rule_of
from orders.rota.queries import days_of
from tests import make
from tests.pages import Page

PATH = "/desk/admin/rounds/rota"


@pytest.fixture
def clerk(client, stopped_clock):
    return make.signed_in(client)


def field(ward):
    return f"ward-{make.ward(ward).id}"


def keep(client, **changed):
    return make.submit(client, PATH, **{**Page(client.get(PATH)).filled(), "because": "ai cũng có lượt", **changed})


def test_it_is_off_until_the_office_sets_it(session):
    assert days_of(session, make.ward().id) == 0


def test_the_office_sets_it_for_the_city_and_for_a_ward(client, clerk, session):
    assert keep(client, city="7", **{field("An Bình"): "3", field("Bình An"): "0"}).status_code == 303

    assert [days_of(session, make.ward(name).id) for name in ("Dĩ An", "An Bình", "Bình An")] == [7, 3, 0]
    assert keep(client, **{field("An Bình"): ""}).status_code == 303
    assert days_of(session, make.ward("An Bình").id) == 7
    lines = changes_of(session, "rota", rows_of(session)[0].id)
    assert [(line.about, line.was, line.became) for line in lines] == [
        ("An Bình", "3", ""), ("Bình An", "", "0"), ("An Bình", "", "3"), ("", "0", "7"),
    ]  # fmt: skip
    assert {(line.by, line.because) for line in lines} == {(clerk.username, "ai cũng có lượt")}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("city", ""),
        ("city", "-1"),
        ("city", "61"),
        ("city", "1.5"),
        ("city", "week"),
        ("ward", "x"),
        ("ward", "99"),
        ("because", ""),
    ],
)
def test_bad_input_is_told_beside_the_field(client, clerk, session, name, typed):
    name = field("An Bình") if name == "ward" else name

    page = Page(keep(client, **{"city": "7", name: typed}))

    assert (page.status, bool(page.fault(name))) == (422, True)
    assert page.value(name) == typed
    assert rule_of(session).city == 0


def test_a_preview_shows_each_ward_and_saves_nothing(client, clerk, session):
    page = Page(keep(client, city="7", preview="yes", **{field("An Bình"): "0"}))

    assert page.status == 200
    assert "An Bình: as often as they like" in page.text()
    assert "Dĩ An: So that everybody gets a turn, each household orders once in 7 days" in page.text()
    assert rule_of(session).city == 0


def test_of_two_clerks_the_second_sees_both(client, clerk, session):
    form: dict[str, Any] = Page(client.get(PATH)).filled()
    keep(client, city="7")

    page = Page(make.submit(client, PATH, **{**form, "city": "14", "because": "cũng thế"}))

    assert (page.status, "Somebody was quicker" in page.text(), rule_of(session).city) == (409, True, 7)
