"""Settlements on pages: a supplier sees its own, the office all; drawn up, agreed to, put back, paid by forms."""

import pytest

from kernel import clock
from kernel.jobs import sweep
from suppliers.settlement.models import SettlementState
from suppliers.settlement.queries import open_settlement
from tests import make
from tests.desk import rows
from tests.pages import Page
from tests.suppliers.settlement.conftest import DELIVERED

FORMS = ("", ".pdf", ".xlsx", "/invoice-data.csv", "/invoice-data.json")


def path(settlement):
    return f"/suppliers/settlements/{settlement.number}"


@pytest.fixture
def drawn(session, street):
    for number in (0, 1, 3):
        street.becomes(number, DELIVERED)
    street.lacks(0, 10_000)
    return street.drawn()


@pytest.fixture
def agreed(street, drawn):
    street.agreed(drawn)
    sweep()
    return drawn


@pytest.mark.parametrize(("who", "status"), [("RAU", 200), ("THIT", 404), ("office", 200), ("nobody", 302)])
def test_a_supplier_sees_its_own_the_office_all_a_stranger_none(client, street, agreed, who, status):
    if who != "nobody":
        make.signed_in(client, street.staff.get(who) or make.staff())

    for form in FORMS:
        answer = client.get(path(agreed) + form)

        assert answer.status_code == status, form
        if status == 200 and form.endswith((".pdf", ".xlsx")):
            assert answer.data[:2] in (b"%P", b"PK")


@pytest.mark.parametrize("form", FORMS[1:])
def test_a_draft_has_no_papers_yet(client, drawn, form):
    make.signed_in(client)

    assert client.get(path(drawn) + form).status_code == 404


def test_the_office_draws_it_up(client, session, street):
    street.becomes(0, DELIVERED)
    make.signed_in(client)
    firm, today = street.firms["RAU"], clock.today()
    assert "1 parcels not settled" in Page(client.get("/desk/settlements")).text()

    sent = {"supplier": firm.id, "begins_on": today.isoformat(), "ends_on": today.isoformat()}
    answer = make.submit(client, "/desk/settlements", **sent)

    made = open_settlement(session, firm.id)
    assert answer.status_code == 303
    assert made is not None
    assert made.net == 100_000
    page = Page(client.get(path(made)))
    assert street.orders[0].code in page.text()
    refused = make.submit(client, "/desk/settlements", **sent)
    assert refused.status_code == 422
    assert made.number in Page(refused).fault("supplier")


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        ({"ends_on": "yesterday"}, "ends_on"),
        ({"ends_on": "2021-08-01"}, "ends_on"),
        ({"ends_on": "2031-08-01"}, "ends_on"),
        ({"begins_on": ""}, "begins_on"),
        ({"supplier": "999"}, "supplier"),
        ({"supplier": "x"}, "supplier"),
        ({}, "supplier"),
    ],
    ids=["no day", "backwards", "not yet", "empty", "unknown", "no number", "nothing to settle"],
)
def test_what_cannot_be_drawn_up_is_said_beside_the_field(client, street, sent, at):
    make.signed_in(client)
    today = clock.today().isoformat()
    plain = {"supplier": street.firms["RAU"].id, "begins_on": today, "ends_on": today}

    answer = make.submit(client, "/desk/settlements", **{**plain, **sent})

    assert answer.status_code == 422
    assert Page(answer).fault(at)


def test_both_sides_agree_on_the_page(client, app, session, street, drawn):
    make.signed_in(client, street.staff["RAU"])
    make.submit(client, f"{path(drawn)}/agree", page=path(drawn), seen=1, name="Anh Sáu")
    office = app.test_client()
    make.signed_in(office)
    done = make.submit(office, f"{path(drawn)}/agree", page=path(drawn), seen=1, name="Chị Mận", follow=True)
    session.refresh(drawn)

    assert (drawn.state, drawn.supplier_name, drawn.office_name) == (SettlementState.AGREED, "Anh Sáu", "Chị Mận")
    assert "bản cuối" in done.text
    assert "Chị Mận" in Page(client.get(path(drawn))).text()


