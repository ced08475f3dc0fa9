"""A block leader's whole story: fifty neighbours in one table, one transfer for all, each brought to their door."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from kernel import clock
from kernel.jobs import sweep
from orders.groups.queries import group_by_token, orders_of
from orders.models import OrderState
from shop.models import Capacity
from suppliers.dispatch import dispatch
from suppliers.queries import parcels_of_order
from tests import books, make, tlv
from tests.bank import Bank, arrive
from tests.pages import Page

LEADER = "Đỗ Thị Tổ Trưởng"
MANY = 50


@pytest.fixture
def places(session, stopped_clock) -> Capacity:
    """What one supplier takes to the ward: as many as there are neighbours."""
    return make.capacity(make.round(), make.combo("C01", price=130_000).supplier, places=MANY)


@pytest.fixture
def link(client, places) -> str:
    """The leader's page, with fifty neighbours in preparation."""
    begun = make.submit(
        client, "/group", name=LEADER, phone="0909 090 909", ward="Dĩ An", round=places.round_id, consent="y"
    )
    table = "\n".join(f"Hàng Xóm {number}; ; {number} Lý Thường Kiệt; C01" for number in range(1, MANY + 1))
    pasted = make.submit(client, f"{begun.location}/paste", table=table, consent="y")
    assert pasted.status_code == 303
    return str(begun.location)


def words_at(client, address: str) -> str:
    return Page(client.get(address)).text()


def ordered(session, client, link):
    """Press the button, twice; the group's orders."""
    for _time in range(2):
        total = str(MANY * 130_000)
        answer = make.submit(client, f"{link}/place", page="/track", seen_total=total)
        assert answer.status_code == 303
    session.rollback()
    group = group_by_token(session, link.removeprefix("/g/"))
    assert group
    return group, orders_of(session, group.code)


def scanned(client, link) -> dict[str, str]:
    """What a banking app reads off the picture of the QR."""
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(client.get(f"{link}/qr.png").data)))
    return tlv.read(code.text)


def told_by_agribank(session, *movements):
    return arrive(session, Bank(make.bank_account("AGR", receives=False)), *movements)


def test_fifty_neighbours_are_ordered_for_paid_by_one_transfer_and_sent(session, client, link, places):
    make.bank_account()
    group, orders = ordered(session, client, link)
    read = scanned(client, link)

    told_by_agribank(session, (int(read["54"]), f"{read['62.08']} chuyen tien"))

    assert (len(orders), read["54"], read["62.08"]) == (MANY, "6500000", group.code)
    assert "Nothing is left to be paid" in words_at(client, link)
    assert re.search("Done: Paid", words_at(client, f"/o/{orders[-1].token}"))
    dispatch(session, group.round, at=clock.now(), by="clerk", patience=timedelta(0), override="paid")
    assert all(len(parcels_of_order(session, order.id)) == 1 for order in orders)
    books.check(session)


def test_one_place_too_few_and_nobody_is_ordered_for(session, client, link, places):
    places.places = MANY - 1

    answer = make.submit(client, f"{link}/place", page=link, seen_total=str(MANY * 130_000))

    session.refresh(places)
    assert (answer.status_code, places.held) == (409, 0)
    assert "50 of 50 neighbours" in words_at(client, link)  # what was entered is still there


def test_one_is_cancelled_another_sum_is_scanned_and_undoing_it_opens_all_again(session, client, link, places):
    make.bank_account()
    group, orders = ordered(session, client, link)
    make.submit(client, f"/o/{orders[7].token}/cancel", page=f"/o/{orders[7].token}")
    read = scanned(client, link)
    (transfer,) = told_by_agribank(session, (int(read["54"]), read["62.08"]))
    assert "Nothing is left to be paid" in words_at(client, link)
    make.signed_in(client)
    page = f"/desk/transfers/{transfer.id}"

    make.submit(
        client, f"{page}/undo", page=page, seen=Page(client.get(page)).value("seen"), because="it was for another group"
    )

    session.expire_all()
    states = [order.state for order in orders_of(session, group.code)]
    assert (states.count(OrderState.OPEN), states.count(OrderState.CANCELLED)) == (MANY - 1, 1)
    assert "Please transfer 6.370.000 ₫" in words_at(client, link)
    books.check(session)


def test_not_paid_in_time_all_of_them_expire_and_their_places_are_free(session, client, link, places, stopped_clock):
    make.bank_account()
    group, _orders = ordered(session, client, link)

    stopped_clock.forward(hours=24 + 49)
    sweep()

    session.expire_all()
    session.refresh(places)
    assert {order.state for order in orders_of(session, group.code)} == {OrderState.EXPIRED}
    assert places.held == 0
    assert "not paid in time" in words_at(client, link)
    books.check(session)
