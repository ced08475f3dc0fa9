"""The office's page of deliveries: numbers lead to their stops, buttons do what they say and come back."""

from datetime import timedelta

import pytest

from kernel import clock
from tests import make
from tests.desk import rows
from tests.pages import Page
from tests.suppliers.desk.deliveries.conftest import D, F, U


@pytest.fixture
def office(client, town):
    make.signed_in(client, make.staff(username="kinhte7"))
    return client


def listed(client, town, **asked):
    page = client.get(town.board(day=town.day, **asked)).text
    tail = page[page.index('id="list"') :]
    return [stop for stop in range(1, 7) if town.parcel(stop).order.code in tail]


def press(client, town, address, **fields):
    return make.submit(client, address, page=town.board(day=town.day), day=town.day.isoformat(), **fields)


def test_without_a_day_it_is_today_and_else_the_latest_with_something_out(office, town, stopped_clock):
    shown = f'datetime="{town.day.isoformat()}"'
    day = f"Deliveries on {town.day:%d/%m/%Y}"
    assert day in Page(office.get("/desk/deliveries")).text()

    stopped_clock.set(clock.at(town.day + timedelta(days=30), 8))
    make.signed_in(office)

    assert day in Page(office.get("/desk/deliveries")).text()
    assert shown in office.get("/desk/deliveries?day=1999-01-01").text
    assert shown in office.get(f"/desk/deliveries?day={town.day - timedelta(days=2)}").text


@pytest.mark.parametrize(
    ("show", "stops"), [("left", [2, 4, 5, 6]), ("received", [1]), ("failed", [2, 3]), ("late", [2, 4, 5, 6])]
)
def test_each_number_leads_to_its_stops(office, town, stopped_clock, show, stops):
    town.tell(D, 1)
    town.tell(F, 2)
    town.tell(F, 3)
    stopped_clock.set(clock.at(town.day, 8, 5))
    town.tell(F, 3)
    stopped_clock.set(clock.at(town.day, 12))

    assert listed(office, town, show=show) == stops


def test_before_the_hour_ends_none_is_listed_as_late(office, town):
    assert listed(office, town, show="late") == []


def test_a_list_of_a_team_of_a_ward_and_of_what_is_in_no_run(office, town):
    first = town.teams[0].id

    assert listed(office, town, show="left", team=first) == [1, 2, 4]
    assert listed(office, town, show="left", team=first, ward=make.ward("An Bình").id) == [1, 2]
    assert listed(office, town, show="left", team=f"s{town.supplier.id}") == [6]
    assert listed(office, town, show="left", team="x", ward="-1") == [1, 2, 3, 4, 5, 6]


def test_what_was_delivered_moves_to_the_received_list_at_once_the_newest_first(office, town):
    for stop in (5, 2):
        town.tell(D, stop)

    page = office.get(town.board(day=town.day, show="received")).text

    assert listed(office, town, show="left") == [1, 3, 4, 6]
    assert page.index(town.parcel(2).order.code) < page.index(town.parcel(5).order.code)


def test_a_row_says_who_where_why_how_often_and_by_whom(office, town):
    town.tell(F, 2, words="chó dữ")

    page = Page(office.get(town.board(day=town.day, show="failed"))).text()

    for words in ("Người nhận", "Lê Lợi", "0912 340", "chó dữ", "Đội 1", "Nhân viên giao.an"):
        assert words in page


def test_the_photo_of_a_delivery_is_a_click_away(office, town):
    event = town.tell(D, 1, photo=b"RIFFwebp")

    address = f"/courier/photos/{event.key}.webp"

    assert address in office.get(town.board(day=town.day, show="received")).text
    assert office.get(address).data == b"RIFFwebp"


def test_a_telling_that_did_not_count_is_shown_with_its_words(office, town):
    town.tell(D, 1)
    later = clock.now() + timedelta(minutes=1)
    town.tell(F, 1, by=town.couriers[1], words="không ai mở cửa", at=later, heard_at=later)

    board, aside = (Page(office.get(town.board(day=town.day, **asked))).text() for asked in ({}, {"show": "aside"}))

    assert "came too late: 1." in board
    assert "không ai mở cửa" in aside
    assert "Nhân viên giao.binh" in aside
    assert "not counted: it had been handed over before" in aside
    assert town.parcel(1).order.code in aside


def test_bring_it_first_and_no_longer_first(office, town):
    parcel = town.parcel(4)
    address = f"/desk/deliveries/parcels/{parcel.id}/urgent"

    answer = press(office, town, address, urgent="yes", show="left", team="3", evil="x")

    assert answer.status_code == 303
    assert answer.location == f"/desk/deliveries?day={town.day}&show=left&team=3#list"
    assert rows(town.session, "SELECT stop FROM parcels WHERE urgent AND batch_id = :b", b=parcel.batch_id) == [(4,)]
    assert "No longer first" in office.get(town.board(day=town.day, show="left")).text
    press(office, town, address, urgent="no")
    assert rows(town.session, "SELECT stop FROM parcels WHERE urgent") == []


def test_a_nudge_is_said_with_its_time_and_who_and_a_second_one_refused_in_words(office, town):
    address = f"/desk/deliveries/teams/{town.teams[0].id}/nudge"

    told = Page(press(office, town, address, follow=True)).text()
    refused = Page(press(office, town, address, follow=True)).text()

    assert "Đội 1 is told what is left." in told
    assert "kinhte7" in told
    assert "Wait a quarter of an hour" in refused
    assert rows(town.session, "SELECT count(*) FROM notices WHERE event = 'team_nudged'") == [(1,)]


def test_a_supplier_is_nudged_for_what_is_in_no_run(office, town):
    press(office, town, f"/desk/deliveries/suppliers/{town.supplier.id}/nudge")

    assert rows(town.session, "SELECT address FROM notices WHERE event = 'share_nudged'") == [(town.supplier.phone,)]


def test_the_offices_menu_counts_what_is_late_today(office, town, stopped_clock):
    def counted():
        menu = office.get("/desk/rounds").text
        return menu[menu.index('href="/desk/deliveries"') :].split("</a>")[0]

    assert "count" not in counted()
    stopped_clock.set(clock.at(town.day, 12))
    town.tell(D, 1)
    assert '<span class="count">5 ' in counted()


def test_the_order_at_the_desk_has_all_that_was_told_at_its_door(office, town):
    counted = town.tell(D, 1, photo=b"RIFFwebp", at=clock.now() - timedelta(minutes=20))
    town.tell(U, 1, undoes=counted.key)

    page = office.get(f"/desk/orders/{town.parcel(1).order.code}").text

    text = Page(office.get(f"/desk/orders/{town.parcel(1).order.code}")).text()
    for words in ("Told at the door", "Bà Tư", "Nhân viên giao.an", "came more than ten minutes later", "heard at"):
        assert words in text
    assert f"/courier/photos/{counted.key}.webp" in page
    assert "Told at the door" not in office.get(f"/desk/orders/{town.parcel(2).order.code}").text
