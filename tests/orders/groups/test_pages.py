"""The leader's pages: a draft behind one link, neighbours one by one or as a table, then the group and how to pay."""

from typing import Any

import pytest
from sqlalchemy import func, select

from kernel import clock
from orders.consent import NEIGHBOURS
from orders.groups.models import GroupDraft, Neighbour
from orders.groups.queries import MOST, orders_of
from orders.groups.stand import stand_of
from orders.models import Order, OrderGroup, OrderState
from tests import make
from tests.pages import page
from tests.rush import rush

LEADER: dict[str, Any] = {"name": "Đỗ Thị Tổ Trưởng", "phone": "0909 090 909", "ward": "Dĩ An", "consent": "y"}
MAN: dict[str, Any] = {"name": "Lê Thị Mận", "phone": "0912 345 678", "address": "12 Lý Thường Kiệt", "consent": "y"}


@pytest.fixture
def combos(session):
    return make.combo("C01", price=130_000), make.combo("C02", price=250_000)


@pytest.fixture
def delivery(session, combos):
    there = make.round()
    for each in combos:
        make.capacity(there, each.supplier)
    return there


@pytest.fixture
def draft(client, delivery):
    """The address of a group order that was just begun."""
    answer = make.submit(client, "/group", round=delivery.id, **LEADER)
    assert answer.status_code == 303, answer.text
    return answer.location


def add(client, draft, **changes):
    fields: dict[str, Any] = {**MAN, "many_C01": "1", **changes}
    return make.submit(client, f"{draft}/add", **fields)


def text(client, path):
    return page(client.get(path)).text()


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_leader_writes_neighbours_down_orders_and_sees_what_to_pay(session, client, draft):
    make.bank_account()
    add(client, draft)
    added = add(client, draft, name="Trần Văn Sung", phone="", address="14 Lý Thường Kiệt", many_C02="2")
    assert added.location == f"{draft}/add"
    assert "2 orders, 760.000 ₫ together" in text(client, f"{draft}/add")
    assert count(session, Order) == 0

    answer = make.submit(client, f"{draft}/place", page=draft, seen_total="760000")

    assert answer.location == draft
    group = session.scalars(select(OrderGroup)).one()
    until = stand_of(session, group.code).until
    assert until
    shown = page(client.get(draft))
    assert f"Please transfer 760.000 ₫ before {clock.local(until):%d/%m/%Y %H:%M}" in shown.text()
    assert shown.text("memo") == group.code
    assert shown.text("amount") == "760000"
    assert [order.name in shown.text() for order in orders_of(session, group.code)] == [True, True]
    assert client.get(f"{draft}/qr.png").mimetype == "image/png"


def test_a_neighbours_own_page_says_that_the_leader_pays(session, client):
    make.bank_account()
    group = make.group()
    order = orders_of(session, group.code)[0]

    said = text(client, f"/o/{order.token}")

    assert f"{group.leader_name} pays this order" in said
    assert group.code in said
    assert "Pay by bank transfer" not in said
    assert client.get(f"/o/{order.token}/qr.png").status_code == 404
    assert "Waiting for the payment of your group's leader" in client.get(f"/o/{order.token}.txt").text.replace(
        "\n", " "
    )


def test_the_private_pages_are_nobody_elses(session, client, draft):
    for path in (draft, f"{draft}/add", f"{draft}/paste", f"{draft}/leader", f"/g/{make.group().token}"):
        answer = client.get(path)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path


def test_a_neighbour_is_corrected_and_removed(session, client, draft):
    add(client, draft, many_C02="3")
    number = session.scalars(select(Neighbour.id)).one()
    filled = page(client.get(f"{draft}/neighbours/{number}")).filled()
    assert (filled["name"], filled["phone"], filled["many_C01"], filled["many_C02"]) == (
        "Lê Thị Mận",
        "0912345678",
        "1",
        "3",
    )

    make.submit(client, f"{draft}/neighbours/{number}", **{**MAN, "name": "Lê Thị Mận Em", "many_C02": "1"})

    session.expire_all()
    kept = session.scalars(select(Neighbour)).one()
    assert (kept.name, kept.picked) == ("Lê Thị Mận Em", {"C02": 1})
    make.submit(client, f"{draft}/neighbours/{number}/remove", page=draft)
    assert count(session, Neighbour) == 0
    assert client.get(f"{draft}/neighbours/{number}").status_code == 404


