"""Webhooks end to end: kept first, answered fast, booked by a job, one movement once."""

import json
import urllib.request
from contextvars import Context
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from kernel import clock
from kernel.database import db
from kernel.hooks import HookKeys
from kernel.jobs import sweep
from orders.models import OrderState
from orders.payments.feeds.booking import book
from orders.payments.feeds.hooks.models import CallState, HookCall
from orders.payments.feeds.models import StatementImport
from tests import books, make
from tests.bank import Bank
from tests.desk import rows
from tests.providers import KEYS, call, casso, give_keys, payos, sepay, signed, tell, work
from tests.rush import rush
from tests.states.city import Silent

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")

MEMO = "DCK7M2Q9A 0912345678"


@pytest.fixture
def account(session, app):
    give_keys(app)
    return make.bank_account("VCB")


@pytest.fixture
def bank(account):
    return Bank(account)


def booked(session):
    """How many transfers there are, and how much came in."""
    session.rollback()
    return rows(session, "SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM transfers")[0]


def outcomes(session):
    session.rollback()
    return [
        f"{outcome} {why}".strip()
        for outcome, why in rows(session, "SELECT outcome, why FROM hook_messages ORDER BY id")
    ]


TELLS = {"sepay": sepay(7), "casso": casso(7), "payos": payos("FT21242123456789")}


@pytest.mark.parametrize("provider", TELLS)
def test_a_call_is_kept_as_it_came_answered_then_booked(session, client, account, provider):
    told = {"sepay": sepay(77, 120_000), "casso": casso(77, 120_000)}.get(provider, payos("77", 120_000))
    answer = call(client, provider, told)

    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert booked(session) == (0, 0)
    kept = session.get_one(HookCall, 1)
    assert kept.body == signed(provider, told)[0]
    assert kept.state is CallState.RECEIVED

    work()
    assert booked(session) == (1, 120_000)
    assert outcomes(session) == ["booked"]
    assert rows(session, "SELECT state FROM hook_calls") == [("booked",)]


def test_cassos_first_version_tells_several_at_once(session, client, account):
    told: dict[str, Any] = {"error": 0, "data": []}
    for number, amount in ((1, 100_000), (2, 200_000), (3, -50_000)):
        told["data"].append(
            {"id": number, "tid": f"FT2124212345678{number}", "description": MEMO, "amount": amount}
            | {"when": "2021-09-06 08:00:00", "bank_sub_acc_id": make.ACCOUNT, "bankAbbreviation": "VCB"}
        )
    for _again in range(2):
        answer = client.post("/hooks/casso", json=told, headers={"secure-token": KEYS.casso_token})
        assert answer.status_code == 200
        work()

    assert booked(session) == (2, 300_000)
    assert outcomes(session) == ["booked", "booked", "ignored money out"]


def test_what_a_webhook_tells_is_matched_at_once(session, client, account):
    order = make.order(total=250_000)
    tell(client, "sepay", sepay(1, 250_000, f"{order.code} {order.phone}"))

    session.refresh(order)
    assert order.state is OrderState.CONFIRMED


@pytest.mark.parametrize("provider", TELLS)
def test_a_wrong_signature_is_401_and_nothing_is_kept(session, client, account, provider):
    body, headers = signed(provider, TELLS[provider])
    for wrong in (body.replace(b"100000", b"900000"), body + b" " if provider == "sepay" else b"{}"):
        answer = client.post(f"/hooks/{provider}", data=wrong, headers=headers)
        assert answer.status_code == 401
    assert client.post(f"/hooks/{provider}", data=b"{}").status_code == 401

    work()
    assert booked(session) == (0, 0)
    assert books.count(session, "hook_calls") == 0


def test_a_late_call_of_sepay_is_401(session, client, account, stopped_clock):
    body, headers = signed("sepay", sepay(1))
    stopped_clock.forward(minutes=5, seconds=1)

    assert client.post("/hooks/sepay", data=body, headers=headers).status_code == 401


