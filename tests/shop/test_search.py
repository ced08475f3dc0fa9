"""The shop's search: without tones, all words, typed tones first, near words only where none fit."""

import pytest

from shop.search import find
from tests import make
from tests.pages import Page


@pytest.fixture
def shelf(session):
    return [
        make.combo(name="Rau xanh", items=["rau muống 0,5 kg", "cà chua 1 kg"], group="Rau củ"),
        make.combo(name="Bữa cá", items=["cá lóc 1 kg"], group="Thịt cá"),
        make.combo(name="Gạo và gia vị", items=["gạo 5 kg", "muối 1 gói", "dưa leo 1 kg"], group="Nhu yếu phẩm"),
    ]


def names(found):
    return [combo.name for combo in found.combos]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("rau muong", ["Rau xanh"]),
        ("rau muống", ["Rau xanh"]),
        ("RAU  MUỐNG", ["Rau xanh"]),
        ("Dua leo", ["Gạo và gia vị"]),
        ("gao muoi", ["Gạo và gia vị"]),
        ("cá", ["Bữa cá", "Rau xanh"]),
        ("cà", ["Rau xanh", "Bữa cá"]),
        ("thit", ["Bữa cá"]),
        ("gạo cá", []),
        ("", ["Rau xanh", "Bữa cá", "Gạo và gia vị"]),
        ("%%%", []),
    ],
)
def test_every_word_must_be_found_and_tones_that_were_typed_come_first(shelf, asked, expected):
    assert names(find(shelf, asked)) == expected


@pytest.mark.parametrize(("asked", "expected"), [("rau muongg", ["Rau xanh"]), ("dua leoo", ["Gạo và gia vị"])])
def test_a_slip_is_forgiven_where_nothing_fits(shelf, asked, expected):
    found = find(shelf, asked)
    assert (names(found), found.near) == (expected, True)


@pytest.mark.parametrize("asked", ["xyzzy", "máy giặt", "zz"])
def test_what_is_like_nothing_finds_nothing(shelf, asked):
    assert find(shelf, asked) == find([], "xyzzy")


def test_the_page_searches_without_scripts_and_leads_back_from_nothing(client, shelf):
    page = Page(client.get("/?q=rau+muong"))
    assert [("".join(h.itertext())) for h in page.all("h3")] == ["Rau xanh"]
    assert page.value("q") == "rau muong"

    nothing = Page(client.get("/?q=xyzzy")).text()
    assert "Nothing is called “xyzzy”" in nothing
    assert "Show all combos" in nothing


def test_near_ones_are_said_to_be_near(client, shelf):
    assert "This is what comes near" in Page(client.get("/?q=muongg")).text()


def test_what_is_asked_is_shown_as_text(client, shelf):
    assert "<script>alert" not in client.get("/?q=<script>alert(1)</script>").text
