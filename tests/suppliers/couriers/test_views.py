"""A supplier's teams: kept by those who deliver, in turns, with their history; another's are as if there were none."""

import re
from typing import Any

import pytest

from kernel.queries import changes_of
from people.models import Role, Team
from suppliers.couriers import keep
from suppliers.couriers.queries import teams_of
from tests import make
from tests.pages import Page

NEW: dict[str, Any] = {
    "name": "Đội Thịt 2",
    "phone": "0168 123 4567",
    "begins": "06:30",
    "ends": "18:00",
    "blocks": "Dĩ An: KP Thống Nhất 1\nTân Bình",
}


def save(client, team, **changed):
    page = f"/suppliers/teams/{team.id}"
    filled: dict[str, Any] = {**Page(client.get(page)).filled(), **changed}
    return make.submit(client, page, **filled)


def test_a_team_is_added_with_shift_phone_and_blocks(client, keeper, session):
    make.signed_in(client, keeper)

    answer = make.submit(client, "/suppliers/teams/new", **NEW)

    (made,) = teams_of(session, keeper.supplier_id)
    assert answer.location == f"/suppliers/teams/{made.id}"
    assert keep.facts(made) == {**NEW, "phone": "0381234567"}
    assert [(each.ward.name, each.block_key) for each in made.blocks] == [
        ("Dĩ An", "KP THONG NHAT 1"),
        ("Tân Bình", ""),
    ]
    assert [(each.field, each.became, each.by) for each in changes_of(session, keep.KIND, made.id)] == [
        ("new", "Đội Thịt 2", keeper.username)
    ]


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"name": "x"}, "name", "At least 2"),
        ({"name": "đội  rau 1"}, "name", "already"),
        ({"phone": "0274 3822 333"}, "phone", "landline"),
        ({"begins": "18:00"}, "ends", "after it begins"),
        ({"begins": "25:00"}, "begins", "17:30"),
        ({"blocks": "Dĩ An: KP 1\nThủ Đức"}, "blocks", "“Thủ Đức” begins with no ward"),
        ({"blocks": ""}, "blocks", "at least one ward"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(client, keeper, team, session, changed, field, says):
    make.signed_in(client, keeper)

    answer = make.submit(client, "/suppliers/teams/new", **{**NEW, **changed})

    page = Page(answer)
    assert answer.status_code == 422
    assert page.faults().keys() == {field}
    assert says in page.fault(field)
    assert teams_of(session, keeper.supplier_id) == [team]


def test_blocks_that_stay_are_the_same_rows(client, keeper, team, session):
    make.signed_in(client, keeper)
    stays = team.blocks[0].id

    save(client, team, blocks="Đông Hòa\nDĩ An: kp thống nhất 1")

    session.refresh(team)
    assert {(each.id == stays, each.ward.name) for each in team.blocks} == {(True, "Dĩ An"), (False, "Đông Hòa")}
    (line,) = changes_of(session, keep.KIND, team.id)
    assert (line.field, line.was) == ("blocks", "Dĩ An: KP Thống Nhất 1\nTân Bình")


def test_who_saves_second_sees_both_versions(client, keeper, team, session):
    make.signed_in(client, keeper)
    seen: dict[str, Any] = Page(client.get(f"/suppliers/teams/{team.id}")).filled()
    save(client, team, name="Đội sáng")

    answer = make.submit(client, f"/suppliers/teams/{team.id}", **{**seen, "name": "Đội chiều"})

    session.refresh(team)
    assert (answer.status_code, team.name) == (409, "Đội sáng")
    assert "Đội sáng" in answer.text
    assert Page(answer).value("name") == "Đội chiều"


def test_a_vehicle_is_added_and_switched_off(client, keeper, team, session):
    make.signed_in(client, keeper)
    page = f"/suppliers/teams/{team.id}"

    make.submit(client, f"{page}/vehicles", page=page, name="Xe ba gác", plate="61-c1 1", bags="120", version=1)
    session.refresh(team)
    made = team.vehicles[-1]
    make.submit(client, f"{page}/vehicles/{made.id}/active", page=page, active="no", version=team.version)

    session.refresh(made)
    assert (made.name, made.plate, made.bags, made.active) == ("Xe ba gác", "61-C1 1", 120, False)
    assert [(each.field, each.about) for each in changes_of(session, keep.KIND, team.id)] == [
        ("active", "Xe ba gác"),
        ("vehicle", "Xe ba gác"),
    ]


@pytest.mark.parametrize(
    ("name", "bags"), [("Xe máy 1", "5"), ("xe  MÁY 1", "5"), ("Xe", "0"), ("Xe", "501"), ("", "1")]
)
def test_a_vehicle_needs_a_name_of_its_own_and_1_to_500_bags(client, keeper, team, session, name, bags):
    make.signed_in(client, keeper)
    page = f"/suppliers/teams/{team.id}"

    answer = make.submit(client, f"{page}/vehicles", page=page, name=name, plate="", bags=bags, version=1)

    session.refresh(team)
    assert (answer.status_code, len(team.vehicles)) == (422, 1)
    assert answer.text.count("<title>Error:") == 1
    assert Page(answer).value("blocks") == "Dĩ An: KP Thống Nhất 1\nTân Bình"


def test_a_team_is_switched_off_and_on_once_for_each_look(client, keeper, team, session):
    make.signed_in(client, keeper)
    page = f"/suppliers/teams/{team.id}"

    answers = [make.submit(client, f"{page}/active", page=page, active="no", version=1) for _twice in range(2)]

    session.refresh(team)
    assert ([each.status_code for each in answers], team.active) == ([303, 409], False)
    make.submit(client, f"{page}/active", page=page, active="yes", version=team.version)
    session.refresh(team)
    assert team.active


def test_who_packs_only_sees_no_teams_and_no_way_to_them(client, keeper, team):
    make.signed_in(client, make.staff(Role.SUPPLIER, of=keeper.supplier, delivers=False))

    assert "/suppliers/teams" not in client.get("/suppliers/").text
    for path in ("", "/new", f"/{team.id}", f"/{team.id}/passes.pdf"):
        assert client.get(f"/suppliers/teams{path}").status_code == 403


def test_who_delivers_is_led_to_the_teams(client, keeper):
    make.signed_in(client, keeper)

    assert re.search(r'href="/suppliers/teams"', client.get("/suppliers/").text)


def test_a_vehicle_of_another_team_is_not_there(client, keeper, team, session):
    make.signed_in(client, keeper)
    other = make.team(make.supplier()).vehicles[0]

    answer = make.submit(
        client,
        f"/suppliers/teams/{team.id}/vehicles/{other.id}/active",
        page=f"/suppliers/teams/{team.id}",
        active="no",
        version=1,
    )

    session.refresh(other)
    assert (answer.status_code, other.active) == (404, True)


def test_two_suppliers_may_call_their_teams_alike(client, keeper, team, session):
    other = make.staff(Role.SUPPLIER)
    make.signed_in(client, other)

    make.submit(client, "/suppliers/teams/new", **{**NEW, "name": team.name})

    assert [each.name for each in session.query(Team)] == [team.name] * 2