def test_without_a_name_or_a_reason_it_asks(client, session, street, drawn):
    make.signed_in(client, street.staff["RAU"])

    nameless = make.submit(client, f"{path(drawn)}/agree", page=path(drawn), seen=1, name="")
    silent = make.submit(client, f"{path(drawn)}/disagree", page=path(drawn), seen=1, because="")

    assert (nameless.status_code, silent.status_code) == (422, 422)
    assert Page(nameless).fault("name")
    assert Page(silent).fault("because")


def test_put_back_with_a_reason_the_office_draws_it_up_anew(client, app, session, street, drawn):
    make.signed_in(client, street.staff["RAU"])
    make.submit(client, f"{path(drawn)}/disagree", page=path(drawn), seen=1, because="thiếu điểm 3")
    office = app.test_client()
    make.signed_in(office)
    assert "thiếu điểm 3" in Page(office.get(path(drawn))).text()

    make.submit(office, f"/desk/settlements/{drawn.id}/anew", page=path(drawn))
    late = make.submit(client, f"{path(drawn)}/agree", page="/account/password", seen=1, name="Anh Sáu", follow=True)
    session.refresh(drawn)

    assert (drawn.state, drawn.version, drawn.supplier_at) == (SettlementState.DRAFT, 2, None)
    assert "drawn up anew" in late.text


def test_dropped_with_a_reason(client, session, drawn):
    make.signed_in(client)
    refused = make.submit(client, f"/desk/settlements/{drawn.id}/drop", page=path(drawn), because="")
    make.submit(client, f"/desk/settlements/{drawn.id}/drop", page=path(drawn), because="the wrong week")
    session.refresh(drawn)

    assert refused.status_code == 422
    assert drawn.state is SettlementState.DROPPED
    assert "the wrong week" in Page(client.get(path(drawn))).text()


def test_the_office_says_which_debit_paid_it(client, session, street, agreed):
    debit = make.debit(agreed.net, "QT RAU 0001")
    make.signed_in(client)
    page = Page(client.get(path(agreed)))
    assert page.value("debit") == str(debit.id)

    wrong = make.submit(client, f"/desk/settlements/{agreed.id}/pay", page=path(agreed), debit=999, because="memo")
    empty = make.submit(client, f"/desk/settlements/{agreed.id}/pay", page=path(agreed), debit="x", because="")
    make.submit(client, f"/desk/settlements/{agreed.id}/pay", page=path(agreed), debit=debit.id, because="memo")

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert Page(wrong).fault("debit")
    assert set(Page(empty).faults()) >= {"debit", "because"}
    assert rows(session, "SELECT debit_id FROM settlements") == [(debit.id,)]
    assert "Paid" in Page(client.get(path(agreed))).text()


@pytest.mark.parametrize("step", ["anew", "drop", "pay"])
def test_a_supplier_takes_no_step_of_the_offices(client, street, drawn, step):
    make.signed_in(client, street.staff["RAU"])

    answer = make.submit(client, f"/desk/settlements/{drawn.id}/{step}", page="/account/password", because="x" * 9)

    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["RAU", "office"])
def test_no_page_of_a_settlement_names_a_resident(client, street, drawn, who):
    make.signed_in(client, street.staff.get(who) or make.staff())

    text = client.get(path(drawn)).text

    assert all(order.name not in text and order.phone not in text for order in street.orders)


def test_pages_ask_as_often_for_few_as_for_many(client, street, drawn, asked):
    make.signed_in(client)
    few = asked(lambda: client.get(path(drawn)))
    street.agreed(drawn)
    for number in (2, 4):
        street.becomes(number, DELIVERED)
    street.becomes(0, DELIVERED.DISPATCHED)
    second = street.drawn()

    assert asked(lambda: client.get(path(second))) == few
