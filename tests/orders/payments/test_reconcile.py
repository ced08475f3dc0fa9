"""The pipeline as a whole: what arrives in any order, is broken off anywhere or run again ends in the same balances."""

import random
from datetime import timedelta
from functools import partial
from itertools import islice

import pytest

from app import create_app
from kernel import clock
from kernel.database import db
from orders.models import OrderState
from orders.payments.queries import live_allocations, owed_by
from orders.payments.reconcile import reconcile
from orders.payments.settle import set_aside
from orders.reference import check_symbol
from tests import books, make
from tests.bank import Bank, arrive, run
from tests.conftest import run_commands
from tests.desk import CLERK, pay, rows, send, take_back
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")

NAME, PHONE = "Trần Thị Bưởi", "0912345678"
TYPED = "Tran Thi Buoi_0912345678_Di An"


@pytest.fixture
def bank(session, stopped_clock):
    return Bank(make.bank_account("AGR"))


def proposals(session):
    return rows(session, "SELECT transfer_id, version, verdict, decided_at FROM proposals ORDER BY transfer_id")


def test_a_code_pays_its_order(session, bank):
    order, noise = make.order(total=130_000), make.order(total=130_000, name="Lê Văn Cam", phone="0987654321")

    (transfer,) = arrive(session, bank, (130_000, f"{order.code} {order.phone}"))

    assert [(a.order_id, a.amount, a.automatic) for a in live_allocations(session, transfer.id)] == [
        (order.id, 130_000, True)
    ]
    assert (order.state, noise.state) == (OrderState.CONFIRMED, OrderState.OPEN)


def test_too_little_is_a_part_and_too_much_a_credit(session, bank):
    part, more = make.order(total=200_000), make.order(total=200_000, name="Lê Văn Cam", phone="0987654321")

    less, much = arrive(session, bank, (150_000, f"{part.code} {part.phone}"), (250_000, f"{more.code} {more.phone}"))

    assert books.balances(session) == {
        less.identity: {part.code: 150_000},
        much.identity: {more.code: 200_000, "credit": 50_000},
    }
    assert (part.state, more.state) == (OrderState.OPEN, OrderState.CONFIRMED)


def test_the_rest_of_a_part_confirms_it(session, bank):
    order = make.order(total=200_000)
    arrive(session, bank, (150_000, f"{order.code} {order.phone}"))

    arrive(session, bank, (50_000, f"{order.code} {order.phone}"))

    assert order.state is OrderState.CONFIRMED


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED, OrderState.CONFIRMED])
def test_an_order_that_is_not_open_is_only_shown(session, bank, state):
    order = make.order(state=state, total=130_000)

    (transfer,) = arrive(session, bank, (130_000, f"{order.code} {order.phone}"))

    assert transfer.unplaced == 130_000
    assert transfer.proposal.verdict == "review"
    assert transfer.proposal.candidates[0]["code"] == order.code


def test_what_fits_nothing_stays_on_the_desk(session, bank):
    make.order(total=130_000)

    (transfer,) = arrive(session, bank, (70_000, "thanh toan tien dien thang 8"))

    assert (transfer.unplaced, transfer.proposal.verdict) == (70_000, "unmatched")


def test_a_second_run_changes_nothing(session, bank, stopped_clock):
    first = make.order(total=130_000)
    make.order(total=200_000, name="Lê Văn Cam", phone="0987654321")
    arrive(session, bank, (130_000, f"{first.code} {first.phone}"), (200_000, "cam van le"), (1_000, "ung ho"))
    before = proposals(session), books.count(session, "postings"), books.count(session, "order_events")

    stopped_clock.forward(hours=1)
    run(session)

    assert (proposals(session), books.count(session, "postings"), books.count(session, "order_events")) == before


def test_a_later_code_displaces_a_vaguer_match_of_the_matchers(session, bank):
    order = make.order(total=130_000, name=NAME, phone=PHONE)
    (vague,) = arrive(session, bank, (130_000, TYPED))
    assert order.state is OrderState.CONFIRMED

    (coded,) = arrive(session, bank, (130_000, f"{order.code} {order.phone}"))

    assert books.balances(session) == {coded.identity: {order.code: 130_000}, vague.identity: {"unplaced": 130_000}}
    assert order.state is OrderState.CONFIRMED
    assert vague.proposal.verdict == "review"