def test_many_wrong_calls_are_slowed_down_and_a_right_one_is_not(session, client, account, monkeypatch):
    monkeypatch.setattr("orders.payments.feeds.hooks.views.WRONG_CALLS", 3)
    answers = [client.post("/hooks/sepay", data=b"{}").status_code for _ in range(5)]

    assert answers == [401, 401, 401, 429, 429]
    tell(client, "sepay", sepay(1))
    assert books.count(session, "throttle_windows") == 1


def test_a_provider_whose_key_is_not_set_is_not_there(session, client, app):
    give_keys(app, HookKeys(sepay_key="x"))
    answers = [client.post(f"/hooks/{provider}", data=b"{}").status_code for provider in TELLS]

    assert answers == [401, 404, 404]


def test_a_call_larger_than_any_is_413(session, client, account):
    assert client.post("/hooks/sepay", data=b"x" * (256 * 1024 + 1)).status_code == 413
    assert books.count(session, "hook_calls") == 0


def test_a_call_that_nobody_can_read_is_kept_and_books_nothing(session, client, account):
    tell(client, "sepay", sepay(1, transferAmount="a lot"))

    assert booked(session) == (0, 0)
    assert rows(session, "SELECT state FROM hook_calls") == [("unreadable",)]


def test_replayed_and_reworded_it_is_booked_once(session, client, account, stopped_clock):
    at = clock.now()
    for again in range(3):
        tell(client, "sepay", sepay(1, at=at))
        tell(client, "sepay", sepay(1, at=at, gateway="VCB", code=again))
        stopped_clock.forward(minutes=4)

    assert booked(session) == (1, 100_000)
    assert books.count(session, "hook_calls") == 4


def test_twins_under_numbers_of_their_own_are_two(session, client, account):
    for number in (1, 2):
        tell(client, "sepay", sepay(number))

    assert booked(session) == (2, 200_000)


def test_two_providers_tell_one_transfer(session, client, account):
    tell(client, "sepay", sepay(1, referenceCode="FT21249123456789"))
    tell(client, "casso", casso(900, reference="FT21249123456789"))
    tell(client, "payos", payos("FT21249123456789", memo=MEMO))

    assert booked(session) == (1, 100_000)
    assert outcomes(session) == ["booked", "known", "known"]


@pytest.mark.parametrize("statement_first", [False, True])
def test_by_webhook_and_by_statement_it_is_one(session, client, account, bank, statement_first):
    wrapped = f"MBVCB.1234567890.{MEMO}.CT tu 0123456789 NGUYEN VAN AN toi {make.ACCOUNT} PHONG KINH TE"
    steps = [
        lambda: tell(client, "sepay", sepay(1)),
        lambda: bank.book(session, bank.statement(bank.row(100_000, wrapped, reference="5213.45946"))),
    ]
    for step in steps[::-1] if statement_first else steps:
        step()

    assert booked(session) == (1, 100_000)
    assert books.count(session, "doubts") == 0


@pytest.mark.parametrize("statement_first", [False, True])
@pytest.mark.parametrize("told", [1, 2])
def test_genuine_twins_stay_two_even_if_one_webhook_was_lost(session, client, account, bank, statement_first, told):
    def call_them():
        for number in range(told):
            tell(client, "sepay", sepay(number))

    def import_them():
        bank.book(session, bank.statement((100_000, MEMO), (100_000, MEMO)))

    for step in (import_them, call_them) if statement_first else (call_them, import_them):
        step()

    assert booked(session) == (2, 200_000)
    assert books.count(session, "doubts") == 0


def test_a_statement_imported_again_knows_what_webhooks_told_first(session, client, account, bank):
    tell(client, "sepay", sepay(1))
    statement = bank.statement((100_000, MEMO), (70_000, "tien dien"))
    for _again in range(2):
        bank.book(session, statement)

    assert booked(session) == (2, 170_000)
    assert rows(session, "SELECT new, known, doubtful FROM statement_imports ORDER BY id") == [(1, 1, 0), (0, 2, 0)]


