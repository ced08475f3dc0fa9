"""Bank accounts: one receives, another one only when two people want it; never deleted, never another number."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.queries import changes_of
from orders.payments.accounts import keep
from orders.payments.accounts.models import ReceivingChange
from orders.payments.feeds.queries import account_at, accounts, covered_until, receiving_account
from tests import make
from tests.pages import Page
from tests.rush import rush
from tests.shop.test_prices import in_a_post, step

BECAUSE = "hợp đồng với ngân hàng mới"


@pytest.fixture
def head(client):
    return make.signed_in(client, make.staff(username="kinhte1", manages=True))


def add(client, **changed):
    fields = {"bank": "BIDV", "number": "6500.1234.5678", "holder": "Phòng Kinh tế TP Dĩ An", **changed}
    return make.submit(client, "/desk/admin/accounts/new", **fields)


def propose(session, account, by="kinhte1"):
    return keep.propose(session, account, Doer(by, clock.now(), BECAUSE))


def second(by="kinhte2"):
    return Doer(by, clock.now())


def test_an_account_is_written_as_banks_write_it_and_receives_nothing_yet(client, head, session):
    assert add(client).status_code == 303

    made = account_at(session, "BIDV", "650012345678")
    assert made is not None
    assert (made.holder, made.receives, made.active) == ("PHONG KINH TE TP DI AN", False, True)
    assert receiving_account(session) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""), ("number", "12"), ("number", "-5"), ("number", "1" * 20), ("number", "12345678а"),
        ("holder", ""), ("holder", "x" * 71), ("holder", "Ph\u200bòng"), ("holder", "Пhòng"), ("bank", "NONE"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_makes_no_account(client, head, session, field, value):
    answer = add(client, **{field: value})

    assert answer.status_code == 422
    assert Page(answer).fault(field)
    assert not accounts(session)


def test_an_account_is_there_once(client, head, session):
    add(client)

    page = Page(add(client, number="6500 1234 5678"))

    assert (page.status, "already" in page.fault("number")) == (422, True)


def test_residents_pay_elsewhere_when_two_people_want_it(client, head, session):
    old, new = make.bank_account(), make.bank_account("BIDV", number="650012345678")
    order = make.order()
    path = f"/desk/admin/accounts/{new.id}"

    assert make.submit(client, f"{path}/receive", page=path, because=BECAUSE).status_code == 303
    assert old.number in Page(client.get(f"/o/{order.token}")).text()
    change = session.query(ReceivingChange).one()
    decide = f"/desk/admin/accounts/changes/{change.id}"
    assert make.submit(client, f"{decide}/approve", page="/track").status_code == 409
    make.submit(client, "/sign-out", page="/track")
    make.signed_in(client, make.staff(username="kinhte2", manages=True))
    assert "QR code" in Page(client.get("/desk/admin/accounts")).text()
    assert make.submit(client, f"{decide}/approve", page="/desk/admin/accounts").status_code == 303

    page = Page(client.get(f"/o/{order.token}")).text()
    assert new.number in page
    assert old.number not in page
    assert {line.field for line in changes_of(session, keep.KIND, new.id)} == {"receives"}


def test_a_proposal_is_refused_or_withdrawn_and_nothing_moves(session):
    old, new = make.bank_account(), make.bank_account("BIDV")

    keep.refuse(session, propose(session, new), second())
    keep.withdraw(session, propose(session, new), second("kinhte1"))

    assert receiving_account(session) is old


def test_one_proposal_waits_at_a_time(session):
    make.bank_account()
    propose(session, make.bank_account("BIDV"))

    with pytest.raises(keep.OneWaits):
        propose(session, make.bank_account("AGR"))


def test_of_two_who_approve_at_once_one_does(app, session):
    make.bank_account()
    change_id = propose(session, make.bank_account("BIDV")).id
    session.commit()

    def act(number):
        change = db.session.get_one(ReceivingChange, change_id)
        return step(lambda: keep.approve(db.session, change, second(f"head{number}")))

    found = rush(app, 6, lambda number: in_a_post(app, lambda: act(number)))

    assert found == {"done": 1, "DecidedAlready": 5}
    receives = receiving_account(session)
    assert receives is not None
    assert receives.bank_code == "BIDV"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE bank_accounts SET receives = NOT receives",
        "UPDATE bank_accounts SET receives = (bank_code = 'BIDV') WHERE bank_code = 'BIDV'",
        "UPDATE bank_accounts SET number = '999999'",
        "UPDATE bank_accounts SET bank_code = 'MB'",
        "DELETE FROM bank_accounts",
        "UPDATE receiving_changes SET account_id = was_id",
        "UPDATE receiving_changes SET state = 'applied', decided_by = proposed_by, decided_at = proposed_at",
        "DELETE FROM receiving_changes",
    ],
)
def test_the_database_keeps_accounts_and_proposals(session, sql):
    make.bank_account()
    propose(session, make.bank_account("BIDV"))
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(text(sql))
    session.rollback()


def test_rounds_do_not_wait_for_an_account_that_is_off(client, head, session):
    ours = make.bank_account()
    ours.covered_until = clock.now()
    silent = make.bank_account("BIDV")
    session.flush()
    assert covered_until(session) is None
    path = f"/desk/admin/accounts/{silent.id}"

    off = make.submit(client, f"{path}/active", page=path, active="no", version=silent.version)

    assert off.status_code == 303
    assert covered_until(session) == ours.covered_until
    stays = make.submit(client, f"/desk/admin/accounts/{ours.id}/active", page=path, active="no", version=ours.version)
    assert stays.status_code == 409


def test_of_two_clerks_the_second_is_told_and_sees_both(client, head, session):
    account = make.bank_account()
    path, seen = f"/desk/admin/accounts/{account.id}", account.version
    assert make.submit(client, path, holder="Ten thu nhat", version=seen).status_code == 303

    page = Page(make.submit(client, path, holder="Ten thu hai", version=seen))

    assert page.status == 409
    assert "TEN THU NHAT" in page.text()
    assert page.value("holder") == "TEN THU HAI"


def test_a_clerk_who_is_no_head_keeps_out(client, session):
    account = make.bank_account()
    make.signed_in(client)

    for path in ("", "/new", f"/{account.id}"):
        assert client.get(f"/desk/admin/accounts{path}").status_code == 403
    assert make.submit(client, f"/desk/admin/accounts/{account.id}", page="/track", holder="X Y").status_code == 403
    assert "Bank accounts" not in [a.text for a in Page(client.get("/desk/admin")).all("a")]
