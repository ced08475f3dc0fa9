"""The pages: first shown what would happen, then declared; a supplier's own only; calls, the rule, prices."""

import re
from typing import Any

import pytest

from orders.models import IfShort
from people.models import Role
from suppliers.shortages.models import Rule
from suppliers.shortages.queries import shortage_by_id
from suppliers.shortages.rules.queries import sharing_rule
from tests import books, make
from tests.desk import rows
from tests.pages import Page
from tests.short import FISH, ITEMS, Town, left, missing, town

pytestmark = pytest.mark.usefixtures("right_books")

CALL, EQUIVALENT, REFUND = IfShort.CALL, IfShort.EQUIVALENT, IfShort.REFUND
TYPED: dict[str, Any] = {"item": f"g:{FISH}", "quantity": "1 kg", "because": "ghe về muộn", "instead": "tép 300 g"}


@pytest.fixture
def place(session):
    return town(EQUIVALENT, REFUND, CALL)


@pytest.fixture
def supplier(client, place):
    return make.signed_in(client, make.staff(Role.SUPPLIER, username="ca", of=place.supplier))


def address(place):
    return f"/suppliers/manifests/{place.manifest.number}/shortages"


def hidden(page, name):
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def declared(client, place, **changes):
    typed = {**TYPED, **changes}
    shown = make.submit(client, address(place), **typed)
    seen = {"seen": hidden(shown.text, "seen"), "attempt": hidden(shown.text, "attempt")}
    return make.submit(client, address(place), **typed, **seen)


def test_first_it_is_shown_and_nothing_is_written(client, session, place, supplier):
    answer = make.submit(client, address(place), **{**TYPED, "quantity": "2.500 g"})

    assert Page(answer).status == 200
    assert "2,5 kg" in answer.text
    assert [order.code in answer.text for order in place.orders] == [True, True, True]
    assert "50.000" in answer.text
    assert books.count(session, "shortages") == 0


def test_then_it_is_declared(client, session, place, supplier):
    answer = declared(client, place)

    assert answer.status_code == 303
    assert rows(session, 'SELECT item, missing, because, instead, "by", rule FROM shortages') == [
        (FISH, 1_000, "ghe về muộn", "tép 300 g", "ca", "payment")
    ]
    page = client.get(answer.location).text
    assert place.orders[2].code in page
    assert "0912 345 003" in page  # to be called
    assert place.orders[0].code not in page


def test_what_changed_since_is_shown_anew(client, session, place, supplier):
    typed = {**TYPED, "quantity": "2 kg"}
    shown = make.submit(client, address(place), **typed)
    missing(place, 500)

    answer = make.submit(client, address(place), **typed, seen=hidden(shown.text, "seen"))

    assert answer.status_code == 409
    assert hidden(answer.text, "seen") != hidden(shown.text, "seen")
    assert books.count(session, "shortages") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"item": ""}, "item"),
        ({"item": "g:vàng"}, "item"),
        ({"item": "nonsense"}, "item"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "nhiều"}, "quantity"),
        ({"quantity": "12 quả"}, "quantity"),
        ({"quantity": "12"}, "quantity"),
        ({"quantity": "99 kg"}, "quantity"),
        ({"quantity": "99999999999 kg"}, "quantity"),
        ({"item": "piece:trứng gà", "quantity": "3 kg"}, "quantity"),
        ({"item": "piece:trứng gà", "quantity": "3 hộp"}, "quantity"),
        ({"because": ""}, "because"),
        ({"instead": "x" * 101}, "instead"),
    ],
    ids=str,
)
def test_a_fault_stands_beside_its_field(client, session, place, supplier, changes, field):
    answer = make.submit(client, address(place), **{**TYPED, **changes})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert books.count(session, "shortages") == 0


def test_another_suppliers_shortage_is_like_a_missing_one(client, session, place):
    shortage = missing(place, 2_500)
    make.signed_in(client, make.staff(Role.SUPPLIER))
    here = f"/suppliers/shortages/{shortage.id}"

    assert client.get(address(place)).status_code == 404
    assert client.get(here).status_code == 404
    for step in ("answer", "leave"):
        sent = {"order": place.orders[2].id, "became": "refund", "csrf_token": make.csrf_token(client, "/password")}
        assert client.post(f"{here}/{step}", data=sent).status_code == 404
    assert rows(session, "SELECT became FROM shortage_steps ORDER BY id") == [("refund",), ("refund",), ("call",)]


