"""The pages of refunds: who may do what, what is shown, what is asked again."""

import pytest

from kernel import clock
from kernel.database import db
from orders.payments.ledger import Gift, give
from orders.payments.models import Place
from orders.payments.refunds import keep
from orders.payments.refunds.models import Refund
from orders.payments.refunds.owed.queries import Tab, owed_in, refunds_in
from orders.payments.refunds.payee import Payee
from tests import books, make
from tests.desk import CLERK
from tests.pages import Page
from tests.refunds import BUOI, approved, exported, known, one, paid, proposed, two

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")

ACCOUNT = {"bank": "970436", "account": "0071.0001.23456", "name": "Trần Thị Bưởi", "reason": "she called"}


@pytest.fixture
def clerk(client):
    """Signed in: neither a head of the office nor the one who proposed."""
    return make.signed_in(client, make.staff(username="kinhte2"))


def propose(client, transfer, **changed):
    fields = {"taken_from": "unplaced", "amount": "60.000", "because": "paid twice", **ACCOUNT, **changed}
    path = f"/desk/transfers/{transfer.id}/refund"
    return client.post(path, data={**Page(client.get(path)).filled(), **fields})


def test_a_clerk_proposes_from_what_is_not_placed_or_from_credit(client, clerk, session):
    transfer, order = make.transfer(100_000), make.order(code="DC2CYTZ9S")
    give(session, [Gift(transfer.id, {}, credit=30_000)], CLERK)

    assert propose(client, transfer, code="dc2cytz9s").status_code == 303
    assert propose(client, transfer, taken_from="credit", amount="30000").status_code == 303

    first, second = refunds_in(session, Tab.SECOND, most=9)
    assert (first.order, first.amount, first.taken_from, first.account) == (order, 60_000, "unplaced", "0071000123456")
    assert (first.name, first.named_by, second.taken_from) == ("TRAN THI BUOI", "kinhte2", Place.CREDIT)


def test_without_an_account_somebody_names_it_later(client, clerk, session):
    empty = dict.fromkeys(ACCOUNT, "")

    assert propose(client, make.transfer(), **empty).status_code == 303

    (refund,) = refunds_in(session, Tab.NAMING, most=9)
    path = f"/desk/refunds/{refund.id}"
    answer = client.post(f"{path}/name", data={**Page(client.get(path)).filled(), "version": "1", **ACCOUNT})
    session.expire_all()
    assert (answer.status_code, refund.named_by, refund.account) == (303, "kinhte2", "0071000123456")


