"""What goes wrong is told in words, one page for each kind, and tells nothing of the inside."""

import json
import re

import pytest
from flask import Flask, abort
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from kernel.database import db
from kernel.errors import MarketError
from kernel.web import LARGEST_UPLOAD
from orders.models import Order
from people.models import Role
from tests import make
from tests.pages import Page

SECRETS = ("Traceback", "werkzeug", "sqlalchemy", ".py", "SELECT", "0912345678")

pytestmark = pytest.mark.own_app


class Broken(Exception):
    """A fault whose message quotes a person."""


def raising(app: Flask, fault: Exception) -> str:
    """A page at /boom that fails so."""

    @app.get("/boom")
    def boom() -> str:
        raise fault

    return "/boom"


def explained(answer, home: str = "/") -> Page:
    """An error page: HTML, a heading, a way on to where its reader comes from, nothing of the inside."""
    page = Page(answer)
    assert answer.mimetype == "text/html"
    assert len(page.all("h1")) == 1
    assert home in [a.get("href") for a in page.by_id("main").iter("a")]
    assert not [secret for secret in SECRETS if secret in page.text()]
    return page


def test_an_address_that_leads_nowhere(client):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "no such page" in explained(answer).text()


def test_a_form_opened_as_a_page(client):
    answer = client.get("/basket/add")

    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})
    assert "form" in explained(answer).text()


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_without_its_token_changes_nothing_and_gets_a_page(session, client, token):
    combo = make.combo()
    client.get(f"/combos/{combo.code}")
    fields = {"combo": combo.code, "quantity": 1} | ({} if token is None else {"csrf_token": token})

    answer = client.post("/basket/add", data=fields)

    assert answer.status_code == 400
    assert "could not be read" in explained(answer).text()
    with client.session_transaction() as cookie:
        assert "basket" not in cookie


def test_every_form_of_the_site_wants_a_token(app: Flask, client):
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/hooks/"):  # those are signed
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            by_token = rule.rule.startswith("/api/")  # a program's own, no cookie's
            assert client.post(path).status_code == (401 if by_token else 400), path


def test_an_upload_that_is_too_large(client):
    make.signed_in(client)

    answer = client.post("/desk/statements", data={"file": "x" * (LARGEST_UPLOAD + 1)})

    assert answer.status_code == 413
    assert "too large" in explained(answer, "/desk").text()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/desk/statements", ("The statement is too large", "at most 24 MB", "fewer days")),
        ("/desk/admin/combos/new", ("The picture is too large", "at most 24 MB", "smaller")),
        ("/basket/add", ("too much at once", "24 MB in all, 500 KB in one field", "shorter")),
    ],
)
def test_what_was_too_large_is_named_with_its_limit(client, path, says):
    make.signed_in(client)

    page = Page(client.post(path, data={"file": "x" * (LARGEST_UPLOAD + 1)}))

    assert page.status == 413
    for words in says:
        assert words in page.text()


def test_too_much_text_is_told_as_such(client):
    page = Page(client.post("/basket/add", data={"combo": "x" * 600_000}, content_type="multipart/form-data"))

    assert page.status == 413
    assert "500 KB in one field" in page.text()


WORKPLACES = [(Role.OFFICE, "/desk", "Office menu"), (Role.SUPPLIER, "/suppliers/", "Supplier menu")]


@pytest.mark.parametrize(("role", "home", "menu"), WORKPLACES)
@pytest.mark.parametrize("fault", [MarketError("No."), StaleDataError("UPDATE"), Broken("x")])
def test_who_is_signed_in_meets_a_fault_in_the_frame_of_their_work(app: Flask, client, role, home, menu, fault):
    path = raising(app, fault)
    make.signed_in(client, make.staff(role))

    page = explained(client.get(path), home)

    assert [nav.get("aria-label") for nav in page.all("nav")] == [menu]
    assert page.all("a", **{"class": "brand"})[0].get("href") == home
    assert "Track an order" not in "".join(page.root.itertext())


@pytest.mark.parametrize(("role", "home", "menu"), WORKPLACES)
@pytest.mark.parametrize("path", ["/nowhere", "/desk/nowhere", "/combos/none", "/basket/add"])
def test_who_is_signed_in_and_lost_is_led_back_to_their_work(client, role, home, menu, path):
    make.signed_in(client, make.staff(role))

    page = explained(client.get(path), home)

    assert [nav.get("aria-label") for nav in page.all("nav")] == [menu]


@pytest.mark.parametrize("path", ["/desk/nowhere", "/suppliers/nowhere"])
def test_a_stranger_sees_nobodys_menu(client, path):
    page = explained(client.get(path), "/sign-in")

    assert [nav.get("aria-label") for nav in page.all("nav")] == ["Main menu"]


