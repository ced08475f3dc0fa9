"""The shop's pages and the basket."""

import pytest

from shop.basket import MOST_OF_ONE
from tests import make
from tests.pages import Page


def shown(client, path: str = "/") -> list[str]:
    """The names of the combos on the page, in order."""
    return ["".join(heading.itertext()) for heading in Page(client.get(path)).all("h3")]


def put(client, combo, quantity: object, *, into: str = "add"):
    token = make.csrf_token(client, "/track")
    return client.post(f"/basket/{into}", data={"csrf_token": token, "combo": combo.code, "quantity": quantity})


@pytest.fixture
def shelf(session):
    """Three groups, one price each band, and one combo that is no longer sold."""
    make.combo(name="Rau rẻ", price=100_000, group="Rau củ")
    make.combo(name="Thịt vừa", price=300_000, group="Thịt cá")
    make.combo(name="Gạo đắt", price=500_000, group="Nhu yếu phẩm")
    make.combo(name="Rau vừa", price=150_001, group="Rau củ")
    make.combo(name="Rau cũ", price=100_000, group="Rau củ", on_sale=False)


def test_combos_stand_by_group_and_those_no_longer_sold_are_gone(client, shelf):
    assert shown(client) == ["Rau rẻ", "Rau vừa", "Thịt vừa", "Gạo đắt"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?group=Rau+củ", ["Rau rẻ", "Rau vừa"]),
        ("?band=100-150", ["Rau rẻ"]),
        ("?band=200-300", ["Thịt vừa", "Rau vừa"]),
        ("?band=350-500", ["Gạo đắt"]),
        ("?group=Rau+củ&band=200-300", ["Rau vừa"]),
        ("?group=Rau+củ&band=350-500", []),
        ("?group=<script>", []),
        ("?band=unknown", ["Rau rẻ", "Rau vừa", "Thịt vừa", "Gạo đắt"]),
    ],
)
def test_groups_and_price_bands_narrow_the_shelf(client, shelf, query, names):
    assert shown(client, f"/{query}") == names


def test_a_combos_page_tells_items_quantities_price_and_who_packs_it(client):
    combo = make.combo(price=250_000, items=("rau muống 0,5 kg", "trứng gà 10 quả", "bí xanh 1 trái (~0,8 kg)"))

    text = Page(client.get(f"/combos/{combo.code.lower()}")).text()

    assert [
        word for word in ("250.000 ₫", "500 g", "10 quả", "1 trái (~0,8 kg)", combo.supplier.name) if word not in text
    ] == []


@pytest.mark.parametrize("code", ["C404", "<script>", "%F0%9F%8D%9A"])
def test_a_combo_that_is_not_sold_is_told_in_words(client, code):
    page = Page(client.get(f"/combos/{code}"))

    assert page.status == 404
    assert "no such combo" in page.text()


def test_the_next_round_is_told_with_its_last_moment(client, stopped_clock):
    delivery, _later = make.round(), make.round()

    assert "09/09/2021 09:00" in Page(client.get("/")).text()
    stopped_clock.set(delivery.closes_at)
    assert "No delivery is open" in Page(client.get("/")).text()


def test_what_is_picked_adds_up(client):
    greens, meat = make.combo(price=100_000), make.combo(price=200_000)
    for combo, quantity in ((greens, 1), (meat, 2), (greens, 2)):
        assert put(client, combo, quantity).location == "/basket"

    text = Page(client.get("/basket")).text()

    assert "300.000 ₫" in text
    assert "400.000 ₫" in text
    assert "Total 700.000 ₫" in text


def test_quantities_are_changed_and_none_takes_the_combo_out(client):
    combo = make.combo(price=100_000)
    put(client, combo, 3)

    put(client, combo, 2, into="change")
    assert "Total 200.000 ₫" in Page(client.get("/basket")).text()
    put(client, combo, 0, into="change")
    assert "basket is empty" in Page(client.get("/basket")).text()


@pytest.mark.parametrize(
    ("quantity", "fault"),
    [
        (MOST_OF_ONE + 1, "Between 0 and 20"),
        (-1, "Between 0 and 20"),
        ("", "whole number"),
        ("1.5", "whole number"),
        ("nhiều", "whole number"),
        ("9" * 5000, "whole number"),
    ],
)
def test_a_wrong_quantity_is_told_where_it_was_typed_and_changes_nothing(client, quantity, fault):
    combo = make.combo(price=100_000)

    added = Page(put(client, combo, quantity))
    put(client, combo, 1)
    put(client, combo, quantity, into="change")
    basket = Page(client.get("/basket"))

    assert (added.status, list(added.faults())) == (422, ["quantity"])
    assert fault in added.fault("quantity")
    assert fault in basket.text()
    assert "Total 100.000 ₫" in basket.text()


def test_nobody_gets_more_of_one_combo_than_the_most_however_often_it_is_added(client):
    combo = make.combo(price=100_000)
    for _time in range(3):
        put(client, combo, 15)

    assert "Total 2.000.000 ₫" in Page(client.get("/basket")).text()


def test_a_combo_that_is_no_longer_sold_drops_out_of_the_basket(session, client):
    kept, gone = make.combo(price=100_000), make.combo(price=200_000)
    put(client, kept, 1)
    put(client, gone, 1)

    gone.on_sale = False

    assert "Total 100.000 ₫" in Page(client.get("/basket")).text()
    assert put(client, gone, 1).status_code == 404


def test_a_basket_is_priced_at_todays_prices(session, client):
    combo = make.combo(price=100_000)
    put(client, combo, 1)

    make.reprice(combo, 120_000)

    assert "Total 120.000 ₫" in Page(client.get("/basket")).text()


def test_a_forged_basket_is_an_empty_one(client):
    combo = make.combo()
    put(client, combo, 1)
    cookie = client.get_cookie("market").value

    client.set_cookie("market", cookie[:-2] + ("AA" if cookie[-2] != "A" else "BA"))

    assert "basket is empty" in Page(client.get("/basket")).text()