def test_what_the_bank_told_of_the_payer_stands_in_the_form(client, clerk, session):
    transfer = known()
    page = Page(client.get(f"/desk/transfers/{transfer.id}/refund"))

    assert [page.value(name) for name in ("bank", "account", "amount")] == ["970436", "0071000123456", "100000"]
    assert client.post(
        f"/desk/transfers/{transfer.id}/refund", data={**page.filled(), "because": "paid twice"}
    ).location


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"), ("amount", "many"), ("amount", "100.001"), ("because", ""), ("code", "DC2222222"),
        ("account", "12"), ("account", "12345678а"), ("name", "Пhòng"), ("name", "=1+1"), ("reason", ""),
        ("bank_bin", "12"), ("taken_from", ""), ("bank_bin", "970407"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_takes_nothing(client, clerk, session, field, value):
    changed = {field: value, **({"bank": ""} if value == "12" and field == "bank_bin" else {})}

    answer = propose(client, make.transfer(100_000), **changed)

    assert answer.status_code == 422
    assert Page(answer).fault(field)
    assert books.count(session, "refunds") == 0


def test_what_was_not_seen_is_not_proposed(client, clerk, session):
    transfer = make.transfer(100_000)
    path = f"/desk/transfers/{transfer.id}/refund"
    form = Page(client.get(path)).filled()
    give(session, [Gift(transfer.id, {}, credit=1_000)], CLERK)

    fields = {**form, "amount": "60000", "because": "paid twice", **ACCOUNT}
    assert client.post(path, data=fields).status_code == 409


def step(client, refund, what, **fields):
    path = f"/desk/refunds/{refund.id}"
    return make.submit(client, f"{path}/{what}", page=path, **fields)


def test_any_second_person_approves_what_goes_to_who_paid(client, clerk, session):
    refund = proposed(known(), payee=None)

    assert step(client, refund, "approve", version="1").status_code == 303
    session.expire_all()
    assert (refund.state, refund.decided_by) == ("applied", "kinhte2")


@pytest.mark.parametrize(("manages", "status"), [(False, 403), (True, 303)])
def test_only_a_head_approves_what_goes_elsewhere(client, session, manages, status):
    make.signed_in(client, make.staff(username="kinhte2", manages=manages))

    assert step(client, proposed(), "approve", version="1").status_code == status


def test_who_proposed_it_is_not_offered_to_approve_and_is_refused(client, session):
    make.signed_in(client, make.staff(username="kinhte1", manages=True))
    refund = proposed()

    assert "Approve" not in Page(client.get(f"/desk/refunds/{refund.id}")).text()
    assert step(client, refund, "approve", version="1").status_code == 409


def test_who_got_the_password_from_the_proposer_just_now_does_not_approve(client, session):
    made = make.staff(username="kinhte2", manages=True)
    made.given_by, made.given_at = "kinhte1", clock.now()
    make.signed_in(client, made)

    assert step(client, proposed(), "approve", version="1").status_code == 409


def test_refuse_stop_and_withdraw_each_want_what_they_need(client, clerk, session):
    wrong, gone, mine = proposed(known()), approved(known()), proposed(known(), by="kinhte2")

    for refund, what in ((wrong, "refuse"), (gone, "stop")):
        assert step(client, refund, what, because="").status_code == 422
        assert step(client, refund, what, because="not his").status_code == 303
    assert step(client, mine, "withdraw").status_code == 303
    assert {each.id for each in refunds_in(session, Tab.ENDED, most=9)} == {wrong.id, gone.id, mine.id}


def test_each_tab_has_its_own_oldest_first_with_sums(client, clerk, session, stopped_clock):
    naming = proposed(by="resident", payee=None)
    stopped_clock.forward(hours=1)
    second, later = proposed(make.transfer(70_000)), proposed(make.transfer(50_000))
    done = exported()
    paid(done)
    sent = exported()
    ready = approved()

    found = {tab: [each.id for each in refunds_in(session, tab, most=9)] for tab in Tab}
    assert found == {
        Tab.NAMING: [naming.id],
        Tab.SECOND: [second.id, later.id],
        Tab.APPROVED: [ready.id],
        Tab.EXPORTED: [sent.id],
        Tab.DONE: [done.id],
        Tab.BACK: [],
        Tab.ENDED: [],
    }
    assert owed_in(session)[Tab.SECOND] == (2, 120_000)
    text = Page(client.get("/desk/refunds")).text()
    assert "420.000 ₫" in text
    assert "TRAN THI BUOI" in Page(client.get("/desk/refunds?tab=exported")).text()


def test_a_long_tab_has_pages(client, clerk, session):
    for _number in range(41):
        proposed(make.transfer(1_000), by="resident", payee=None)

    assert len(Page(client.get("/desk/refunds?tab=naming&page=2")).all("tr")) == 2


def export(client, ours):
    form = {**Page(client.get("/desk/refunds?tab=approved")).filled(), "account": str(ours.id)}
    return form, client.post("/desk/refunds/batches", data=form)


def test_a_double_click_makes_one_batch_that_is_downloaded_again_any_time(client, clerk, session):
    ours = make.bank_account("VCB")
    refund = approved()
    form, answer = export(client, ours)
    again = client.post("/desk/refunds/batches", data=form)

    assert again.location == answer.location
    assert books.count(session, "refund_batches") == 1
    for kind in ("xlsx", "csv", "csv"):
        file = client.get(f"{answer.location}.{kind}")
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "no-store")
    assert refund.code in file.text
    assert client.get(answer.location).status_code == 200


