"""The pass on phone and paper, and what a checkpoint is told: who carries it, where, and to the second until when."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kernel import clock
from kernel.database import db
from kernel.printing import print_html
from people.models import Role
from suppliers.couriers.passes import views
from suppliers.couriers.passes.issue import NoPass, day_of, hours, issue
from suppliers.couriers.passes.token import Pass, sign
from suppliers.runs.models import Run
from tests import make
from tests.desk import send
from tests.pages import Page

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
DI_AN = "25942"


@pytest.fixture
def courier(team):
    return make.courier(team)


@pytest.fixture
def signed(courier, stopped_clock):
    """A pass of the morning: from an hour ago, for three hours more."""
    return sign(Pass(courier.id, _codes(courier), clock.now() - HOUR, clock.now() + 3 * HOUR))


def _codes(courier):
    return tuple(sorted(block.ward.code for block in courier.team.blocks))


def look(client, signed, ward="Dĩ An"):
    if ward:
        client.set_cookie("checkpoint", make.ward(ward).code)
    return client.get(f"/pass/{signed}")


def run_on(team, delivery):
    """A run of the team on the day of the round."""
    make.paid_order(make.combo(packed_by=team.supplier), delivery=delivery)
    (manifest,) = send(db.session, delivery)
    about = {"bags": 1, "amount": 1, "made_by": "x", "made_at": clock.now()}
    run = Run(code=f"CH{delivery.id}", batch_id=manifest.batch_id, team=team, **about)
    db.session.add(run)
    db.session.commit()
    return delivery.delivery_on


def test_a_checkpoint_is_asked_once_where_it_stands(client, courier, signed):
    asked = client.get(f"/pass/{signed}")
    page = Page(asked)
    answer = make.submit(client, f"/pass/{signed}", ward=make.ward("Dĩ An").code)
    shown = client.get(answer.location)
    again = client.get(f"/pass/{signed}")

    assert (asked.status_code, page.fields()) == (200, ["ward"])
    assert courier.name not in asked.text
    assert (answer.status_code, shown.status_code, again.status_code) == (303, 200, 200)
    assert "VALID: let through" in Page(shown).text()
    assert "VALID: let through" in Page(again).text()


def test_a_valid_pass_says_who_for_whom_on_what_and_until_when(client, courier, signed):
    told = Page(look(client, signed)).text()

    for words in (courier.name, "Đội Rau 1", courier.supplier.name, courier.team.vehicles[0].plate, "Dĩ An, Tân Bình"):
        assert words in told
    assert f"Until {clock.local(clock.now() + 3 * HOUR):%d/%m/%Y %H:%M}" in told


def test_it_is_valid_to_the_second(client, signed, stopped_clock):
    before = [look(client, signed).status_code]
    stopped_clock.forward(seconds=3 * 3600 - 1)
    last = look(client, signed)
    stopped_clock.forward(seconds=1)
    after = look(client, signed)

    assert (before, last.status_code, after.status_code) == ([200], 200, 410)
    assert "Expired since" in Page(after).text()
    assert "REFUSED" in Page(after).text()


def test_it_is_not_valid_a_second_too_early(client, courier, stopped_clock):
    signed = sign(Pass(courier.id, _codes(courier), clock.now() + SECOND, clock.now() + HOUR))

    early = look(client, signed)
    stopped_clock.forward(seconds=1)

    assert (early.status_code, look(client, signed).status_code) == (403, 200)
    assert "Not valid before" in Page(early).text()


def test_another_ward_is_told_for_which_it_holds(client, signed):
    answer = look(client, signed, "Đông Hòa")

    assert answer.status_code == 403
    assert "It holds for: Dĩ An, Tân Bình" in Page(answer).text()


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (lambda who: setattr(who, "active", False), "switched off"),
        (lambda who: setattr(who, "ends_at", clock.now()), "has run out"),
        (lambda who: setattr(who.team, "active", False), "delivers no more"),
        (lambda who: setattr(who.supplier, "active", False), "delivers no more"),
    ],
    ids=["account", "end", "team", "supplier"],
)
def test_a_pass_ends_with_its_account_its_team_and_its_supplier(client, courier, signed, end, says):
    end(courier)

    answer = look(client, signed)

    assert answer.status_code == 403
    assert says in Page(answer).text()
    assert courier.team.phone not in answer.text


def test_a_forged_pass_is_refused_before_any_question_and_names_nobody(client, courier, signed):
    for text in (signed[:-1], signed[1:], "x" + signed, "nothing"):
        answer = look(client, text, ward="")

        assert answer.status_code == 403
        assert "This is no pass of the city" in Page(answer).text()
        assert courier.name not in answer.text


def test_a_pass_of_somebody_who_is_not_there_is_refused(client, stopped_clock):
    signed = sign(Pass(999_999, (DI_AN,), clock.now() - HOUR, clock.now() + HOUR))

    assert look(client, signed).status_code == 403


@pytest.mark.parametrize("ward", ["", "25940x", "99999"])
def test_a_ward_that_is_none_is_asked_for_again(client, signed, ward):
    answer = make.submit(client, f"/pass/{signed}", ward=ward)

    assert "checkpoint" not in answer.headers.get("Set-Cookie", "")
    assert "At which ward" in Page(client.get(answer.location)).text()


def test_no_search_engine_keeps_a_pass_and_a_form_on_it_works_over_https(client, signed):
    page, path = f"https://localhost/pass/{signed}", f"/pass/{signed}"
    shown = client.get(path, base_url="https://localhost")
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token

    answer = client.post(
        path, base_url="https://localhost", data={"csrf_token": token[1], "ward": DI_AN}, headers={"Referer": page}
    )

    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert answer.status_code == 303


def test_so_many_looks_from_one_address_are_enough(client, signed, monkeypatch):
    monkeypatch.setattr(views, "CHECKS_PER_ADDRESS", 3)

    assert [look(client, signed).status_code for _look in range(5)] == [200, 200, 200, 429, 429]


def test_a_courier_shows_the_code_of_todays_shift_with_an_hour_on_both_sides(client, courier, stopped_clock):
    make.signed_in(client, courier)

    answer = client.get("/courier/pass")

    today = f"{clock.today():%d/%m/%Y}"
    assert f"{today} 06:00 – {today} 20:00" in Page(answer).text()
    assert "Dĩ An, Tân Bình" in Page(answer).text()


def test_the_code_on_page_and_paper_opens_a_valid_pass(client, courier, stopped_clock):
    make.signed_in(client, courier)
    on_screen = _read(_picture(client.get("/courier/pass").text))
    paper = client.get("/courier/pass.pdf").data
    (on_paper,) = _read_pdf(paper)

    assert on_screen == on_paper
    assert on_paper.startswith("http://localhost/pass/")
    assert "VALID" in Page(look(client, urlsplit(on_paper).path.rpartition("/")[2])).text()
    assert (len(PdfReader(io.BytesIO(paper)).pages), PdfReader(io.BytesIO(paper)).pages[0].mediabox.width) == (
        1,
        pytest.approx(297.6, abs=0.5),
    )


def _picture(text):
    """The picture within the page, as a browser would draw it: typeset alone."""
    (source,) = re.findall(r'src="(data:image/svg\+xml[^"]+)"', text)
    return print_html(f'<img src="{source}" style="width: 90mm">')


def _read(content):
    return _read_pdf(content)[0]


def _read_pdf(content):
    """Every code on the pages of a PDF, as a camera reads it."""
    draw = ["pdftoppm", "-r", "110", "-png", "-"]
    pictures = subprocess.run(draw, input=content, check=True, capture_output=True).stdout.split(b"\x89PNG")[1:]
    return [
        code.text
        for picture in pictures
        for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(b"\x89PNG" + picture)))
    ]


def test_a_team_is_printed_four_on_a_sheet_without_those_who_are_gone(client, keeper, team, stopped_clock):
    for number in range(5):
        make.courier(team, f"giao.{number}")
    make.courier(team, "giao.nghi").active = False
    make.courier(team, "giao.het", ends_at=clock.now() - HOUR)
    make.signed_in(client, keeper)

    answer = client.get(f"/suppliers/teams/{team.id}/passes.pdf?day={clock.today()}")

    assert answer.status_code == 200
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 2
    codes = _read_pdf(answer.data)
    assert len(set(codes)) == 5
    assert {look(client, code.rpartition("/")[2]).status_code for code in codes} == {200}


@pytest.mark.parametrize("day", ["yesterday", "2021-13-01", "1999-01-01", "2999-01-01", "06/09/2021"])
def test_a_day_that_is_none_or_far_away_is_refused_in_words(client, keeper, team, stopped_clock, day):
    make.courier(team)
    make.signed_in(client, keeper)

    answer = client.get(f"/suppliers/teams/{team.id}/passes.pdf?day={day}")

    assert answer.status_code == 409
    assert "14 days ahead" in Page(answer).text()


def test_whom_no_pass_can_be_for_is_told_so(client, keeper, stopped_clock):
    bare = make.team(keeper.supplier)
    make.signed_in(client, make.courier(bare))

    assert "serves no ward yet" in Page(client.get("/courier/pass")).text()
    assert client.get("/courier/pass.pdf").status_code == 409


def test_the_day_is_today_else_the_next_with_a_run_else_tomorrow(session, team, stopped_clock):
    today = clock.today()
    assert day_of(session, team, clock.now()) == today
    assert day_of(session, team, hours(team, today)[1] - SECOND) == today
    assert day_of(session, team, hours(team, today)[1]) == today + timedelta(days=1)

    later = run_on(team, make.round())
    assert later > today
    assert day_of(session, team, clock.now()) == later


def test_the_hours_stay_within_their_day(session, team):
    day = date(2021, 9, 6)
    team.begins, team.ends = team.begins.replace(hour=0, minute=30), team.ends.replace(hour=23, minute=30)

    assert hours(team, day) == (clock.at(day, 0), clock.at(day + timedelta(days=1), 0))


def test_a_pass_never_outlasts_its_account(session, team, stopped_clock):
    noon = clock.at(clock.today(), 12)
    courier = make.courier(team, ends_at=noon)

    assert issue(courier, clock.today()).what.ends == noon
    with pytest.raises(NoPass):
        issue(courier, clock.today() + timedelta(days=1))


def test_the_public_address_is_the_citys_where_it_is_set(app, courier, stopped_clock, monkeypatch):
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", _with(settings, public_url="https://dichothay.example/"))

    with app.test_request_context():
        assert issue(courier, clock.today()).url.startswith("https://dichothay.example/pass/")


def _with(settings, **changes):
    return replace(settings, **changes)


def test_only_a_courier_has_a_pass_and_only_a_supplier_its_teams(client, keeper, team, stopped_clock):
    make.signed_in(client, make.staff(Role.SUPPLIER, of=make.supplier()))

    assert client.get("/courier/pass").status_code == 403
    assert client.get(f"/suppliers/teams/{team.id}/passes.pdf").status_code == 404
