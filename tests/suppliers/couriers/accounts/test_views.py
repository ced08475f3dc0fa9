"""Accounts from a table: looked at, then all or none, passwords shown once; and each account by itself."""

import io
import re
from datetime import timedelta

import pytest

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.queries import changes_of
from kernel.sheets import write_csv
from people.desk import staff
from people.models import Role, Staff
from people.passwords import fits
from suppliers.couriers.accounts.enter import free_username
from suppliers.couriers.queries import couriers_of
from tests import make
from tests.pages import Page

HEADINGS = ["Họ tên", "Số điện thoại", "Đội", "Hết hạn"]


@pytest.fixture(autouse=True)
def signed_in(client, keeper, stopped_clock):
    return make.signed_in(client, keeper)


def until(days):
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def line(name="Nguyễn Thị Lan", phone="0912345678", team="Đội Rau 1", days=30):
    return [name, phone, team, until(days)]


def look(client, *lines):
    fields = {"csrf_token": make.csrf_token(client, "/suppliers/teams")}
    content = write_csv([HEADINGS, *lines])
    return client.post("/suppliers/teams", data={**fields, "file": (io.BytesIO(content), "doi.csv")})


def press(client, looked):
    page = Page(looked)
    (packed,) = page.all("input", name="packed")
    return client.post(
        "/suppliers/teams/accounts",
        data={"csrf_token": make.csrf_token(client, "/suppliers/teams"), "packed": packed.get("value")},
    )


def passwords(answer):
    return re.findall(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", answer.text)


def test_a_look_writes_nothing(client, team, session):
    answer = look(client, line(), line("Lê Văn Bình", "0912345679"))

    assert answer.status_code == 200
    assert "New accounts: 2" in Page(answer).text()
    assert couriers_of(session, team.id) == []


def test_the_button_makes_all_of_them_and_shows_each_password_once(client, keeper, team, session):
    answer = press(client, look(client, line(), line("Lê Văn Bình", "0912345679", days=0)))

    made = couriers_of(session, team.id)
    assert answer.status_code == 201
    assert [(each.username, each.name, each.phone, each.role) for each in made] == [
        ("giao.binh", "Lê Văn Bình", "0912345679", Role.COURIER),
        ("giao.lan", "Nguyễn Thị Lan", "0912345678", Role.COURIER),
    ]
    assert {each.supplier_id for each in made} == {keeper.supplier_id}
    assert [each.ends_at for each in made] == [clock.at(clock.today() + timedelta(days=days), 0) for days in (1, 31)]
    lan, binh = passwords(answer)
    assert fits(lan, made[1].password_hash)
    assert fits(binh, made[0].password_hash)
    assert all(each.must_change and each.given_by == keeper.username for each in made)
    for page in ("/suppliers/teams", f"/suppliers/teams/{team.id}", f"/suppliers/teams/couriers/{made[0].id}"):
        assert passwords(client.get(page)) == []
    assert [each.field for each in changes_of(session, staff.KIND, made[0].id)] == ["new"]


def test_a_new_courier_signs_in_chooses_a_password_and_is_out_at_the_end(client, app, team, stopped_clock):
    (password,) = passwords(press(client, look(client, line(days=0))))
    phone = app.test_client()

    answer = make.submit(phone, "/sign-in", username="giao.lan", password=password)
    first = phone.get("/courier/pass")
    own = "bốn từ không hợp nhau"
    make.submit(phone, "/account/password", old=password, new=own, again=own)
    inside = phone.get("/courier/pass").status_code
    stopped_clock.forward(hours=24)
    after = phone.get("/courier/pass")

    assert (answer.status_code, first.location) == (302, "/account/password")
    assert (inside, after.status_code) == (200, 302)
    assert make.submit(phone, "/sign-in", username="giao.lan", password=own).status_code == 403


def test_one_bad_line_stops_all_and_there_is_no_button(client, team, session):
    answer = look(client, line(), line("Lê Văn Bình", "0274 3822 333"))

    assert answer.status_code == 422
    assert "Lines with a fault: 1 of 2" in Page(answer).text()
    assert "landline" in answer.text
    assert Page(answer).all("input", name="packed") == []
    assert couriers_of(session, team.id) == []


def test_a_known_phone_moves_the_end_and_the_team_of_its_account(client, keeper, team, session):
    old = make.courier(make.team(keeper.supplier, "Đội cũ"), "giao.cu", ends_at=clock.now() + timedelta(days=1))
    old.phone = "0912345678"

    looked = look(client, line())
    answer = press(client, looked)

    session.refresh(old)
    assert "giao.cu" in looked.text
    assert (answer.status_code, passwords(answer)) == (201, [])
    assert (old.team_id, old.ends_at) == (team.id, clock.at(clock.today() + timedelta(days=31), 0))
    assert {each.field for each in changes_of(session, staff.KIND, old.id)} == {"ends_at", "team"}
    assert couriers_of(session, team.id) == [old]


def test_a_second_press_makes_nothing_and_shows_what_would_happen_now(client, team, session):
    looked = look(client, line())
    first = press(client, looked)

    second = press(client, looked)

    assert (first.status_code, second.status_code) == (201, 409)
    assert passwords(second) == []
    assert "Last day moves" in Page(second).text()
    assert len(couriers_of(session, team.id)) == 1


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda team, _known: setattr(team, "active", False),
        lambda team, _known: setattr(team, "name", "Đội khác"),
        lambda _team, known: setattr(known, "active", False),
        lambda _team, known: setattr(known, "version", 9),
        lambda _team, known: setattr(known, "phone", "0912345670"),
    ],
    ids=["team off", "team renamed", "account off", "account changed", "other phone"],
)
def test_what_changed_after_the_look_stops_all_of_it(client, team, session, meanwhile):
    known = make.courier(team, "giao.cu", ends_at=clock.now() + timedelta(days=1))
    known.phone = "0912345679"
    looked = look(client, line(), line("Lê Văn Bình", "0912345679"))
    was = known.ends_at
    meanwhile(team, known)

    answer = press(client, looked)

    session.refresh(known)
    assert answer.status_code in {409, 422}
    assert known.ends_at == was
    assert couriers_of(session, team.id) == [known]