@pytest.mark.parametrize(
    ("path", "menu"), [("/desk", "Office menu"), ("/suppliers/", "Supplier menu"), ("/", "Main menu")]
)
def test_while_the_database_rests_the_address_tells_whose_page_it_is(app: Flask, client, monkeypatch, path, menu):
    make.signed_in(client)

    def rest(*_args: object) -> None:
        raise OperationalError("SELECT 1", {}, Broken("connection refused"))

    monkeypatch.setattr("people.sessions.live_sign_in", rest)
    monkeypatch.setattr("shop.views.rounds_taking_orders", rest)

    answer = client.get(path)

    assert answer.status_code == 503
    assert [nav.get("aria-label") for nav in Page(answer).all("nav")] == [menu]


def test_a_role_that_may_not(client):
    make.signed_in(client)

    answer = client.get("/suppliers/")

    assert answer.status_code == 403
    assert "not for your account" in explained(answer, "/desk").text()


def test_too_many_tries_say_when_to_come_back(client, stopped_clock):
    for _try in range(6):
        answer = make.submit(client, "/sign-in", username="lan", password="wrong")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in explained(answer).text()


def test_a_refusal_in_its_own_words(app: Flask, client):
    answer = client.get(raising(app, MarketError("This round has left. Choose the next one.")))

    assert answer.status_code == 409
    assert "This round has left. Choose the next one." in explained(answer).text()


def test_the_second_of_two_people_on_one_thing_is_told(app: Flask, client):
    answer = client.get(raising(app, StaleDataError("UPDATE orders …")))

    assert answer.status_code == 409
    assert "quicker" in explained(answer).text()


@pytest.mark.parametrize("fault", [Broken("0912345678"), IntegrityError("INSERT", {"phone": "0912345678"}, Broken())])
def test_a_fault_of_ours_tells_a_number_to_call_about_and_nothing_else(app: Flask, client, fault):
    answer = client.get(raising(app, fault))

    assert answer.status_code == 500
    page = explained(answer)
    assert "on our side" in page.text()
    assert answer.headers["X-Request-ID"] in page.text()


def test_a_fault_leaves_nothing_half_done(app: Flask, session, client):
    combo = make.combo(price=100_000)

    @app.get("/boom")
    def boom() -> str:
        db.session.merge(combo).name = "half done"
        db.session.flush()
        raise Broken

    client.get("/boom")

    session.refresh(combo)
    assert combo.name != "half done"


def test_a_database_that_does_not_answer(app: Flask, client):
    answer = client.get(raising(app, OperationalError("SELECT 1", {}, Broken("connection refused"))))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "resting" in explained(answer).text()


def test_a_server_that_rests(app: Flask, client):
    @app.get("/boom")
    def boom() -> str:
        abort(503)

    assert "resting" in explained(client.get("/boom")).text()


@pytest.mark.parametrize("path", ["/combos/%00", "/o/%00", "/?group=%00", "/desk/orders?q=%00"])
def test_a_nul_in_an_address_is_unreadable(client, path):
    make.signed_in(client)

    assert client.get(path).status_code == 400


@pytest.mark.parametrize("number", [2**31, 2**63, 10**40])
def test_a_number_that_no_row_has_is_a_page_that_is_not_there(client, number):
    make.signed_in(client)

    for path in (f"/desk/rounds/{number}", f"/desk/transfers/{number}", f"/desk/statements/{number}"):
        assert client.get(path).status_code == 404


def test_what_a_fault_quotes_of_a_person_stays_out_of_the_log(app: Flask, session, client, capsys):
    order = make.order(name="Trần Thị Bưởi", phone="0912345678")

    @app.get("/boom/<token>")
    def boom(token: str) -> str:
        db.session.add(Order(code=order.code, token=token, name=order.name, phone=order.phone, address=order.address))
        db.session.flush()
        return ""

    assert client.get(f"/boom/{order.token}").status_code == 500

    log = capsys.readouterr()
    events = [json.loads(line) for line in (log.out + log.err).splitlines() if line.startswith("{")]
    assert [event["event"] for event in events] == ["unforeseen", "request"]
    assert events[0]["exception"][-1]["frames"]
    assert not [fact for fact in (order.phone, "Bưởi", order.token, "Kiệt") if fact in log.out + log.err]


def test_error_pages_speak_vietnamese_unless_asked_otherwise(client):
    client.delete_cookie("language")

    assert '<html lang="vi">' in client.get("/nowhere", headers={"Accept-Language": "en"}).text
