"""One transfer with a group's code pays all its open orders; any other sum is a clerk's, with a split to begin with."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from orders.groups.queries import MOST, orders_of
from orders.groups.stand import stand_of
from orders.models import OrderState
from orders.payments.jobs import expire_orders
from orders.payments.models import Verdict
from orders.payments.queries import aliases_of, live_allocations
from orders.payments.reconcile import reconcile
from tests import books, make
from tests.bank import Bank, arrive, run
from tests.desk import rows, take_back
from tests.listening import listening
from tests.pages import page

pytestmark = pytest.mark.usefixtures("right_books")

SUM = 470_000  # of a group of three, as make.group has it: 130.000, 250.000, 90.000


@pytest.fixture
def bank(session, stopped_clock):
    return Bank(make.bank_account("AGR"))


@pytest.fixture
def asked():
    """What is asked of the database meanwhile."""
    with listening() as told:
        yield told


def states(session, group):
    return [order.state for order in orders_of(session, group.code)]


def paid_by(session, transfer):
    return {each.order.code: each.amount for each in live_allocations(session, transfer.id)}


ALL_PAID, ALL_OPEN = [OrderState.CONFIRMED] * 3, [OrderState.OPEN] * 3


def test_fifty_orders_are_paid_by_one_transfer(session, bank):
    group = make.group(many=MOST)
    orders = orders_of(session, group.code)

    (transfer,) = arrive(session, bank, (sum(order.total for order in orders), f"{group.code} chuyen tien"))

    assert paid_by(session, transfer) == {order.code: order.total for order in orders}
    assert set(states(session, group)) == {OrderState.CONFIRMED}
    assert (transfer.unplaced, transfer.proposal.verdict) == (0, Verdict.MATCHED)


def test_asking_the_database_takes_no_more_questions_for_a_group(session, bank, asked):
    """Besides the fifty orders' own rows, nothing more is asked than for one order."""
    single, group = make.order(total=130_000), make.group()
    alone, together = bank.book(session, bank.statement((130_000, single.code), (SUM, group.code)))
    run_only(session, make.transfer(1_000))  # names are counted for the first time
    questions = []
    for transfer in (alone, together):
        asked.clear()
        run_only(session, transfer)
        questions.append(len(asked))

    assert paid_by(session, together)
    assert questions[1] <= questions[0]


def run_only(session, transfer):
    list(reconcile(session, at=clock.now(), only=[transfer.id]))
    session.commit()


@pytest.mark.parametrize("amount", [SUM - 1_000, SUM + 1_000, 130_000, 2 * SUM])
def test_a_wrong_sum_waits_for_a_clerk(session, bank, amount):
    group = make.group()

    (transfer,) = arrive(session, bank, (amount, group.code))

    assert paid_by(session, transfer) == {}
    assert (states(session, group), transfer.proposal.verdict) == (ALL_OPEN, Verdict.REVIEW)


@pytest.mark.parametrize(
    ("amount", "covered"),
    [
        (220_000, [0, 2]),  # the one set of just that sum
        (340_000, [1, 2]),
        (400_000, [0, 1]),  # no set: from the first one, as far as it reaches
        (100_000, []),
        (500_000, [0, 1, 2]),
    ],
)
def test_the_desk_proposes_which_orders_a_wrong_sum_covers(session, client, bank, amount, covered):
    group = make.group()
    orders = orders_of(session, group.code)
    (transfer,) = arrive(session, bank, (amount, group.code))
    make.signed_in(client)

    shown = page(client.get(f"/desk/transfers/{transfer.id}"))

    assert shown.value("shares").split("\n") == [share(orders[place]) for place in covered] or not covered
    assert all(order.name in shown.text() for order in orders)


def share(order):
    return f"{order.code} {order.total:,}".replace(",", ".")


def test_what_the_desk_proposes_can_be_booked_as_it_stands_and_the_rest_comes_later(session, client, bank):
    group = make.group()
    (first,) = arrive(session, bank, (340_000, group.code))
    make.signed_in(client)
    shown = page(client.get(f"/desk/transfers/{first.id}"))

    answer = make.submit(
        client,
        f"/desk/transfers/{first.id}/split",
        page=f"/desk/transfers/{first.id}",
        seen=shown.value("seen"),
        shares=shown.value("shares"),
        because="she paid for two of them",
    )
    session.expire_all()
    (second,) = arrive(session, bank, (130_000, group.code))

    assert answer.status_code == 303
    assert [order.state for order in orders_of(session, group.code)] == ALL_PAID
    assert list(paid_by(session, second).values()) == [130_000]