def test_a_supplier_takes_nothing_back_and_sees_no_page_of_the_office(client, place, supplier):
    shortage = missing(place, 500)

    assert (
        make.submit(
            client, f"/suppliers/shortages/{shortage.id}/withdraw", page=address(place), because="abcd"
        ).status_code
        == 403
    )
    assert client.get("/desk/admin/shortages").status_code == 403


def test_who_does_not_deliver_sees_no_name(client, session, place):
    shortage = missing(place, 500)
    packer = make.staff(Role.SUPPLIER, of=place.supplier)
    packer.delivers = False
    make.signed_in(client, packer)

    page = client.get(f"/suppliers/shortages/{shortage.id}").text

    assert place.orders[2].code in page
    assert place.orders[2].name not in page
    assert "0912 345 003" not in page


def test_an_answer_is_noted_with_its_name(client, session, place, supplier):
    shortage, order = missing(place, 500), place.orders[2]
    here = f"/suppliers/shortages/{shortage.id}"

    wrong = make.submit(client, f"{here}/answer", page=here, order=order.id, became="equivalent", instead="")
    right = make.submit(client, f"{here}/answer", page=here, order=order.id, became="equivalent", instead="tép 300 g")

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert f'id="instead-{order.id}-error"' in wrong.text
    assert "tép 300 g" in client.get(here).text
    assert rows(session, 'SELECT became, "by" FROM shortage_steps ORDER BY id')[-1] == ("equivalent", "ca")


def test_the_courier_leaves(client, session, place, supplier):
    shortage = missing(place, 500)
    here = f"/suppliers/shortages/{shortage.id}"

    assert make.submit(client, f"{here}/leave", page=here).status_code == 303
    assert rows(session, "SELECT amount, named_by FROM refunds") == [(25_000, None)]


def test_the_office_declares_too_and_takes_back(client, session, place):
    make.signed_in(client)
    answer = declared(client, place)
    here = answer.location

    assert make.submit(client, f"{here}/withdraw", page=here, because="").status_code == 422
    assert make.submit(client, f"{here}/withdraw", page=here, because="ghe đã về").status_code == 303

    assert "ghe đã về" in client.get(here).text
    found = shortage_by_id(session, int(here.rsplit("/", 1)[1]))
    assert found
    assert found.withdrawn_at is not None


def test_the_office_keeps_the_rule(client, session, place):
    make.signed_in(client)
    page = "/desk/admin/shortages"
    version = hidden(client.get(page).text, "version")

    assert make.submit(client, f"{page}/rule", page=page, rule="lottery", version=version).status_code == 422
    assert make.submit(client, f"{page}/rule", page=page, rule="proportion", version=version).status_code == 303
    assert make.submit(client, f"{page}/rule", page=page, rule="payment", version=version).status_code == 409

    assert sharing_rule(session).rule is Rule.PROPORTION
    assert rows(session, "SELECT was, became FROM changes WHERE kind = 'sharing_rule'") == [("payment", "proportion")]


def test_the_office_keeps_what_items_are_worth(client, session, place):
    make.signed_in(client)
    page = "/desk/admin/shortages"

    for name, unit, price, status in (
        ("", "g", "90k", 422),
        (FISH, "x", "90k", 422),
        (FISH, "g", "0", 422),
        (FISH, "g", "90k", 303),
        (FISH, "g", "95.000", 303),
    ):
        assert make.submit(client, f"{page}/prices", page=page, name=name, unit=unit, price=price).status_code == status
    ((kept, price),) = rows(session, "SELECT id, price FROM item_prices")
    assert price == 95_000
    assert make.submit(client, f"{page}/prices/{kept}/drop", page=page).status_code == 303
    assert make.submit(client, f"{page}/prices/{kept}/drop", page=page).status_code == 404

    assert books.count(session, "item_prices") == 0
    assert books.count(session, "changes") >= 3


def test_what_is_given_back_by_hand_is_noted_once(client, session):
    firm = make.supplier("CA")
    order = make.paid_order(make.combo("C01", packed_by=firm, items=ITEMS))
    missing(Town(firm, [order], [], left(order.round)), 500)
    make.signed_in(client)
    page = "/desk/admin/shortages"
    ((key,),) = rows(session, "SELECT id FROM returns_by_hand")

    assert order.code in client.get(page).text
    assert make.submit(client, f"{page}/returns/{key}", page=page, because=" ").status_code == 409
    assert make.submit(client, f"{page}/returns/{key}", page=page, because="tiền mặt").status_code == 303
    assert make.submit(client, f"{page}/returns/{key}", page=page, because="tiền mặt").status_code == 409

    assert order.code not in client.get(page).text
