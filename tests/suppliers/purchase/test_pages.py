"""Purchase orders on pages: a supplier sees its own, the office all; who has not answered rises."""

import pytest
from sqlalchemy import event

from kernel import clock
from kernel.database import db
from people.models import Role
from suppliers.purchase.keep import acknowledge
from tests import books, make
from tests.desk import rows, send
from tests.pages import Page

FORMS = ("", ".pdf", ".xlsx", ".csv", ".json")
TYPES = {
    "": "text/html",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".json": "application/json",
}


def acknowledged(client, bought, code="RAU", **fields):
    return make.submit(
        client, f"{bought.path(code)}/acknowledge", page=bought.path(code), **{"name": "Chị Sáu", **fields}
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("who", "status"), [("RAU", 200), ("THIT", 404), ("office", 200), ("nobody", 302)])
def test_a_supplier_sees_its_own_the_office_all_a_stranger_none(client, session, bought, who, status, form):
    if who != "nobody":
        make.signed_in(client, bought.staff.get(who) or make.staff(username="kinhte9"))

    answer = client.get(bought.path("RAU") + form)

    assert answer.status_code == status
    if status == 200:
        assert answer.mimetype == TYPES[form]
        assert answer.data[:4] == {".pdf": b"%PDF", ".xlsx": b"PK\x03\x04"}.get(form, answer.data[:4])


def test_a_supplier_meets_what_it_has_not_acknowledged_first(client, bought):
    make.signed_in(client, bought.staff["RAU"])

    home, mine = Page(client.get("/suppliers/")), Page(client.get("/suppliers/orders"))

    for page in (home, mine):
        assert bought.of("RAU").number in page.text()
        assert bought.of("THIT").number not in page.text()


def test_the_supplier_acknowledges_with_a_name(client, session, bought):
    who = make.signed_in(client, bought.staff["RAU"])

    answer = acknowledged(client, bought)

    assert answer.status_code == 303
    assert rows(session, "SELECT what, by, name FROM purchase_events") == [("acknowledged", who.username, "Chị Sáu")]
    assert "Chị Sáu" in Page(client.get(bought.path("RAU"))).text()


def test_without_a_name_it_asks_for_one_and_keeps_what_was_typed(client, session, bought):
    make.signed_in(client, bought.staff["RAU"])

    empty, long = acknowledged(client, bought, name=" "), acknowledged(client, bought, name="x" * 81)

    assert (empty.status_code, long.status_code) == (422, 422)
    assert Page(empty).fault("name")
    assert Page(long).value("name") == "x" * 81
    assert books.count(session, "purchase_events") == 0


def test_who_comes_second_is_told_kindly_who_was_first(client, session, bought):
    make.signed_in(client, bought.staff["RAU"])
    token = make.csrf_token(client, bought.path("RAU"))
    acknowledged(client, bought, csrf_token=token)

    answer = acknowledged(client, bought, name="Anh Bảy", csrf_token=token, follow=True)

    assert answer.status_code == 200
    assert "Chị Sáu" in answer.text
    assert "Anh Bảy" not in answer.text
    assert books.count(session, "purchase_events") == 1


@pytest.mark.parametrize(("who", "status"), [("THIT", 404), ("office", 403)])
def test_only_the_supplier_acknowledges_and_only_its_own(client, session, bought, who, status):
    make.signed_in(client, bought.staff.get(who) or make.staff(Role.OFFICE))
    token = make.csrf_token(client, "/account/password")

    assert acknowledged(client, bought, csrf_token=token).status_code == status
    assert books.count(session, "purchase_events") == 0


def test_who_has_not_answered_stands_on_top_with_how_long(client, session, bought, stopped_clock):
    acknowledge(session, bought.of("RAU"), by="rau", name="Chị Sáu", at=clock.now())
    session.commit()
    make.signed_in(client)
    stopped_clock.forward(hours=3)

    page = Page(client.get("/desk/purchases"))

    text = page.text()
    assert text.index(bought.of("THIT").number) < text.index(bought.of("RAU").number)
    assert "3 hours" in text
    assert "Chị Sáu" in text


def test_the_office_nudges_and_is_told_when_that_is_too_early(client, session, bought, stopped_clock):
    make.signed_in(client)
    order = bought.of("THIT")
    early = make.submit(client, f"/desk/purchases/{order.id}/nudge", page="/desk/purchases", follow=True)
    stopped_clock.forward(minutes=31)
    make.submit(client, f"/desk/purchases/{order.id}/nudge", page=bought.path("THIT"), from_page="1")

    assert "notice--warn" in early.text
    assert rows(session, "SELECT what FROM purchase_events") == [("nudged",)]
    assert "2 times" in Page(client.get("/desk/purchases")).text()


def test_a_nudge_shows_in_the_log_of_notices_by_its_name(client, bought):
    make.signed_in(client)

    page = Page(client.get("/desk/notices?event=purchase_ordered"))

    assert bought.of("RAU").number in page.text()
    assert f"/suppliers/orders/{bought.of('RAU').number}" in list(page.addresses())
    assert "Purchase order" in Page(client.get("/desk/notices/by-hand")).text()


@pytest.mark.parametrize("path", ["/desk/purchases", "/suppliers/orders"])
def test_a_list_asks_as_often_whether_it_has_two_rows_or_twenty(client, app, session, bought, path):
    make.signed_in(client, bought.staff["RAU"] if "suppliers" in path else None)
    few = asked(client, path)
    for _number in range(6):
        delivery = make.round()
        make.paid_order(bought.combos["C01"], bought.combos["C03"], delivery=delivery)
        send(session, delivery)

    assert asked(client, path) == few


def asked(client, path):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