def test_a_leaders_account_is_not_learnt_for_the_neighbours(session, client, bank):
    group = make.group()
    (transfer,) = arrive(session, bank, (340_000, f"MBVCB.1234567890.{group.code}.CT tu 0071000123456 DO THI TO toi 1"))
    make.signed_in(client)
    shown = page(client.get(f"/desk/transfers/{transfer.id}"))
    form: dict[str, Any] = {"seen": shown.value("seen"), "shares": shown.value("shares"), "because": "two of them"}

    make.submit(client, f"/desk/transfers/{transfer.id}/split", page=f"/desk/transfers/{transfer.id}", **form)

    assert len(paid_by(session, transfer)) == 2
    assert aliases_of(session, ["0071000123456"]) == {}


def test_one_who_is_cancelled_before_lowers_the_sum(session, client, bank):
    group = make.group()
    gone = orders_of(session, group.code)[1]
    make.submit(client, f"/o/{gone.token}/cancel", page=f"/o/{gone.token}")
    session.expire_all()

    (old, new) = arrive(session, bank, (SUM, group.code), (SUM - gone.total, group.code))

    assert (paid_by(session, old), old.proposal.verdict) == ({}, Verdict.REVIEW)
    assert gone.code not in paid_by(session, new)
    assert states(session, group) == [OrderState.CONFIRMED, OrderState.CANCELLED, OrderState.CONFIRMED]


def test_undoing_the_transfer_opens_all_of_them_again(session, bank):
    group = make.group()
    (transfer,) = arrive(session, bank, (SUM, group.code))

    take_back(session, transfer)

    session.expire_all()
    assert (states(session, group), transfer.unplaced) == (ALL_OPEN, SUM)
    run(session)
    assert states(session, group) == ALL_OPEN  # a clerk has touched it


def test_an_expired_group_is_never_paid_by_itself(session, bank, stopped_clock):
    group = make.group()
    stopped_clock.forward(hours=24 + 49)
    expire_orders(session)
    session.commit()

    (transfer,) = arrive(session, bank, (SUM, group.code))

    assert set(states(session, group)) == {OrderState.EXPIRED}
    assert (paid_by(session, transfer), transfer.proposal.verdict) == ({}, Verdict.REVIEW)


def test_all_orders_of_a_group_run_out_together(session, bank, stopped_clock):
    group = make.group()
    (deadline,) = {order.expires_at for order in orders_of(session, group.code)}

    assert stand_of(session, group.code).until == deadline


def test_a_neighbour_who_has_paid_meanwhile_leaves_the_leaders_sum_to_a_clerk(session, bank, stopped_clock):
    group = make.group()
    first = orders_of(session, group.code)[0]
    early, late = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    stopped_clock.forward(hours=3)

    his = bank.row(first.total, f"{first.code} {first.phone}", at=early)
    own, leaders = arrive(session, bank, his, bank.row(SUM, group.code, at=late))

    assert paid_by(session, own) == {first.code: first.total}
    assert paid_by(session, leaders) == {}


@pytest.mark.parametrize("turned", [False, True])
def test_any_order_of_arrival_ends_in_the_same_balances(session, bank, stopped_clock, turned):
    group = make.group()
    first = orders_of(session, group.code)[0]
    early, late = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    stopped_clock.forward(hours=3)
    rows_ = [bank.row(first.total, f"{first.code} {first.phone}", at=early), bank.row(SUM, group.code, at=late)]

    for row in reversed(rows_) if turned else rows_:
        arrive(session, bank, row)

    assert states(session, group) == [OrderState.CONFIRMED, OrderState.OPEN, OrderState.OPEN]
    assert {place: sum_ for lies in books.balances(session).values() for place, sum_ in lies.items()} == {
        first.code: first.total,
        "unplaced": SUM,
    }


def test_the_leader_who_pays_twice_is_asked_about_the_second(session, bank):
    group = make.group()

    first, second = arrive(session, bank, (SUM, group.code), (SUM, group.code))

    assert sorted(map(len, (paid_by(session, first), paid_by(session, second)))) == [0, 3]
    assert states(session, group) == ALL_PAID
    assert len(rows(session, "SELECT id FROM allocations")) == 3


def test_a_code_with_a_slip_is_found_too(session, bank):
    group = make.group()
    wrong = "7" if group.code[4] != "7" else "8"

    (transfer,) = arrive(session, bank, (SUM, group.code[:4] + wrong + group.code[5:]))

    assert (len(paid_by(session, transfer)), states(session, group)) == (3, ALL_PAID)
