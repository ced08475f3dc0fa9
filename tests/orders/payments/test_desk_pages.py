"""The payments desk over HTTP: what a clerk sees, and what each step does."""

import re

import pytest

from kernel import clock
from orders.models import OrderState
from orders.payments.forms import seen
from orders.payments.reconcile import reconcile
from people.models import Role
from tests import books, make
from tests.bank import Bank
from tests.desk import pay, rows
from tests.rush import rush

BECAUSE = "paid by her mother"


@pytest.fixture(autouse=True)
def the_books_are_right_at_the_end(session):
    yield
    session.rollback()
    books.check(session)


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def review(session):
    """A transfer that the matcher asks about, and the order that it names first."""
    bank, order = Bank(make.bank_account("AGR")), make.order(state=OrderState.EXPIRED, total=130_000)
    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    return transfer, order


def step(client, transfer, name, *, shown=None, **fields):
    """Take a step from the transfer's page as it is, or as it was ``shown``."""
    fields = {"because": BECAUSE, "seen": shown or seen(transfer), **fields}
    return make.submit(client, f"/desk/transfers/{transfer.id}/{name}", page=f"/desk/transfers/{transfer.id}", **fields)


def test_the_inbox_lists_what_waits_with_its_sum(clerk, session):
    waits, done = make.transfer(130_000, "mua combo Bưởi"), make.transfer(50_000, "xong roi")
    pay(session, done, make.order(total=50_000))

    page = clerk.get("/desk").text

    assert waits.memo in page
    assert "130.000" in page
    assert done.memo not in page


def test_it_shows_a_page_at_a_time(clerk):
    for number in range(41):
        make.transfer(1_000, f"memo-{number:02d}.")

    first, second = clerk.get("/desk").text, clerk.get("/desk?page=2").text

    assert ("memo-39." in first, "memo-40." in first) == (True, False)
    assert ("memo-39." in second, "memo-40." in second) == (False, True)


@pytest.mark.parametrize("page", ["0", "-3", "x", "99", "9" * 30])
def test_any_page_number_is_answered(clerk, page):
    assert clerk.get(f"/desk?page={page}").status_code == 200


def test_a_transfers_page_shows_candidates_with_clues_and_marks_the_memo(clerk, review):
    transfer, order = review

    page = clerk.get(f"/desk/transfers/{transfer.id}").text

    assert order.code in page
    assert order.name in page
    assert re.search(rf"<mark[^>]*>\s*{order.code}", page)


def test_a_memo_is_shown_not_run(clerk):
    transfer = make.transfer(memo="<script>alert(1)</script>")

    page = clerk.get(f"/desk/transfers/{transfer.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_missing_transfer_is_not_found(clerk):
    assert clerk.get("/desk/transfers/999").status_code == 404
    assert clerk.get("/desk/transfers/999999999999999999999").status_code == 404


def test_settling_by_a_candidate_confirms_the_order(clerk, session):
    transfer, order = make.transfer(150_000), make.order(total=130_000)

    answer = step(clerk, transfer, "settle", order=order.code)
    session.expire_all()

    assert (answer.status_code, answer.location) == (303, f"/desk/transfers/{transfer.id}")
    assert (order.state, transfer.by_hand) == (OrderState.CONFIRMED, True)
    assert books.balances(session) == {transfer.identity: {order.code: 130_000, "credit": 20_000}}
    assert rows(session, "SELECT because, automatic FROM allocations")[0] == (BECAUSE, False)
    assert order.code in clerk.get(answer.location).text


def test_settling_by_a_typed_code_takes_it_however_it_is_typed(clerk, session):
    transfer, order = make.transfer(50_000), make.order(total=130_000)

    step(clerk, transfer, "settle", code=f" {order.code[:4].lower()} {order.code[4:]} ")

    assert books.balances(session) == {transfer.identity: {order.code: 50_000}}


def test_a_part_settles_what_it_has_and_a_debt_what_it_owes(clerk, session):
    first, second, order = make.transfer(100_000), make.transfer(100_000), make.order(total=130_000)

    step(clerk, first, "settle", code=order.code)
    step(clerk, second, "settle", code=order.code)

    assert books.balances(session)[second.identity] == {order.code: 30_000, "credit": 70_000}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("settle", {}),
        ("settle", {"code": "DC2CYTZ9S", "because": ""}),
        ("split", {"shares": " \n "}),
        ("settle", {"code": "DC2CYTZ9S", "because": "\t "}),
        ("split", {"shares": "nonsense"}),
        ("split", {"shares": "DC2CYTZ9S 0"}),
        ("split", {"shares": "DC2CYTZ9S 1,5"}),
        ("split", {"shares": "DC2CYTZ9S 1\nDC2CYTZ9S 2"}),
        ("set-aside", {"because": ""}),
        ("undo", {"because": " "}),
    ],
)
def test_a_faulty_form_is_shown_again_with_its_fault(clerk, session, name, fields):
    transfer = make.transfer(130_000)

    answer = step(clerk, transfer, name, **fields)

    assert answer.status_code == 422
    assert "130.000" in answer.text
    assert books.balances(session) == {transfer.identity: {"unplaced": 130_000}}


