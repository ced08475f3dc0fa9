"""Line by line: what is wrong with it, in words, or whose account it makes or moves. Nothing is written."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from kernel import clock
from suppliers.couriers.accounts.plan import is_good, plan
from suppliers.couriers.accounts.upload import Row
from suppliers.couriers.keep import last_day
from tests import make


@pytest.fixture(autouse=True)
def page(session, stopped_clock):
    with force_locale("en"):
        yield


def until(days):
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def row(line=2, name="Nguyễn Thị Lan", phone="0912 345 678", team="Đội Rau 1", expires=None):
    return Row(line, name, phone, team, until(30) if expires is None else expires)


def faults(session, team, *rows):
    return [line.faults for line in plan(session, team.supplier_id, rows)]


def test_a_good_line_is_a_new_account_to_the_end_of_its_last_day(session, team):
    (line,) = plan(session, team.supplier_id, [row(team=" đội  rau 1 ", expires=until(0))])

    assert (line.faults, line.phone, line.team, line.known) == ([], "0912345678", team, None)
    assert line.ends_at == clock.at(clock.today() + timedelta(days=1), 0)
    assert not session.new
    assert not session.dirty


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "2 to 80 letters"),
        ({"name": "x" * 81}, "2 to 80 letters"),
        ({"name": "Nguyễn Lаn"}, "foreign character"),
        ({"phone": ""}, "phone is missing"),
        ({"phone": "0274 3822 333"}, "landline"),
        ({"phone": "số của Lan"}, "digits only"),
        ({"team": ""}, "team is missing"),
        ({"team": "Đội Cá"}, "no team called “Đội Cá”"),
        ({"expires": ""}, "has to end"),
        ({"expires": "cuối tháng"}, "is no day"),
        ({"expires": "31/02/2022"}, "is no day"),
        ({"expires": "9/30/2021"}, "is no day"),
        ({"expires": "01/01/2020"}, "01/01/2020 is past"),
        ({"expires": "2999-01-01"}, "more than 60 days ahead"),
    ],
)
def test_what_is_wrong_is_said(session, team, changed, says):
    ((fault,),) = faults(session, team, row(**changed))

    assert says in fault


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, True), (60, True), (61, False)])
def test_an_account_lasts_from_today_to_60_days_ahead(session, team, days, good):
    assert is_good(plan(session, team.supplier_id, [row(expires=until(days))])) is good


@pytest.mark.parametrize("style", ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"])
def test_days_are_read_as_people_write_them(session, team, style):
    day = clock.today() + timedelta(days=5)

    (line,) = plan(session, team.supplier_id, [row(expires=f"{day:{style}}")])

    assert line.last_day == day


def test_all_faults_of_a_line_are_told_at_once(session, team):
    ((*told,),) = faults(session, team, Row(2, "", "", "", ""))

    assert len(told) == 4


def test_a_phone_that_stands_twice_is_told_with_the_first_line_however_it_is_written(session, team):
    first, second = faults(session, team, row(), row(5, phone="+84 912.345.678"))

    assert first == []
    assert second == ["The same phone stands in line 2 already."]


def test_a_team_that_is_off_and_anothers_team_are_faults(session, team):
    make.team(make.supplier(), "Đội lạ")
    team.active = False

    ((off,), (strange,)) = faults(session, team, row(), row(3, team="Đội lạ", phone="0912345679"))

    assert "switched off" in off
    assert "no team called" in strange


def test_an_active_courier_of_this_supplier_is_known_by_phone(session, team):
    mine, gone, anothers = (make.courier(each) for each in (team, team, make.team(make.supplier())))
    mine.phone, gone.phone, anothers.phone = "0912345678", "0912345679", "0912345670"
    gone.active = False

    lines = plan(session, team.supplier_id, [row(), row(3, phone="0912345679"), row(4, phone="0912345670")])

    assert [line.known for line in lines] == [mine, None, None]
    assert last_day(mine) is None