def test_the_next_neighbour_may_have_the_same_combos(session, client, draft):
    add(client, draft, many_C02="2")
    number = session.scalars(select(Neighbour.id)).one()

    filled = page(client.get(f"{draft}/add?like={number}")).filled()

    assert (filled.get("name"), filled["many_C01"], filled["many_C02"]) == (None, "1", "2")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"address": ""}, "address"),
        ({"consent": ""}, "consent"),
        ({"many_C01": "21"}, "many_C01"),
        ({"many_C01": "x"}, "many_C01"),
        ({"many_C01": ""}, "many_C01"),
        ({"many_C01": "0"}, "many_C01"),
        ({"name": "Lê\u200bMận"}, "name"),
    ],
)
def test_a_faulty_neighbour_is_asked_for_again(session, client, draft, changes, field):
    answer = add(client, draft, **changes)

    assert answer.status_code == 422
    assert field in page(answer).faults()
    assert count(session, Neighbour) == 0


def paste(client, draft, table, consent="y"):
    return make.submit(client, f"{draft}/paste", table=table, consent=consent)


def test_a_table_is_pasted_with_or_without_phones(session, client, draft):
    answer = paste(
        client,
        draft,
        "Họ tên; Điện thoại; Địa chỉ; Combo\n"
        "Lê Thị Mận; 0912 345 678; 12 Lý Thường Kiệt; C01 x2, C02\n\n"
        "Trần Văn Sung\t\t14 Lý Thường Kiệt\tc02\n",
    )

    assert answer.location == draft
    kept = session.scalars(select(Neighbour).order_by(Neighbour.id)).all()
    assert [(each.name, each.phone, each.address, each.picked) for each in kept] == [
        ("Lê Thị Mận", "0912345678", "12 Lý Thường Kiệt", {"C01": 2, "C02": 1}),
        ("Trần Văn Sung", "", "14 Lý Thường Kiệt", {"C02": 1}),
    ]
    assert {each.consent_wording for each in kept} == {NEIGHBOURS}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Lê Thị Mận; 0912345678; C01", "Line 2: name, phone, address"),
        ("Lê Thị Mận; 12; 12 Lý Thường Kiệt; C01", "Line 2: “12” is no mobile number"),
        ("Lê Thị Mận; ; 12 Lý Thường Kiệt; C99", "Line 2: “C99” is no combo"),
        ("Lê Thị Mận; ; 12 Lý Thường Kiệt; C01 x99", "Line 2: “C01 x99” is no combo"),
        ("Lê Thị Mận; ; 12 Lý Thường Kiệt; C01, C01", "Line 2: combo C01 stands there twice"),
        ("Lê Thị Mận; ; 12 Lý Thường Kiệt;", "Line 2: no combo is named"),
        ("L; ; 12 Lý Thường Kiệt; C01", "Line 2: a name has 2 to 80 letters"),
        ("Lê\u200b Thị Mận; ; 12 Lý Thường Kiệt; C01", "Line 2: there is a hidden or foreign character"),
    ],
)
def test_a_faulty_line_is_named_and_nobody_is_taken(session, client, draft, line, said):
    answer = paste(client, draft, f"Trần Văn Sung; ; 14 Lý Thường Kiệt; C02\n{line}")

    assert answer.status_code == 422
    assert said in page(answer).text()
    assert count(session, Neighbour) == 0


def test_a_table_of_more_than_a_group_holds_is_refused_whole(session, client, draft):
    answer = paste(client, draft, "Lê Thị Mận; ; 12 Lý Thường Kiệt; C01\n" * (MOST + 1))

    assert (answer.status_code, count(session, Neighbour)) == (409, 0)


def test_a_table_without_their_consent_is_refused(session, client, draft):
    assert paste(client, draft, "Lê Thị Mận; ; 12 Lý Thường Kiệt; C01", consent="").status_code == 422
    assert count(session, Neighbour) == 0


def test_a_full_round_orders_nothing_and_the_leader_can_choose_another(session, client, draft, combos, delivery):
    for each in delivery.capacities:
        each.places = 1
    roomy = make.round()
    make.capacity(roomy, combos[0].supplier)
    paste(client, draft, "Lê Thị Mận; ; 12 Lý Thường Kiệt; C01\n" * 2)

    answer = make.submit(client, f"{draft}/place", page=draft, seen_total="260000")

    assert answer.status_code == 409
    assert "not enough places" in page(answer).text()
    assert (count(session, Order), count(session, Neighbour)) == (0, 2)
    make.submit(client, f"{draft}/leader", round=roomy.id, **LEADER)
    assert make.submit(client, f"{draft}/place", page=draft, seen_total="260000").status_code == 303
    assert {order.round_id for order in session.scalars(select(Order))} == {roomy.id}