def test_a_batch_is_cancelled_with_a_reason_and_then_not_downloaded(client, clerk, session):
    ours = make.bank_account("VCB")
    approved()
    _form, answer = export(client, ours)

    assert make.submit(client, f"{answer.location}/cancel", page=answer.location, because="").status_code == 422
    cancelled = make.submit(client, f"{answer.location}/cancel", page=answer.location, because="bank closed")
    assert cancelled.status_code == 303
    assert client.get(f"{answer.location}.csv").status_code == 409
    assert len(refunds_in(session, Tab.APPROVED, most=9)) == 1


def test_a_debit_shows_what_it_may_have_been_and_a_clerk_decides(client, clerk, session):
    refund, other = exported(), exported(known(70_000))
    debit = make.debit(99_000, refund.code)
    path = f"/desk/debits/{debit.id}"
    page = Page(client.get(path)).text()
    assert refund.code in page
    assert other.code not in page

    for code, because in (("", "less a fee"), (refund.code, ""), ("HT2", "less a fee")):
        assert make.submit(client, f"{path}/link", page=path, code=code, because=because).status_code == 422
    linked = make.submit(client, f"{path}/link", page=path, code=refund.code, because="less a fee")
    assert linked.status_code == 303
    assert refund.code in Page(client.get("/desk/debits?show=explained")).text()
    assert make.submit(client, f"{path}/undo", page=path, because="wrong one").status_code == 303
    assert make.submit(client, f"{path}/say", page=path, kind="none", because="monthly").status_code == 422
    assert make.submit(client, f"{path}/say", page=path, kind="fee", because="monthly").status_code == 303
    session.expire_all()
    assert (debit.kind, refund.debit_id) == ("fee", None)


def test_a_refund_that_is_paid_is_shown_for_its_code_but_not_linked_again(client, clerk, session):
    refund = exported()
    paid(refund)
    debit = make.debit(100_000, refund.code)
    path = f"/desk/debits/{debit.id}"

    assert "not to be paid any more" in Page(client.get(path)).text()
    assert make.submit(client, f"{path}/link", page=path, code=refund.code, because="twice").status_code == 422


def test_what_came_back_is_offered_to_be_paid_anew(client, clerk, session):
    refund = exported(order=make.order(code="DC2CYTZ9S"))
    paid(refund)
    returned = make.transfer(100_000, refund.code)
    refund.returned_id = returned.id
    session.commit()

    assert refund.code in Page(client.get("/desk/refunds?tab=back")).text()
    page = Page(client.get(f"/desk/transfers/{returned.id}/refund"))
    assert (page.value("account"), page.value("code")) == (BUOI.account, "DC2CYTZ9S")
    client.post(f"/desk/transfers/{returned.id}/refund", data={**page.filled(), "because": "account was wrong"})
    assert [each.id for each in refunds_in(session, Tab.BACK, most=9)] == []
    assert len(refunds_in(session, Tab.SECOND, most=9)) == 1


def test_the_orders_page_tells_its_resident(client, session):
    order = make.order(code="DC2CYTZ9S")
    refund = exported(order=order)
    keep.refuse(session, proposed(make.transfer(11_000), order=order), two())

    page = Page(client.get(f"/o/{order.token}")).text()
    assert "100.000 ₫" in page
    assert "under way" in page
    assert "11.000 ₫" not in page
    assert BUOI.account not in page
    assert "under way" in client.get(f"/o/{order.token}.txt").text
    paid(refund)
    assert "paid back on" in Page(client.get(f"/o/{order.token}")).text()
    assert "paid back on" in client.get(f"/o/{order.token}.txt").text


def test_names_stay_words_on_the_pages(client, clerk, session):
    refund = proposed(known(), payee=None)
    odd = proposed(make.transfer(), payee=Payee("970436", "0071", "<B>X", "by phone"))
    session.commit()

    assert db.session.get(Refund, refund.id)
    assert "<B>X" not in client.get(f"/desk/refunds/{odd.id}").text
    assert one().by == "kinhte1"
