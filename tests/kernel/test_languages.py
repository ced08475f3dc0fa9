"""The switch in the foot of every page: kept for a year, the same page again, never another site's."""

from dataclasses import replace

import pytest

from app import create_app
from kernel.database import db
from tests import make
from tests.pages import page


def choose(client, language, **fields):
    return make.submit(client, "/language", page="/track", language=language, **fields)


def kept(answer):
    return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("language="))


@pytest.fixture
def newcomer(client):
    client.delete_cookie("language")
    return client


def test_a_newcomer_reads_vietnamese_and_after_the_switch_english_on_the_same_page(newcomer):
    assert page(newcomer.get("/track")).all("html", lang="vi")

    answer = choose(newcomer, "en", next="/?group=Chay")

    assert (answer.status_code, answer.location) == (303, "/?group=Chay")
    assert page(newcomer.get("/track")).all("html", lang="en")
    choose(newcomer, "vi")
    assert page(newcomer.get("/track")).all("html", lang="vi")


def test_the_choice_is_kept_for_a_year_and_from_other_sites(newcomer):
    parts = set(kept(choose(newcomer, "en")).split("; "))

    assert {"language=en", "Max-Age=31536000", "SameSite=Lax", "Path=/", "HttpOnly"} <= parts
    assert "Secure" not in parts


def test_behind_https_the_choice_travels_by_https_alone(database, settings_for):
    app = create_app(replace(settings_for(database), secure_cookies=True))
    client = app.test_client()
    token = make.csrf_token(client, "https://localhost/track")

    answer = client.post(
        "https://localhost/language",
        data={"language": "en", "csrf_token": token},
        headers={"Referer": "https://localhost/track"},
    )

    assert "Secure" in kept(answer).split("; ")
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\t/evil.example", "\\\\evil.example"]
)
def test_the_switch_leads_to_no_other_site(newcomer, elsewhere):
    assert choose(newcomer, "en", next=elsewhere).location == "/"


@pytest.mark.parametrize("language", ["", "de", "vi; Domain=evil.example"])
def test_a_language_that_there_is_not_is_refused(newcomer, language):
    answer = choose(newcomer, language)

    assert answer.status_code == 400
    assert not [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("language=")]


def test_the_foot_of_every_page_offers_each_language_in_its_own_name(client):
    clerk = make.staff()
    shown = {"/": page(client.get("/"))}
    make.signed_in(client, clerk)
    shown["/desk"] = page(client.get("/desk"))

    for path, each in shown.items():
        (form,) = each.all("form", action="/language")
        assert [(b.get("lang"), b.text) for b in form.iter("button")] == [("vi", "Tiếng Việt"), ("en", "English")], path
        assert [b.get("lang") for b in form.iter("button") if b.get("aria-current")] == ["en"]
        assert [field.get("value") for field in form.iter("input") if field.get("name") == "next"] == [path]


def test_where_a_forms_answer_stands_in_its_place_the_switch_shows_the_page_of_the_form(client):
    combo = make.combo()
    token = make.csrf_token(client, f"/combos/{combo.code}")

    answer = client.post(
        "/basket/add",
        data={"combo": combo.code, "quantity": "many", "csrf_token": token},
        headers={"Referer": f"http://localhost/combos/{combo.code}"},
    )

    assert page(answer).all("input", name="next", value=f"/combos/{combo.code}")