def test_a_name_that_is_taken_at_the_same_moment_stops_all_of_it(client, team, session, monkeypatch):
    """Another supplier's courier got it between our look and our writing: the table's own rule decides."""
    make.courier(make.team(make.supplier()), "giao.lan")
    looked = look(client, line("Lê Văn Bình", "0912345679"), line())
    monkeypatch.setattr("suppliers.couriers.accounts.enter.usernames_like", lambda *_asked: set())

    answer = press(client, looked)

    assert answer.status_code == 409
    assert couriers_of(session, team.id) == []


def test_what_was_shown_to_one_supplier_is_nothing_to_another_nor_hours_later(
    client, team, app, session, stopped_clock
):
    looked = look(client, line())
    other = app.test_client()
    make.signed_in(other, make.staff(Role.SUPPLIER))
    other.set_cookie("language", "en")

    assert press(other, looked).status_code == 422
    stopped_clock.forward(hours=2, seconds=1)
    assert press(client, looked).status_code == 422
    assert couriers_of(session, team.id) == []


@pytest.mark.parametrize("packed", ["", "x", "x.y.z"])
def test_a_list_of_ones_own_making_is_refused(client, team, session, packed):
    answer = make.submit(client, "/suppliers/teams/accounts", page="/suppliers/teams", packed=packed)

    assert answer.status_code == 422
    assert couriers_of(session, team.id) == []


def test_without_a_file_the_list_of_teams_asks_for_it(client, team):
    answer = make.submit(client, "/suppliers/teams")

    assert answer.status_code == 422
    assert Page(answer).faults().keys() == {"file"}


def test_names_to_sign_in_with_are_of_the_last_word_and_numbered_where_taken(session, team):
    for username in ("giao.lan", "giao.lan2", "giao.lanh"):
        make.courier(team, username)

    found = [free_username(session, name) for name in ("Nguyễn Thị Lan", "Trần Đặng", "Lê Thị Hường-Vy", "A -")]

    assert found == ["giao.lan3", "giao.dang", "giao.huongvy", "giao.hang"]


def test_an_account_is_let_last_longer_but_not_beyond_60_days(client, team, session):
    who = make.courier(team, ends_at=clock.now() + timedelta(days=1))
    page = f"/suppliers/teams/couriers/{who.id}"

    far = make.submit(client, f"{page}/lasts", page=page, last_day=until(61), version=1)
    good = make.submit(client, f"{page}/lasts", page=page, last_day=until(60), version=1)
    stale = make.submit(client, f"{page}/lasts", page=page, last_day=until(5), version=1)

    session.refresh(who)
    assert [each.status_code for each in (far, good, stale)] == [422, 303, 409]
    assert Page(far).faults().keys() == {"last_day"}
    assert who.ends_at == clock.at(clock.today() + timedelta(days=61), 0)


def test_a_new_start_password_ends_the_sessions_and_is_shown_once(client, app, team, session):
    who = make.courier(team)
    phone = app.test_client()
    make.signed_in(phone, who)
    page = f"/suppliers/teams/couriers/{who.id}"

    answer = make.submit(client, f"{page}/reset-password", page=page, version=1)

    session.refresh(who)
    assert fits(passwords(answer)[0], who.password_hash)
    assert phone.get("/courier/").status_code == 302
    assert passwords(client.get(page)) == []


def test_who_is_switched_off_is_out_at_once(client, app, team):
    who = make.courier(team)
    phone = app.test_client()
    make.signed_in(phone, who)
    page = f"/suppliers/teams/couriers/{who.id}"

    answer = make.submit(client, f"{page}/active", page=page, active="no", version=1)

    assert answer.status_code == 303
    assert phone.get("/courier/").status_code == 302
    assert "Switched off" in Page(client.get(page)).text()


def test_nobody_but_couriers_of_ones_own_is_kept_here(client, keeper, team):
    others = [keeper, make.staff(), make.courier(make.team(make.supplier()))]

    assert [client.get(f"/suppliers/teams/couriers/{who.id}").status_code for who in others] == [404] * 3


def test_the_office_sees_couriers_with_their_team_and_can_switch_them_off(app, team, session):
    who = make.courier(team, "giao.van", ends_at=clock.now() + timedelta(days=1))
    who.phone = "0912345678"
    desk = app.test_client()
    desk.set_cookie("language", "en")
    make.signed_in(desk, make.staff(manages=True))
    page = f"/desk/admin/staff/{who.id}"

    assert "Đội Rau 1" in Page(desk.get("/desk/admin/staff?q=rau 1")).text()
    assert "Đội Rau 1" in Page(desk.get(page)).text()
    assert set(Page(desk.get(page)).fields()) == {"name"}
    make.submit(desk, page, name="Lê Văn", version=1, manages="y")
    make.submit(desk, f"{page}/active", page=page, active="no", version=2)

    session.refresh(who)
    assert (who.name, who.manages, who.delivers, who.active) == ("Lê Văn", False, True, False)


def test_no_account_is_made_to_end_in_the_past(session, team):
    who = make.courier(team)

    with pytest.raises(staff.LastsTooLong):
        staff.lasts(db.session, who, ends_at=clock.now(), seen="1", doer=Doer("x", clock.now()))
    assert session.get(Staff, who.id).ends_at is None