def test_a_price_that_has_changed_is_shown_before_it_is_paid(session, client, draft, combos):
    add(client, draft)
    make.reprice(combos[0], 140_000)

    answer = make.submit(client, f"{draft}/place", page=draft, seen_total="130000")

    assert answer.status_code == 409
    assert "140.000" in page(answer).text()
    assert count(session, Order) == 0


def test_the_form_sent_twice_at_once_makes_one_group(app, session, client, draft):
    add(client, draft)
    token = make.csrf_token(client, draft)
    cookie = client.get_cookie("market").value

    def send(_number):
        visitor = app.test_client()
        visitor.set_cookie("market", cookie)
        answer = visitor.post(f"{draft}/place", data={"csrf_token": token, "seen_total": "130000"})
        return f"{answer.status_code} {answer.location}"

    assert rush(app, 6, send) == {f"303 {draft}": 6}
    assert (count(session, OrderGroup), count(session, Order)) == (1, 1)


def test_a_draft_that_was_given_up_is_gone_with_its_names(session, client, draft):
    add(client, draft)

    make.submit(client, f"{draft}/drop", page=draft)

    assert (count(session, GroupDraft), count(session, Neighbour)) == (0, 0)
    assert client.get(draft).status_code == client.get(f"{draft}/add").status_code == 404


def test_once_placed_nothing_more_can_be_written_into_it(session, client, draft):
    add(client, draft)
    token = make.csrf_token(client, draft)
    make.submit(client, f"{draft}/place", page=draft, seen_total="130000")

    assert client.post(f"{draft}/add", data={**MAN, "many_C01": "1", "csrf_token": token}).status_code == 404
    assert count(session, Order) == 1


def test_cancelling_one_lowers_the_sum_on_the_leaders_page(session, client):
    make.bank_account()
    group = make.group()
    gone = orders_of(session, group.code)[1]

    make.submit(client, f"/o/{gone.token}/cancel", page=f"/o/{gone.token}")

    assert "Please transfer 220.000 ₫" in text(client, f"/g/{group.token}")


@pytest.mark.parametrize(
    ("state", "said"), [(OrderState.CONFIRMED, "Nothing is left to be paid"), (OrderState.EXPIRED, "not paid in time")]
)
def test_the_leaders_page_says_how_the_group_ended(session, client, state, said):
    make.bank_account()
    group = make.group()
    for order in orders_of(session, group.code):
        make._lead_to(order, state)

    assert said in text(client, f"/g/{group.token}")
    assert client.get(f"/g/{group.token}/qr.png").status_code == 404


def test_the_office_finds_a_group_by_its_code_and_sees_its_orders(session, client):
    group, other = make.group(), make.order(name="Người Khác")
    make.signed_in(client)

    found = page(client.get(f"/desk/orders?q={group.code}"))
    shown = page(client.get(f"/desk/groups/{group.code}"))

    assert f"/desk/groups/{group.code}" in set(found.addresses())
    for order in orders_of(session, group.code):
        assert order.code in found.text()
        assert order.name in shown.text()
    assert other.code not in found.text()
    assert "470.000" in shown.text()
    assert group.code in text(client, f"/desk/orders/{orders_of(session, group.code)[0].code}")
    assert client.get("/desk/groups/DC2222222").status_code == 404


def test_beginning_is_throttled(client, delivery, stopped_clock):
    for _time in range(20):
        assert make.submit(client, "/group", round=delivery.id, **LEADER).status_code == 303

    assert make.submit(client, "/group", round=delivery.id, **LEADER).status_code == 429
    stopped_clock.forward(minutes=16)
    assert make.submit(client, "/group", round=delivery.id, **LEADER).status_code == 303


def test_a_leader_does_not_begin_without_consent_or_phone(session, client, delivery):
    answer = make.submit(client, "/group", round=delivery.id, name="Đỗ Thị Tổ Trưởng", ward="Dĩ An")

    assert answer.status_code == 422
    assert {"phone", "consent"} <= page(answer).faults().keys()
    assert count(session, GroupDraft) == 0


def test_nobody_of_a_group_is_reminded_to_pay(session, stopped_clock):
    group = make.group()

    assert {order.remind_at for order in orders_of(session, group.code)} == {None}