def test_not_one_that_has_left(session, bank):
    order = make.order(total=130_000, name=NAME, phone=PHONE)
    (vague,) = arrive(session, bank, (130_000, TYPED))
    send(session, order.round)

    (coded,) = arrive(session, bank, (130_000, f"{order.code} {order.phone}"))

    assert books.balances(session) == {vague.identity: {order.code: 130_000}, coded.identity: {"unplaced": 130_000}}
    assert (vague.proposal.version, vague.proposal.verdict) == (1, "matched")


def test_nor_one_of_which_a_part_has_left(session, bank):
    orders = [make.order(total=total, name=NAME, phone=PHONE) for total in (130_000, 200_000)]
    (transfer,) = arrive(session, bank, (330_000, TYPED))
    before = books.balances(session), proposals(session)
    assert books.balances(session) == {transfer.identity: {order.code: order.total for order in orders}}
    send(session, orders[0].round)

    arrive(session, bank, (200_000, f"{orders[1].code} {orders[1].phone}"))

    assert books.balances(session)[transfer.identity] == before[0][transfer.identity]
    assert proposals(session)[:1] == before[1]


def test_not_one_that_left_while_the_matcher_was_thinking(session, bank, monkeypatch):
    order = make.order(total=130_000, name=NAME, phone=PHONE)
    (vague,) = arrive(session, bank, (130_000, TYPED))
    (coded,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    decide = reconcile.__globals__["_decided"]

    def think_while_it_leaves(*asked):
        decided = decide(*asked)
        send(session, order.round)
        return decided

    monkeypatch.setitem(reconcile.__globals__, "_decided", think_while_it_leaves)
    run(session)

    assert books.balances(session) == {vague.identity: {order.code: 130_000}, coded.identity: {"unplaced": 130_000}}


def test_not_a_clerks(session, bank):
    order = make.order(total=130_000, name=NAME, phone=PHONE)
    vague, coded = bank.book(session, bank.statement((130_000, "tien"), (130_000, f"{order.code} {order.phone}")))
    pay(session, vague, order)

    run(session)

    assert books.balances(session) == {vague.identity: {order.code: 130_000}, coded.identity: {"unplaced": 130_000}}


def test_a_clerks_undo_is_never_overruled(session, bank):
    order = make.order(total=130_000)
    (transfer,) = arrive(session, bank, (130_000, f"{order.code} {order.phone}"))

    take_back(session, transfer)
    run(session)

    assert (order.state, transfer.unplaced) == (OrderState.OPEN, 130_000)


def test_nor_is_what_a_clerk_does_while_the_matcher_thinks(session, bank, monkeypatch):
    order = make.order(total=130_000)
    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} {order.phone}")))
    decide = reconcile.__globals__["_decided"]

    def think_while_a_clerk_sets_it_aside(*asked):
        decided = decide(*asked)
        set_aside(session, transfer, CLERK)
        session.commit()
        return decided

    monkeypatch.setitem(reconcile.__globals__, "_decided", think_while_a_clerk_sets_it_aside)
    run(session)

    assert (order.state, transfer.unplaced) == (OrderState.OPEN, 130_000)


def test_what_is_set_aside_is_left_alone(session, bank):
    (transfer,) = arrive(session, bank, (130_000, TYPED))
    set_aside(session, transfer, CLERK)
    make.order(total=130_000, name=NAME, phone=PHONE)

    run(session)

    assert transfer.unplaced == 130_000


def test_an_order_that_is_placed_after_its_payment_came_is_paid_at_the_next_run(session, bank):
    (transfer,) = arrive(session, bank, (130_000, TYPED))

    order = make.order(total=130_000, name=NAME, phone=PHONE)
    run(session)

    assert transfer.proposal.verdict in ("matched", "review")
    assert owed_by(session, order) == transfer.unplaced


# Any order of arrival


def code(body):
    return f"DC{body}{check_symbol(body)}"


