"""Orders at the desk over HTTP: found, looked at, given combos, revived."""

from datetime import timedelta

import pytest

from kernel import clock
from orders.models import OrderState
from people.models import Role
from tests import books, make
from tests.desk import pay

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.mark.parametrize("asked", ["{code}", "0912345678", "0912 345 678", "buoi", "Trần Thị", "tran thi b"])
def test_an_order_is_found_by_code_phone_or_name(clerk, asked):
    order = make.order(name="Trần Thị Bưởi", phone="0912345678")
    noise = make.order(name="Lê Văn Cam", phone="0987654321")

    page = clerk.get("/desk/orders", query_string={"q": asked.format(code=order.code.lower())}).text

    if asked != "buoi":  # a name is looked up from its beginning
        assert order.code in page
    assert noise.code not in page


def test_without_a_question_the_newest_are_listed(clerk):
    orders = [make.order() for _number in range(3)]

    page = clerk.get("/desk/orders").text

    assert all(order.code in page for order in orders)


def test_what_is_asked_is_shown_not_run(clerk):
    assert "<script>x" not in clerk.get("/desk/orders", query_string={"q": '"><script>x</script>'}).text


def test_an_orders_page_shows_its_money_and_its_history(clerk, session):
    order = make.order(total=200_000)
    pay(session, make.transfer(120_000), order)

    page = clerk.get(f"/desk/orders/{order.code.lower()}").text

    assert order.name in page
    assert "80.000" in page
    assert "120.000" in page


def test_a_missing_order_is_not_found(clerk):
    assert clerk.get("/desk/orders/DC2CYTZ9S").status_code == 404


def test_combos_are_given_through_the_page(clerk, session):
    combo = make.combo("C02", price=100_000)
    order = make.order(elsewhere=True)
    page = f"/desk/orders/{order.code}"

    faulty = [
        make.submit(clerk, f"{page}/combos", page=page, combos=text) for text in ("", " ", "C02:0", "C02:2", "C99")
    ]
    answer = make.submit(clerk, f"{page}/combos", page=page, combos="c02 x 1")
    session.expire_all()

    assert [each.status_code for each in faulty] == [422] * 5
    assert answer.status_code == 303
    assert [line.combo_id for line in order.lines] == [combo.id]


def expired(session, delivery, combo):
    order = make.order(combo, delivery=delivery, state=OrderState.EXPIRED)
    session.commit()
    return order


def test_an_expired_order_is_revived_while_its_round_takes_orders(clerk, session, stopped_clock):
    delivery, combo = make.round(closes_at=clock.now() + timedelta(hours=5)), make.combo()
    capacity = make.capacity(delivery, combo.supplier, places=1)
    order = expired(session, delivery, combo)
    page = f"/desk/orders/{order.code}"

    answer = make.submit(clerk, f"{page}/revive", page=page, because="paid in time")
    session.expire_all()

    assert answer.status_code == 303
    assert (order.state, order.expires_at, capacity.held) == (OrderState.OPEN, delivery.closes_at, 1)
    assert order.history[-1].because == "paid in time"


def test_not_without_a_reason(clerk, session):
    order = expired(session, make.round(), make.combo())
    page = f"/desk/orders/{order.code}"

    answer = make.submit(clerk, f"{page}/revive", page=page, because="  ")
    session.expire_all()

    assert answer.status_code == 422
    assert order.state is OrderState.EXPIRED


def test_not_where_its_places_are_gone(clerk, session):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=0)
    order = expired(session, delivery, combo)
    held = books.count(session, "place_holds")
    page = f"/desk/orders/{order.code}"

    answer = make.submit(clerk, f"{page}/revive", page=page, because="paid in time")
    session.expire_all()

    assert answer.status_code == 409
    assert (order.state, books.count(session, "place_holds")) == (OrderState.EXPIRED, held)


def test_not_after_its_round_has_closed(clerk, session, stopped_clock):
    order = expired(session, make.round(closes_at=clock.now() + timedelta(hours=1)), make.combo())
    page = f"/desk/orders/{order.code}"
    token = make.csrf_token(clerk, page)
    stopped_clock.forward(hours=2)

    answer = make.submit(clerk, f"{page}/revive", csrf_token=token, because="paid in time")
    session.expire_all()

    assert answer.status_code == 409
    assert order.state is OrderState.EXPIRED


def test_an_open_order_is_not_revived(clerk, session):
    order = make.order()
    other = expired(session, make.round(), make.combo())
    token = make.csrf_token(clerk, f"/desk/orders/{other.code}")

    answer = make.submit(clerk, f"/desk/orders/{order.code}/revive", csrf_token=token, because="why not")

    assert answer.status_code == 409


def test_a_supplier_has_no_business_here(client):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk/orders").status_code == 403