@pytest.mark.parametrize(
    ("name", "fields"),
    [("settle", {"code": "DC2CYTZ9S"}), ("settle", {"order": "DC2CYTZ9S"}), ("split", {"shares": "DC2CYTZ9S 1.000"})],
)
def test_an_order_that_is_not_there_is_not_found(clerk, name, fields):
    assert step(clerk, make.transfer(), name, **fields).status_code == 404


def test_a_paid_order_is_refused_in_words(clerk, session):
    transfer, order = make.transfer(), make.paid_order()

    answer = step(clerk, transfer, "settle", code=order.code)

    assert answer.status_code == 409
    assert order.code in answer.text


def test_a_split_gives_each_order_its_share_and_leaves_the_rest(clerk, session):
    transfer, orders = make.transfer(500_000), [make.order(total=200_000), make.order(total=250_000)]
    shares = f"{orders[0].code} 200.000\n\n {orders[1].code.lower()}: 250k "

    answer = step(clerk, transfer, "split", shares=shares)

    assert answer.status_code == 303
    assert books.balances(session)[transfer.identity] == {
        **{order.code: order.total for order in orders},
        "unplaced": 50_000,
    }


def test_a_split_of_more_than_there_is_books_nothing(clerk, session):
    transfer, orders = make.transfer(300_000), [make.order(total=200_000), make.order(total=250_000)]

    answer = step(clerk, transfer, "split", shares="\n".join(f"{order.code} {order.total}" for order in orders))

    assert answer.status_code == 409
    assert books.balances(session) == {transfer.identity: {"unplaced": 300_000}}


def test_set_aside_and_brought_back(clerk, session):
    transfer = make.transfer(memo="tien dien thang 8")

    assert step(clerk, transfer, "set-aside").status_code == 303
    session.expire_all()
    assert transfer.memo not in clerk.get("/desk").text
    assert transfer.memo in clerk.get("/desk?show=aside").text

    assert step(clerk, transfer, "bring-back").status_code == 303
    assert transfer.memo in clerk.get("/desk").text


def test_undo_opens_the_order_again_and_the_matcher_leaves_it_so(clerk, session):
    bank, order = Bank(make.bank_account("AGR")), make.order(total=130_000)
    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    for _done in reconcile(session, at=clock.now()):
        session.commit()

    answer = step(clerk, transfer, "undo")
    for _done in reconcile(session, at=clock.now()):
        session.commit()
    session.expire_all()

    assert answer.status_code == 303
    assert (order.state, transfer.unplaced, transfer.by_hand) == (OrderState.OPEN, 130_000, True)


@pytest.mark.parametrize("name", ["settle", "split", "set-aside", "bring-back", "undo"])
def test_a_page_that_is_out_of_date_books_nothing(clerk, session, name):
    transfer, order = make.transfer(300_000), make.order(total=100_000)
    shown = seen(transfer)
    pay(session, transfer, make.order(total=50_000), as_credit=False)
    before = books.balances(session), books.count(session, "postings")

    fields = {"code": order.code, "shares": f"{order.code} 100.000"}
    answer = step(clerk, transfer, name, shown=shown, **fields)
    session.rollback()

    assert answer.status_code == 409
    assert (books.balances(session), books.count(session, "postings")) == before
    assert rows(session, "SELECT id FROM desk_events") == []


def test_a_newer_proposal_makes_a_page_out_of_date(clerk, session, review):
    transfer, _order = review
    shown = seen(transfer)
    transfer.proposal.why = "something new"
    session.commit()

    assert step(clerk, transfer, "set-aside", shown=shown).status_code == 409


def test_a_page_sent_twice_settles_once(clerk, session):
    transfer, order = make.transfer(300_000), make.order(total=100_000)
    shown = seen(transfer)

    answers = [step(clerk, transfer, "settle", shown=shown, code=order.code).status_code for _click in range(2)]

    assert answers == [303, 409]
    assert books.balances(session) == {transfer.identity: {order.code: 100_000, "credit": 200_000}}


def test_clerks_at_once_settle_a_transfer_once(app, session, client):
    transfer, orders = make.transfer(100_000), [make.order(total=100_000) for _clerk in range(4)]
    clients = [app.test_client() for _clerk in range(4)]
    staff = make.staff()
    session.commit()
    shown, path = seen(transfer), f"/desk/transfers/{transfer.id}"
    codes = [order.code for order in orders]
    session.rollback()
    tokens = []
    for each in clients:
        make.signed_in(each, staff)
        tokens.append(make.csrf_token(each, path))
    session.rollback()

    def act(number: int) -> str:
        fields = {"csrf_token": tokens[number], "seen": shown, "because": BECAUSE, "code": codes[number]}
        return str(clients[number].post(f"{path}/settle", data=fields).status_code)

    assert rush(app, 4, act) == {"303": 1, "409": 3}
    assert len(rows(session, "SELECT id FROM allocations")) == 1


def test_a_supplier_has_no_business_here(client):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk").status_code == 403


def test_a_stranger_is_led_to_the_sign_in(client):
    assert client.get("/desk").location.startswith("/sign-in")