def scene(bank):
    """Orders, and movements that contend for them: codes against names, parts, a household, a stranger."""
    buoi = make.order(total=130_000, name=NAME, phone=PHONE, code=code("AAAAAA"))
    cam = make.order(total=200_000, name="Lê Văn Cam", phone="0987654321", ward="An Bình", code=code("BBBBBB"))
    dao = partial(make.order, name="Phạm Thị Đào", phone="0977000111", ward="Tân Bình", address="5 Nguyễn Du")
    first = dao(total=250_000, code=code("CCCCCC"))
    dao(total=300_000, code=code("DDDDDD"))
    paid = make.paid_order(total=150_000, name="Vũ Thị Lê", phone="0966000222", code=code("EEEEEE"))
    told = [
        (130_000, TYPED),
        (130_000, f"{buoi.code} {buoi.phone}"),
        (130_000, f"{NAME} chuyen tien"),
        (120_000, f"{cam.code} {cam.phone}"),
        (80_000, "Le Van Cam_0987654321_An Binh"),
        (550_000, "Pham Thi Dao_0977000111_Tan Binh"),
        (250_000, f"{first.code} {first.phone}"),
        (150_000, paid.code),
        (99_000, "ung ho quy vaccine"),
    ]
    return [
        bank.row(amount, memo, at=clock.now() + timedelta(minutes=place), reference=f"REF{place}")
        for place, (amount, memo) in enumerate(told)
    ]


def outcome(session):
    """Where the money lies, transfer by transfer, and how the orders stand."""
    return books.balances(session), books.states(session)


def ends(session, bank, statements):
    """How the scene ends where the movements of these places arrive in these statements, matched after each."""
    movements = scene(bank)
    for places in statements:
        arrive(session, bank, *(movements[place] for place in places))
    return outcome(session)


ALL = range(9)


_expected: list[tuple[dict[str, dict[str, int]], dict[str, str]]] = []


@pytest.fixture
def expected(templates, settings_for, stopped_clock):
    """How it ends where one statement tells all of it, in a database of its own: once for all tests and databases."""
    if not _expected:
        with templates.copy("migrated", lambda url: run_commands(settings_for(url), ["db", "upgrade"])) as url:
            app = create_app(settings_for(url))
            with app.app_context():
                _expected.append(ends(db.session, Bank(make.bank_account("AGR")), [ALL]))
                db.engine.dispose()
    assert list(_expected[0][1].values()).count("confirmed") >= 3
    return _expected[0]


def shuffled(seed):
    """The movements cut into statements by chance; each statement keeps the order of time, as a bank's does."""
    chance = random.Random(seed)
    statements: list[list[int]] = [[] for _statement in range(chance.randint(2, 5))]
    for place in ALL:
        chance.choice(statements).append(place)
    chance.shuffle(statements)
    return [places for places in statements if places]


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_arrival_ends_in_the_same_balances(session, bank, expected, seed):
    assert ends(session, bank, shuffled(seed)) == expected


def test_one_by_one_and_backwards_too(session, bank, expected):
    assert ends(session, bank, [[place] for place in reversed(ALL)]) == expected


@pytest.mark.parametrize("pieces", range(5))
def test_broken_off_anywhere_the_next_run_ends_the_same(session, bank, expected, monkeypatch, pieces):
    monkeypatch.setitem(reconcile.__globals__, "PIECE", 3)
    movements = scene(bank)
    arrive(session, bank, movements[0], movements[5])
    bank.book(session, bank.statement(*movements))

    for _done in islice(reconcile(session, at=clock.now()), pieces):
        session.commit()
    session.rollback()
    session.expire_all()
    run(session)

    assert outcome(session) == expected


def test_two_runs_at_once_end_the_same(app, session, bank, expected):
    bank.book(session, bank.statement(*scene(bank)))
    session.commit()
    at = clock.now()

    def act(_number: int) -> str:
        for _done in reconcile(db.session, at=at):
            db.session.commit()
        return "done"

    assert rush(app, 3, act) == {"done": 3}
    session.rollback()

    assert outcome(session) == expected
