"""What is found by index is all that deciding asks for, and what is found hangs together."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select

from bench.live.city import fill
from bench.matching.generate import make as make_set
from kernel import clock
from kernel.bulk import insert_many
from orders.groups.queries import orders_of
from orders.models import Order
from orders.payments.feeds.models import BankAccount
from orders.payments.ledger import Hand
from orders.payments.lookup import queries
from orders.payments.lookup.frequencies import frequencies
from orders.payments.lookup.gather import LOOK_BACK, Gathering
from orders.payments.matcher.book import Book
from orders.payments.matcher.decide import Bid, decide, first_look, settle
from orders.payments.matcher.facts import Decision
from orders.payments.matcher.firmness import Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.weights import load
from orders.payments.models import Transfer
from orders.payments.rehearsal_files import read_book, read_transfers
from orders.payments.settle import set_aside
from orders.payments.settle import settle as settle_transfer
from tests import make
from tests.desk import CLERK, pay, send, take_back

ORDERS = 700
MATCHER = Hand(by="matcher", at=CLERK.at, because="matched", automatic=True)


def matched(session, transfer, *orders):
    """As the matcher gives it: each order its total."""
    settle_transfer(session, transfer, {order.id: order.total for order in orders}, MATCHER, rest_as_credit=False)
    return transfer


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    """A set with every class of memo that the field knows."""
    folder = tmp_path_factory.mktemp("labelled")
    make_set(folder, orders=ORDERS, seed=41)
    return folder


@pytest.fixture
def city(session, labelled):
    """Its orders in the database, its transfers booked and none of them placed."""
    fill(session.connection(), labelled / "orders.csv")
    account = session.query(BankAccount).one()
    rows = [
        {
            "account_id": account.id,
            "identity": fact.id,
            "booked_on": clock.local(fact.latest).date(),
            "earliest": fact.earliest,
            "latest": fact.latest,
            "likely_at": fact.earliest,
            "amount": fact.amount,
            "reference": fact.id,
            "memo": fact.memo,
            "payer_name": fact.payer_name,
            "payer_account": fact.payer_account,
            "bank_hint": "",
            "unplaced": 0,
            "set_aside": False,
            "by_hand": False,
        }
        for block in read_transfers(labelled / "transfers.csv")
        for fact in block.facts
    ]
    insert_many(session, Transfer, rows)
    return labelled


def decisions(orders, transfers, counted):
    book = Book(orders, frequencies=counted)
    desk = Desk(book, Ledger(book), load())
    looks = [first_look(fact, desk) for fact in transfers]
    claims = {place: look.claim for place, look in enumerate(looks) if isinstance(look, Bid)}
    granted = {**claims, **settle(claims, dict(enumerate(transfers)), desk=desk)}
    return [decide(fact, desk, claim=granted.get(place)) for place, fact in enumerate(transfers)]


def in_utc(order):
    """As the database tells it: a clue is worded with the moment as it is written."""
    return order._replace(placed_at=order.placed_at.astimezone(UTC), expires_at=order.expires_at.astimezone(UTC))


@pytest.mark.parametrize("piece", [7, 1000])
def test_a_book_of_what_was_found_decides_as_one_of_all_orders(session, city, monkeypatch, piece):
    monkeypatch.setattr("orders.payments.lookup.gather.PIECE", piece)
    run = Gathering(session)
    everything = [in_utc(order) for order in read_book(city / "orders.csv").orders]
    at = max(order.placed_at for order in everything)
    counted = frequencies(session, at=at, since=at - LOOK_BACK)

    for _done in run.gather([transfer.id for transfer in session.query(Transfer)]):
        pass

    found, known = (decisions(orders, run.transfers, counted) for orders in (run.orders, everything))
    differing = [(a, b) for a, b in zip(found, known, strict=True) if a != b]
    assert differing == []
    assert len(run.transfers) > ORDERS / 2
    assert counted.size == len(everything)


def test_one_transfer_brings_in_no_more_than_it_may_mean(session, city):
    run = Gathering(session)

    for transfer in session.query(Transfer).order_by(Transfer.id).limit(20):
        alone = Gathering(session)
        list(alone.gather([transfer.id]))
        assert len(alone.orders) < ORDERS / 10
    list(run.gather([]))
    assert (run.orders, run.transfers) == ([], [])


def gathered(session, *transfers):
    run = Gathering(session)
    list(run.gather([transfer.id for transfer in transfers]))
    return run


def test_what_the_matcher_gave_is_free_and_its_transfer_joins(session):
    order = make.order(total=130_000)
    before = matched(session, make.transfer(130_000, order.phone), order)
    late = make.transfer(130_000, f"{order.code} {order.phone}")

    run = gathered(session, late)

    assert run.ids == [late.id, before.id]
    assert run.given == {before.id: {order.id: 130_000}}
    assert [fact.owed for fact in run.orders] == [130_000]


def test_what_a_clerk_gave_is_not(session):
    order = make.order(total=130_000)
    pay(session, make.transfer(130_000), order)
    late = make.transfer(130_000, order.code)

    run = gathered(session, late)

    assert run.ids == [late.id]
    assert [fact.owed for fact in run.orders] == [0]


def test_nor_what_has_left_even_in_part(session):
    orders = [make.order(total=130_000), make.order(total=200_000)]
    both = make.transfer(330_000)
    matched(session, both, *orders)
    send(session, orders[0].round)
    late = make.transfer(200_000, orders[1].code)

    run = gathered(session, late)

    assert run.ids == [late.id]
    assert {fact.code: fact.owed for fact in run.orders} == {orders[0].code: 0, orders[1].code: 0}


def test_an_order_of_long_ago_is_found_by_its_code_only(session):
    now = clock.now()
    old = make.round(opens_at=now - timedelta(days=90))
    order = make.paid_order(placed_at=now - timedelta(days=60), delivery=old, phone="0912000111", name="Ngô Quế Anh")
    by_code, by_phone, by_name = (make.transfer(memo=memo) for memo in (order.code, order.phone, "NGO QUE ANH ck"))

    assert [len(gathered(session, transfer).orders) for transfer in (by_code, by_phone, by_name)] == [1, 0, 0]


def test_who_waits_is_what_no_clerk_has_touched_and_is_not_hopeless(session):
    waits = make.transfer()
    old = make.transfer(at=clock.now() - timedelta(days=9))
    pay(session, make.transfer(), make.order())
    undone = make.transfer()
    pay(session, undone, make.order())
    take_back(session, undone)
    set_aside(session, make.transfer(), CLERK)
    session.flush()

    assert list(queries.waiting_ids(session, hopeless_before=clock.now() - timedelta(days=3))) == [waits.id, old.id]


def test_a_household_is_whole_though_one_of_it_was_found_by_name_before(session, monkeypatch):
    monkeypatch.setattr("orders.payments.lookup.gather.PIECE", 1)
    named = make.order(name="Trần Thị Bưởi", phone="0912345678", total=130_000)
    other = make.order(name="Lê Văn Ổi", phone="0912345678", total=130_000)
    by_name = make.transfer(130_000, "Tran Thi Buoi chuyen tien")
    by_phone = make.transfer(130_000, "0912345678")

    run = gathered(session, by_name, by_phone)

    assert set(run.order_ids) == {named.code, other.code}


def test_groups_are_found_by_code_and_slip_and_decided_as_in_a_book_of_all_orders(session):
    """Whatever the memo says of a group, what is looked up is all that deciding asks for."""
    groups = [make.group(phone=f"090900000{number}") for number in range(3)]
    members = [orders_of(session, group.code) for group in groups]
    make.order(name="Hàng Xóm Không Không", phone="0900000009", total=470_000)
    slip = groups[0].code[:4] + ("7" if groups[0].code[4] != "7" else "8") + groups[0].code[5:]
    memos = [
        *(group.code for group in groups),
        slip,
        f"{groups[0].code} {groups[1].code}",
        f"{groups[0].code} {members[1][0].code}",
        f"{members[0][0].code} {members[0][0].phone}",
        f"{groups[2].code} 0900000009",
        f"{groups[1].code} HANG XOM KHONG KHONG",
        " ".join(groups[2].code),
    ]
    for amount in (470_000, 940_000, 600_000, 220_000, 130_000):
        for memo in memos:
            make.transfer(amount, memo)
    everything = Gathering(session)
    everything._take(queries.orders_by_code(session, set(session.scalars(select(Order.code)))))
    counted = frequencies(session, at=clock.now(), since=clock.now() - LOOK_BACK)

    apart: list[tuple[Decision, Decision]] = []
    for transfer in session.query(Transfer).order_by(Transfer.id):
        run = gathered(session, transfer)
        apart += zip(
            decisions(run.orders, run.transfers, counted),
            decisions(everything.orders, run.transfers, counted),
            strict=True,
        )

    assert [(one, other) for one, other in apart if one != other] == []
    assert {len(one.allocations) for one, _other in apart} >= {0, 1, 3, 6}
