"""The same again: what is still sold, what changed, and an address only for who came by the private link."""

import pytest

from tests import make
from tests.orders.shopping import stocked
from tests.pages import Page

ADDRESS = "12 Lý Thường Kiệt, KP Thống Nhất"


@pytest.fixture
def past(session):
    combo, _delivery = stocked()
    gone = make.combo(name="Trái cây tuần")
    order = make.paid_order(combo, gone)
    make.reprice(combo, 120_000)
    gone.on_sale = False
    make.paid_order(make.combo(name="Của người khác"))
    return order


def again(client, order):
    return make.submit(client, f"/o/{order.token}/again", page=f"/o/{order.token}", follow=True)


def track_again(client, order, last4):
    return make.submit(client, "/track/again", page="/track", follow=True, code=order.code, last4=last4)


def test_the_basket_holds_what_is_still_sold_and_says_what_changed(client, past):
    page = Page(again(client, past)).text()

    assert f"{past.lines[0].name} has a new price: from 100.000 ₫ to 120.000 ₫" in page
    assert "No longer sold, so not in your basket: Trái cây tuần" in page
    assert "Total 120.000 ₫" in page


def test_a_second_time_changes_nothing(client, past):
    again(client, past)
    assert "Total 120.000 ₫" in Page(again(client, past)).text()


def test_the_private_link_fills_in_the_checkout(client, past):
    again(client, past)
    page = Page(client.get("/checkout"))

    assert (page.value("name"), page.value("address"), page.value("ward")) == (past.name, ADDRESS, "Dĩ An")
    assert page.value("consent") == ""


def test_code_and_four_digits_fill_the_basket_and_show_no_address(client, past):
    assert "Total 120.000 ₫" in Page(track_again(client, past, "5678")).text()

    checkout = client.get("/checkout").text
    assert ADDRESS not in checkout
    assert past.name not in checkout


def test_tracking_forgets_what_a_private_link_had_filled_in(client, past):
    again(client, past)
    track_again(client, past, "5678")
    assert ADDRESS not in client.get("/checkout").text


def test_wrong_digits_fill_nothing(client, past):
    assert track_again(client, past, "0000").status_code == 404
    assert "Your basket is empty" in Page(client.get("/basket")).text()


def test_after_an_hour_nothing_is_filled_in(client, stopped_clock, past):
    again(client, past)
    stopped_clock.forward(hours=1)
    assert ADDRESS not in client.get("/checkout").text


def test_another_person_at_the_same_phone_empties_the_form(client, past):
    again(client, past)
    make.submit(client, "/checkout/empty", page="/checkout")
    assert ADDRESS not in client.get("/checkout").text


def test_the_cookie_holds_nothing_of_the_person(client, past):
    again(client, past)
    with client.session_transaction() as cookie:
        assert past.phone not in repr(dict(cookie))
        assert past.name not in repr(dict(cookie))
        assert past.token not in repr(dict(cookie))


def test_an_order_taken_elsewhere_has_nothing_to_repeat(client, session):
    page = Page(again(client, make.paid_order(elsewhere=True))).text()
    assert "No longer sold" in page