def test_a_known_number_with_another_amount_is_quarantined(session, client, account):
    tell(client, "sepay", sepay(1, 100_000))
    for again in range(2):
        tell(client, "sepay", sepay(1, 900_000, code=again))

    assert booked(session) == (1, 100_000)
    assert outcomes(session) == ["booked", "quarantined changed", "quarantined changed"]
    assert books.count(session, "doubts") == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"transferType": "out"}, "money out"),
        ({"transferAmount": 0}, "nothing"),
        ({"transferAmount": -5_000}, "money out"),
        ({"accountNumber": "99999999"}, "unknown account"),
        ({"gateway": "Agribank"}, "unknown account"),
    ],
)
def test_what_is_no_money_of_ours_is_recorded_and_never_credited(session, client, account, changes, why):
    tell(client, "sepay", sepay(1, **changes))

    assert booked(session) == (0, 0)
    assert outcomes(session) == [f"ignored {why}"]


def test_a_virtual_account_under_ours_is_ours(session, client, account):
    tell(client, "sepay", sepay(1, accountNumber=make.ACCOUNT, subAccount="VA0001"))
    tell(client, "casso", casso(2, 50_000, accountNumber="VA0001", virtualAccountNumber=make.ACCOUNT))

    assert booked(session) == (2, 150_000)


def test_a_failed_payment_of_payos_is_only_recorded(session, client, account):
    tell(client, "payos", payos("FT1", code="01"))

    assert outcomes(session) == ["ignored failed"]


@pytest.fixture
def served(app, account, session):
    """The app behind a real server with a thread for each call."""
    session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_in_parallel_by_two_providers_in_any_order_each_movement_is_booked_once(app, session, served):
    """Twenty calls at once over the wire: five movements, by two providers, each told twice; four workers book them."""
    ready = []
    for number in range(20):
        provider, says = ("sepay", sepay) if number % 2 else ("casso", casso)
        told = says(number % 5, 100_000 + number % 5, f"tien so {number % 5} nha")
        ready.append((provider, *signed(provider, told, at=Context().run(clock.now))))

    def act(number):
        provider, body, headers = ready[number]
        request = urllib.request.Request(f"{served}/hooks/{provider}", body, {**headers, "Content-Type": "text/plain"})
        with urllib.request.urlopen(request) as answer:
            return str(answer.status)

    assert rush(app, 20, act) == {"200": 20}
    rush(app, 4, lambda _number: str(sweep()))
    work()

    assert booked(session) == (5, 500_010)
    assert books.count(session, "hook_calls") == 10


def test_many_workers_on_one_number_book_it_once(app, session, client, account):
    for again in range(6):
        assert call(client, "sepay", sepay(1, code=again)).status_code == 200
    session.commit()

    rush(app, 6, lambda _number: str(sweep()))
    work()

    assert booked(session) == (1, 100_000)
    assert len(outcomes(session)) == 6


def test_a_statement_and_webhooks_booked_at_the_same_moment_end_in_one(app, session, client, account, bank):
    for number in range(8):
        call(client, "sepay", sepay(number, 100_000 + number, f"tien nha so {number} duong Ly"))
    statement = bank.statement(*[(100_000 + number, f"tien nha so {number} duong Ly") for number in range(8)])
    kept = bank.keep(session, statement)
    session.commit()

    def act(number):
        if number:
            return str(sweep() and "hooks")
        for _done in book(db.session, db.session.get_one(StatementImport, kept.id), at=clock.now()):
            db.session.commit()
        return "statement"

    rush(app, 4, act)
    work()

    assert booked(session) == (8, sum(100_000 + number for number in range(8)))


def test_bodies_hold_what_was_sent_byte_for_byte_even_if_it_is_odd(session, client, account):
    told = json.dumps(sepay(1, content="Tiền ăn / uống")).encode()
    assert call(client, "sepay", sepay(1, content="Tiền ăn / uống")).status_code == 200

    assert rows(session, "SELECT body FROM hook_calls")[0][0] in (told, memoryview(told))
