"""Checkout: what a resident fills in, how faults are told, and what the order then holds."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel import clock
from orders.checkout import place_order
from orders.consent import CURRENT, WORDINGS
from orders.models import Order, OrderState
from people.wards import WARDS_2021
from shop.rounds import round_promise
from tests import make
from tests.desk import send
from tests.orders.shopping import FILLED, check_out, pick, stocked
from tests.pages import Page, words
from tests.rush import rush

HIDDEN = "\u200b"
SCRIPT = "<script>alert(1)</script>"
QUOTES = "\"><img src=x onerror='alert(1)'> {{ 7*7 }}"


def orders_made(session) -> list[Order]:
    session.rollback()
    return list(session.scalars(select(Order).order_by(Order.id)))


def the_order(session) -> Order:
    (order,) = orders_made(session)
    return order


def test_an_order_holds_what_was_filled_in_and_its_price_and_place(session, client, stopped_clock):
    combo, delivery = stocked(price=150_000)
    pick(client, combo, quantity=2)

    answer = check_out(client, note="Gọi trước")

    order = the_order(session)
    assert (answer.status_code, answer.location) == (303, f"/o/{order.token}")
    assert (order.name, order.phone, order.ward.name, order.note) == (
        "Trần Thị Bưởi",
        "0912345678",
        "Dĩ An",
        "Gọi trước",
    )
    assert [(line.combo, line.quantity, line.unit_price) for line in order.lines] == [(combo, 2, 150_000)]
    assert (order.total, order.state, order.round, order.placed_at) == (
        300_000,
        OrderState.OPEN,
        delivery,
        clock.now(),
    )
    assert [event.became for event in order.history] == [OrderState.OPEN]
    assert len(order.holds) == 1


def test_the_basket_is_empty_after_the_order(client):
    combo, _delivery = stocked()
    pick(client, combo)

    check_out(client)

    assert client.get("/checkout").location == "/"


@pytest.mark.parametrize(
    "typed",
    ["0912345678", "+84912345678", "84912345678", "0084 912 345 678", "+84 (0)912 345 678", "912345678"]
    + ["0912.345.678", "0912-345-678", " 09 12 34 56 78 "],
)
def test_every_usual_form_of_a_phone_number_is_taken(session, client, typed):
    combo, _delivery = stocked()
    pick(client, combo)

    assert check_out(client, phone=typed).status_code == 303

    assert the_order(session).phone == "0912345678"


def test_a_number_from_before_2018_gets_its_new_prefix(session, client):
    combo, _delivery = stocked()
    pick(client, combo)

    check_out(client, phone="01681234567")

    assert the_order(session).phone == "0381234567"


@pytest.mark.parametrize(
    ("field", "typed", "fault"),
    [
        ("name", "", "Enter your full name"),
        ("name", "   ", "2 to 80 letters"),
        ("name", "A" * 81, "2 to 80 letters"),
        ("name", f"Trần{HIDDEN} Bưởi", "hidden or foreign character"),
        ("name", "Тran Bưởi", "hidden or foreign character"),
        ("phone", "", "Enter the phone number"),
        ("phone", "o912345678", "digits only"),
        ("phone", "091234567", "too short"),
        ("phone", "0912345678 0987654321", "too long"),
        ("phone", "0274 3822 825", "landline"),
        ("phone", "+1 555 123 4567", "Vietnamese mobile number"),
        ("phone", "0612345678", "begins like this"),
        ("ward", "", "Choose your ward"),
        ("ward", "Thủ Đức", "do not know this ward"),
        ("ward_typed", "x" * 81, "80"),
        ("address", "", "Enter the address"),
        ("address", "12", "4 to 200 letters"),
        ("address", "12 Lý\u202e Thường Kiệt", "hidden or foreign character"),
        ("note", "x" * 301, "At most 300"),
        ("round", "", "Choose a delivery round"),
        ("round", "²", "Choose a delivery round"),
        ("round", "9" * 40, "Choose"),
        ("consent", "", "consent"),
        ("consent", "false", "consent"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_is_lost(session, client, field, typed, fault):
    combo, _delivery = stocked()
    pick(client, combo)

    answer = check_out(client, **{field: typed})

    page = Page(answer)
    assert page.status == 422
    assert list(page.faults()) == [field]
    assert fault in page.fault(field)
    kept = {**FILLED, "phone": "0912345678"} | {field: " ".join(typed.split())}
    assert {name: page.value(name) for name in kept if name not in {"round", "consent", "ward"}} == {
        name: value for name, value in kept.items() if name not in {"round", "consent", "ward"}
    }
    assert orders_made(session) == []


def test_each_of_several_faults_is_told_and_each_is_linked_from_the_top(client):
    combo, _delivery = stocked()
    pick(client, combo)

    page = Page(check_out(client, name="", phone="12", ward="", address="", consent=""))

    assert set(page.faults()) == {"name", "phone", "ward", "address", "consent"}
    (summary,) = (e for e in page.root.iter() if "data-faults" in e.attrib)
    assert [page.by_id(link.get("href", "")[1:]).get("name") for link in summary.iter("a")] == list(page.faults())
    assert "Error:" in words(page.all("title")[0])


def test_consent_is_not_ticked_for_anybody_and_its_wording_and_time_are_kept(session, client, stopped_clock):
    combo, _delivery = stocked()
    pick(client, combo)
    asked = Page(client.get("/checkout"))
    assert asked.value("consent") == ""
    assert str(WORDINGS[CURRENT]) in asked.text()

    check_out(client)

    order = the_order(session)
    assert (order.consent_wording, order.consent_at) == (CURRENT, clock.now())


def test_the_seven_wards_of_2021_are_offered_and_kept_with_their_vintage(session, client):
    combo, delivery = stocked()
    make.capacity(delivery, combo.supplier, ward="An Bình")
    pick(client, combo)
    (select_ward,) = Page(client.get("/checkout")).all("select", name="ward")
    assert [o.get("value") for o in select_ward.iter("option")] == ["", *(ward.name for ward in WARDS_2021)]

    check_out(client, ward="An Bình")

    assert (the_order(session).ward.name, the_order(session).ward.vintage) == ("An Bình", 2021)


def test_a_ward_can_be_typed(session, client):
    combo, delivery = stocked()
    make.capacity(delivery, combo.supplier, ward="Tân Đông Hiệp")
    pick(client, combo)

    assert check_out(client, ward="", ward_typed="P. TDH, TP Dĩ An").status_code == 303

    assert the_order(session).ward.name == "Tân Đông Hiệp"


def test_a_name_of_2025_asks_which_ward_of_before_it_was(session, client):
    combo, delivery = stocked()
    make.capacity(delivery, combo.supplier, ward="An Bình")
    pick(client, combo)

    page = Page(check_out(client, ward="", ward_typed="Phường Dĩ An, TP.HCM"))

    (select_ward,) = page.all("select", name="ward")
    assert [o.get("value") for o in select_ward.iter("option")][1:] == ["Dĩ An", "Tân Đông Hiệp", "An Bình"]
    assert "several wards" in page.fault("ward")
    assert check_out(client, ward="An Bình", ward_typed="Phường Dĩ An, TP.HCM").status_code == 303
    assert the_order(session).ward.name == "An Bình"


def test_the_deadline_is_a_day_ahead(session, client, stopped_clock):
    combo, _delivery = stocked()
    pick(client, combo)

    check_out(client)

    assert the_order(session).expires_at == clock.now() + timedelta(hours=24)


def test_no_deadline_is_later_than_the_rounds_close(session, client, stopped_clock):
    combo, delivery = stocked()
    stopped_clock.set(delivery.closes_at - timedelta(hours=3))
    pick(client, combo)

    check_out(client)

    assert the_order(session).expires_at == delivery.closes_at


def test_a_form_sent_twice_makes_one_order(session, client):
    combo, _delivery = stocked()
    pick(client, combo)
    form = {**Page(client.get("/checkout")).filled(), **FILLED}
    cookie = client.get_cookie("market").value

    first = client.post("/checkout", data=form)
    client.set_cookie("market", cookie)  # a second click is sent before the first answer has come
    second = client.post("/checkout", data=form)

    assert (second.status_code, second.location) == (303, first.location)
    assert session.scalar(select(func.count()).select_from(Order)) == 1


def test_a_form_sent_many_times_at_once_makes_one_order_and_all_are_led_to_it(app, session, client):
    """Even for the last place: whoever comes second finds the order, not a full round."""
    combo, _delivery = stocked(places=1)
    pick(client, combo)
    form = {**Page(client.get("/checkout")).filled(), **FILLED}
    cookie = client.get_cookie("market").value
    session.commit()

    def click(_number: int) -> str:
        impatient = app.test_client()
        impatient.set_cookie("market", cookie)
        answer = impatient.post("/checkout", data=form)
        return f"{answer.status_code} {answer.location}"

    answers = rush(app, 6, click)

    assert answers == {f"303 /o/{the_order(session).token}": 6}


def test_the_same_attempt_again_is_the_order_that_it_made_and_takes_no_second_place(session):
    combo, delivery = stocked(places=1)
    how: dict[str, Any] = {
        "delivery": delivery,
        "at": clock.now(),
        "window": timedelta(hours=24),
        "attempt": "this form",
    }

    first, second = (place_order(session, make.basket(combo), make.recipient(), **how) for _time in range(2))

    assert first is second
    assert len(first.holds) == 1


def test_a_price_that_changed_meanwhile_is_shown_before_anything_is_ordered(session, client):
    combo, _delivery = stocked(price=100_000)
    pick(client, combo)
    form = Page(client.get("/checkout")).filled()
    make.reprice(combo, 120_000)

    page = Page(client.post("/checkout", data={**form, **FILLED}))

    assert page.status == 409
    assert "price has changed" in page.text()
    assert page.text().count("120.000 ₫") >= 2
    assert (page.value("name"), page.value("address")) == (FILLED["name"], FILLED["address"])
    assert orders_made(session) == []
    again = client.post("/checkout", data={**page.filled(), **FILLED})
    assert (again.status_code, the_order(session).total) == (303, 120_000)


def test_a_round_that_closed_meanwhile_is_told_at_the_rounds(session, client, stopped_clock):
    combo, delivery = stocked()
    later = make.round(closes_at=delivery.closes_at + timedelta(days=2))
    make.capacity(later, combo.supplier)
    pick(client, combo)
    form = Page(client.get("/checkout")).filled()
    assert form["round"] == str(delivery.id)
    stopped_clock.set(delivery.closes_at)

    page = Page(client.post("/checkout", data={**form, **FILLED}))

    assert (page.status, orders_made(session)) == (409, [])
    assert "closed" in page.fault("round")
    assert [radio.get("value") for radio in page.all("input", name="round")] == [str(later.id)]


def test_a_round_that_left_early_is_offered_no_more(session, client, stopped_clock):
    combo, delivery = stocked()
    later = make.round(closes_at=delivery.closes_at + timedelta(days=2))
    make.capacity(later, combo.supplier)
    pick(client, combo)
    form = Page(client.get("/checkout")).filled()
    make.paid_order(combo, delivery=delivery)
    send(session, delivery)
    before = len(orders_made(session))

    page = Page(client.post("/checkout", data={**form, **FILLED}))

    assert (page.status, len(orders_made(session))) == (409, before)
    assert "closed" in page.fault("round")
    for address in ("/checkout", "/waiting-list"):
        offered = Page(client.get(address)).all("input", name="round")
        assert [radio.get("value") for radio in offered] == [str(later.id)]
    for address in ("/", "/guide"):
        assert round_promise(later) in client.get(address).text
        assert round_promise(delivery) not in Page(client.get(address)).text()


def test_a_full_round_says_so_and_the_form_keeps_its_answers(session, client):
    combo, delivery = stocked(places=0)
    free = make.round()
    make.capacity(free, combo.supplier)
    pick(client, combo)

    page = Page(check_out(client, round=str(delivery.id)))

    assert (page.status, orders_made(session)) == (409, [])
    assert "full for your ward" in page.fault("round")
    assert page.value("name") == FILLED["name"]
    disabled = {radio.get("value"): "disabled" in radio.attrib for radio in page.all("input", name="round")}
    assert disabled == {str(delivery.id): True, str(free.id): False}


def test_which_wards_a_round_is_full_for_is_told_before_anything_is_filled_in(client):
    combo, delivery = stocked()
    make.capacity(delivery, combo.supplier, ward="An Bình", places=0)
    gone = make.round()
    make.capacity(gone, combo.supplier, places=0)
    pick(client, combo)

    page = Page(client.get("/checkout"))

    wards = re.findall(r"Full for ((?!your)[^.]+)\.", page.text())
    assert [set(named.split(", ")) for named in wards] == [{ward.name for ward in WARDS_2021} - {"Dĩ An"}]
    assert {r.get("value"): "disabled" in r.attrib for r in page.all("input", name="round")} == {
        str(delivery.id): False,
        str(gone.id): True,
    }


def test_a_round_that_does_not_exist_is_told_in_words(client):
    combo, _delivery = stocked()
    pick(client, combo)

    page = Page(check_out(client, round="999999"))

    assert (page.status, list(page.faults())) == (409, ["round"])
    assert len(page.fault("round")) > len("Error:")


def test_without_a_basket_there_is_nothing_to_check_out(client):
    answer = client.get("/checkout", follow_redirects=True)

    assert answer.request.path == "/"
    assert "basket is empty" in Page(answer).text()


@pytest.mark.parametrize("hostile", [SCRIPT, QUOTES])
def test_markup_in_a_name_an_address_or_a_note_is_shown_as_text_on_every_page(session, client, hostile):
    combo, _delivery = stocked()
    pick(client, combo)
    wrong = check_out(client, name=hostile, address=hostile, note=hostile, phone="12")
    assert hostile not in wrong.text
    assert Page(wrong).value("name") == hostile

    location = check_out(client, name=hostile, address=hostile, note=hostile).location
    order = the_order(session)
    make.signed_in(client)
    for path in (location, "/desk/orders", f"/desk/orders/{order.code}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert hostile not in answer.text, path
        assert hostile in Page(answer).text(), path


@pytest.mark.parametrize(
    "field", ["name", "phone", "ward", "ward_typed", "address", "note", "round", "attempt", "seen_total"]
)
def test_a_nul_character_breaks_nothing(session, client, field):
    combo, _delivery = stocked()
    pick(client, combo)

    answer = check_out(client, **{field: f"{FILLED.get(field, 'x')}\x00"})

    assert answer.status_code in {400, 409, 422}
    assert orders_made(session) == []


NEAR, FAR_FROM_DI_AN, HANOI = "10.8965, 106.7530", "10.9550, 106.7550", "21.0285, 105.8542"


def test_a_pin_is_kept_with_the_order_and_told_on_its_page(session, client):
    combo, _delivery = stocked()
    pick(client, combo)

    answer = check_out(client, location=f"https://www.google.com/maps?q={NEAR}")

    order = the_order(session)
    assert (order.lat, order.lon) == (10.8965, 106.7530)
    assert "Location given" in client.get(answer.location).text


def test_without_a_pin_there_is_none(session, client):
    combo, _delivery = stocked()
    pick(client, combo)

    answer = check_out(client)

    assert (the_order(session).lat, the_order(session).lon) == (None, None)
    assert "Location given" not in client.get(answer.location).text


def test_a_pin_far_from_the_ward_is_asked_about_once(session, client):
    combo, _delivery = stocked()
    pick(client, combo)

    asked = check_out(client, location=FAR_FROM_DI_AN)
    assert (asked.status_code, orders_made(session)) == (422, [])
    again = client.post("/checkout", data={**Page(asked).filled(), "consent": "y"})

    assert again.status_code == 303
    assert the_order(session).lat == 10.955


def test_another_far_pin_is_asked_about_again(session, client):
    combo, _delivery = stocked()
    pick(client, combo)
    asked = check_out(client, location=FAR_FROM_DI_AN)

    other = client.post("/checkout", data={**Page(asked).filled(), "consent": "y", "location": "10.9560, 106.7550"})

    assert (other.status_code, orders_made(session)) == (422, [])


def test_a_pin_outside_the_city_is_refused_however_often(session, client):
    combo, _delivery = stocked()
    pick(client, combo)

    assert check_out(client, location=HANOI).status_code == 422
    assert check_out(client, location=HANOI, sure_of=HANOI).status_code == 422
    assert orders_made(session) == []


def test_only_the_checkout_may_ask_the_phone_where_it_is(client):
    combo, _delivery = stocked()
    pick(client, combo)

    policies = [client.get(path).headers["Permissions-Policy"] for path in ("/checkout", "/", "/basket")]

    assert ["geolocation=(self)" in policy for policy in policies] == [True, False, False]
    assert all("camera=()" in policy for policy in policies)
