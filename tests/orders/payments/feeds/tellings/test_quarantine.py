"""The quarantine desk: both are shown, a clerk says the same or another, with a reason that stays."""

import pytest

from kernel import clock
from orders.models import OrderState
from orders.payments.feeds.tellings.models import DoubtState
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.queries import count_doubts
from tests import books, doubts, make, pages, providers
from tests.bank import Bank
from tests.desk import rows

pytestmark = pytest.mark.usefixtures("right_books")

BECAUSE = "gọi ngân hàng hỏi rồi"


@pytest.fixture
def account(session, app, stopped_clock):
    providers.give_keys(app)
    return make.bank_account("VCB")


@pytest.fixture
def in_doubt(session, client, account):
    """SePay told a payment; the statement lists one of the same number under another memo."""
    order = make.order(total=100_000)
    providers.tell(client, "sepay", providers.sepay(1, memo="tien an", referenceCode="5213.45946"))
    bank = Bank(account)
    memo = f"{order.code} {order.phone}"
    bank.book(session, bank.statement(bank.row(100_000, memo, reference="5213.45946")))
    make.signed_in(client)
    (number,) = rows(session, "SELECT id FROM doubts")[0]
    return number, order


def decide(client, number, which, because=BECAUSE, **more):
    path = f"/desk/quarantine/{number}"
    shown = pages.page(client.get(path)).filled()
    return client.post(path, data={**shown, "which": which, "because": because} | more)


def sums(session):
    session.rollback()
    return rows(session, "SELECT COUNT(*), SUM(amount) FROM transfers")[0]


def test_what_is_in_doubt_is_not_credited_and_both_are_shown(session, client, in_doubt):
    number, order = in_doubt
    page = pages.page(client.get(f"/desk/quarantine/{number}"))

    assert sums(session) == (1, 100_000)
    assert order.state is OrderState.OPEN
    assert "tien an" in page.text("transfer-1") or "tien an" in page.text()
    assert order.code in page.text()
    assert rows(session, "SELECT outcome FROM inbound_messages") == [("quarantined",)]
    assert rows(session, "SELECT new, known, doubtful FROM statement_imports") == [(0, 0, 1)]


def test_the_same_adds_no_money_and_keeps_the_reason(session, client, in_doubt):
    number, _order = in_doubt
    answer = decide(client, number, "1")

    assert answer.status_code == 303
    assert sums(session) == (1, 100_000)
    assert rows(session, "SELECT what, transfer_id, because FROM doubt_events") == [("same", 1, BECAUSE)]
    assert count_doubts(session) == 0


def test_another_one_is_credited_and_matched(session, client, in_doubt):
    number, order = in_doubt
    decide(client, number, "another")
    providers.work()

    assert sums(session) == (2, 200_000)
    session.refresh(order)
    assert order.state is OrderState.CONFIRMED


@pytest.mark.parametrize("which", ["1", "another"])
def test_the_row_told_again_is_known_once_decided_and_waits_before(session, client, account, in_doubt, which):
    number, order = in_doubt
    bank = Bank(account)
    statement = bank.statement(bank.row(100_000, f"{order.code} {order.phone}", reference="5213.45946"))
    bank.book(session, statement)
    decide(client, number, which)
    bank.book(session, statement)

    told = rows(session, "SELECT outcome FROM inbound_messages ORDER BY id")
    assert told == [("quarantined",), ("quarantined",), ("known",)]
    assert books.count(session, "doubts") == 1


def test_taken_back_it_waits_again_and_can_be_decided_otherwise(session, client, in_doubt):
    number, _order = in_doubt
    decide(client, number, "1")
    path = f"/desk/quarantine/{number}"
    filled = pages.page(client.get(path)).filled()
    answer = client.post(f"{path}/take-back", data={**filled, "because": BECAUSE})

    assert answer.status_code == 303
    assert count_doubts(session) == 1
    decide(client, number, "another")
    assert sums(session) == (2, 200_000)
    told = rows(session, "SELECT what FROM doubt_events ORDER BY id")
    assert told == [("same",), ("taken back",), ("another",)]


def test_what_became_another_transfer_is_not_taken_back_here(session, client, in_doubt):
    number, _order = in_doubt
    filled = pages.page(client.get(f"/desk/quarantine/{number}")).filled()
    decide(client, number, "another")

    answer = client.post(f"/desk/quarantine/{number}/take-back", data={**filled, "because": BECAUSE})
    assert answer.status_code == 409
    assert sums(session) == (2, 200_000)


def test_two_clerks_on_one_doubt_the_second_is_told(session, client, in_doubt):
    number, _order = in_doubt
    shown = pages.page(client.get(f"/desk/quarantine/{number}")).filled()
    decide(client, number, "1")

    answer = client.post(f"/desk/quarantine/{number}", data={**shown, "which": "another", "because": BECAUSE})
    assert answer.status_code == 409
    assert sums(session) == (1, 100_000)


@pytest.mark.parametrize("sent", [{"which": ""}, {"because": ""}, {"which": "999"}])
def test_without_an_answer_or_a_reason_nothing_is_decided(session, client, in_doubt, sent):
    number, _order = in_doubt
    answer = decide(client, number, **{"which": "1", "because": BECAUSE} | sent)

    assert answer.status_code == 422
    assert pages.page(answer).faults()
    assert count_doubts(session) == 1


def test_a_transfer_that_the_same_feed_has_told_meanwhile_cannot_be_the_same(session, client, account, in_doubt):
    number, _order = in_doubt
    bank = Bank(account)
    bank.book(session, bank.statement(bank.row(100_000, "tien an", reference="5213.45946")))

    answer = decide(client, number, "1")
    assert answer.status_code == 422
    assert "Transfer 1" not in pages.page(client.get(f"/desk/quarantine/{number}")).text()
    decide(client, number, "another")
    assert sums(session) == (2, 200_000)


def test_a_changed_number_is_the_same_or_another_without_a_word_for_the_transfer(session, client, account):
    for amount in (100_000, 900_000):
        providers.tell(client, "sepay", providers.sepay(1, amount))
    make.signed_in(client)
    decide(client, 1, "1")

    assert sums(session) == (1, 100_000)
    assert rows(session, "SELECT COUNT(*) FROM tellings") == [(1,)]


def test_the_menu_counts_what_waits(session, client, account):
    doubts.doubt(make.transfer())
    doubts.decided(doubts.doubt(known := make.transfer(), Why.UNLIKE), transfer_id=known.id)
    make.signed_in(client)
    page = pages.page(client.get("/desk/quarantine"))

    menu = next(link for link in page.all("a") if link.get("href") == "/desk/quarantine")
    assert pages.words(menu).endswith(" 1")
    assert "1" in page.text()


def test_what_only_a_webhook_told_though_a_statement_covers_it_is_listed(session, client, account, stopped_clock):
    providers.tell(client, "sepay", providers.sepay(1, memo="tien ma"))
    providers.tell(client, "sepay", providers.sepay(2, 200_000, "tien that"))
    make.signed_in(client)
    assert "unconfirmed" not in client.get("/desk/quarantine").text
    bank = Bank(account)
    bank.book(session, bank.statement((200_000, "tien that")))
    account.covered_until = clock.whole_day(clock.today())[1]
    page = pages.page(client.get("/desk/quarantine"))

    assert "tien ma" in page.text()
    assert "tien that" not in page.text()


def test_a_doubt_is_decided_by_the_state_that_the_database_holds(session):
    doubt = doubts.doubt(known := make.transfer())
    doubts.decided(doubt, transfer_id=known.id)

    assert (doubt.state, doubt.transfer_id) == (DoubtState.SAME, known.id)
