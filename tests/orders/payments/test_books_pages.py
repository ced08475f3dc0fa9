"""The ledger at the desk: sums that agree with the books, movements by day, and each đồng's way."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock
from orders.payments import ledger
from orders.payments.books.check import Unequal, check
from orders.payments.books.flow import DRAWN, NARROWEST, WIDE, Part, parts_of, stripes
from orders.payments.books.queries import days_of, movements, payers_of, sums_of_accounts
from orders.payments.models import Place
from orders.payments.queries import live_allocations
from orders.payments.settle import set_aside, settle
from tests import books, make, refunds
from tests.bank import Bank
from tests.desk import CLERK, allocate, pay, rows, take_back
from tests.listening import listening
from tests.pages import page, words

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def account(session):
    return make.bank_account("AGR")


@pytest.fixture
def busy(session, account):
    """An account with money in every place, and money that went out; another beside it."""
    bank = Bank(account)
    booked = bank.book(session, bank.statement(*((100_000 + n, f"nguoi {n}") for n in range(5)), (-7_000, "phi")))
    pay(session, booked[0], make.order(total=60_000), amount=60_000)
    ledger.move(session, booked[1], 30_000, CLERK, moved_from=Place.UNPLACED, moved_to=Place.CREDIT)
    refunds.paid(refunds.exported(booked[2], amount=5_000))
    refunds.proposed(booked[2], 15_000)
    set_aside(session, booked[3], CLERK)
    pay(session, make.transfer(50_000), make.order(total=50_000))
    session.commit()
    return booked


def test_an_accounts_sums_are_those_of_its_transfers(session, account, busy):
    places = "unplaced, allocated, credit, refund_due, refunded".split(", ")
    asked = ", ".join(f"SUM({place})" for place in places)
    (told,) = rows(session, f"SELECT {asked}, SUM(amount) FROM transfers WHERE account_id = {account.id}")

    sums = sums_of_accounts(session)[account.id]

    assert [getattr(sums, place) for place in places] == [int(sum_) for sum_ in told[:-1]]
    assert (sums.came_in, sums.went_out) == (int(told[-1]), 7_000)


@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)  # PostgreSQL reads a small table whole, and is right
def test_they_are_told_without_reading_the_transfers_that_are_done(session, account, busy):
    with listening() as asked:
        sums_of_accounts(session)
    plans = [plan for statement, values in asked for plan in _plan(session, statement, values)]
    served = {plan.rpartition(" ")[2] for plan in plans if "transfers" in plan}

    assert served == {f"ix_transfers_{name}" for name in ("unplaced", "set_aside", "credit", "refund_due", "refunded")}


def _plan(session, statement, values):
    return [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def test_a_day_is_counted_once_however_often_it_is_told(session, account):
    bank = Bank(account)
    told = bank.statement((100_000, "mot"), (200_000, "hai"), (-30_000, "phi"))
    bank.book(session, told)
    bank.book(session, told)
    session.commit()

    (day,) = days_of(session, account.id, {row.booked_on for row in told.rows}).values()

    assert (day.came_in, day.went_out) == (300_000, 30_000)


def test_movements_come_newest_first_and_each_once(session, account):
    days = [clock.now() - timedelta(days=number) for number in range(3)]
    made = [make.transfer(10_000, account=account, at=at) for at in days for _ in range(3)]
    make.transfer(10_000)
    session.commit()

    pages = [movements(session, account.id, "", most=4, skip=skip) for skip in (0, 4, 8)]
    listed = [(row.booked_on, row.id) for rows_ in pages for row in rows_]

    assert sorted(row_id for _day, row_id in listed) == sorted(each.id for each in made)
    assert listed == sorted(listed, reverse=True)


@pytest.mark.parametrize(
    ("show", "many"),
    [
        *(("", 6), ("in", 5), ("out", 1)),
        *(("unplaced", 4), ("allocated", 1), ("credit", 2), ("refund_due", 1), ("refunded", 1)),
    ],
)
def test_they_are_shown_by_place(session, account, busy, show, many):
    assert len(movements(session, account.id, show, most=40, skip=0)) == many


def test_the_page_shows_the_account_that_receives_first(clerk, busy):
    shown = words(page(clerk.get("/desk/ledger")).root)

    assert "AGR 1013456789" in shown
    assert "nguoi 3" in shown
    assert "7.000" in shown


def test_a_filter_that_nobody_knows_shows_all(clerk, busy):
    assert "nguoi 4" in words(page(clerk.get("/desk/ledger?show=nonsense&page=x")).root)


def test_an_account_that_is_not_there_is_not_found(clerk, busy):
    assert clerk.get("/desk/ledger?account=9999").status_code == 404


def test_a_transfers_way_is_told_from_the_first_step(session, clerk):
    transfer, order = make.transfer(150_000, at=CLERK.at), make.order(total=100_000)
    pay(session, transfer, order)
    take_back(session, transfer)
    set_aside(session, transfer, CLERK)
    session.commit()

    shown = words(page(clerk.get(f"/desk/ledger/transfers/{transfer.id}")).root)
    steps = [
        "came in, not placed yet",
        f"given to order {order.code}",
        f"taken back from order {order.code}",
        "Set aside",
    ]
    places = [shown.index(step) for step in steps]

    assert places == sorted(places)
    assert CLERK.because in shown


def test_the_picture_and_the_table_name_every_part(session, clerk):
    transfer, first, second = make.transfer(300_000), make.order(total=100_000), make.order(total=90_000)
    settle(session, transfer, {first.id: 100_000, second.id: 90_000}, CLERK, rest_as_credit=True)
    session.commit()

    answer = clerk.get(f"/desk/ledger/transfers/{transfer.id}")
    shown = words(page(answer).root)

    assert answer.text.count('class="way__') == 4
    assert f"order {first.code}" in shown
    assert f"order {second.code}" in shown
    assert "110.000" in shown
    assert f"/desk/orders/{first.code}" in answer.text


def test_an_order_names_the_transfers_that_pay_it_and_what_else_they_pay(session, clerk):
    first, second, order, other = make.transfer(80_000), make.transfer(70_000), make.order(), make.order()
    settle(session, first, {order.id: 40_000, other.id: 30_000}, CLERK, rest_as_credit=False)
    settle(session, second, {order.id: 60_000}, CLERK, rest_as_credit=False)
    stray = make.transfer(10_000)
    pay(session, stray, other, amount=5_000)
    take_back(session, stray)

    told = payers_of(session, order)
    answer = clerk.get(f"/desk/orders/{order.code}").text

    assert [(each.transfer_id, each.gives, each.amount, list(each.others)) for each in told] == [
        (first.id, 40_000, 80_000, [(other.code, 30_000)]),
        (second.id, 60_000, 70_000, []),
    ]
    assert f"/desk/ledger/transfers/{first.id}" in answer
    assert f"/desk/orders/{other.code}" in answer


def test_a_transfer_that_is_not_there_is_not_found(clerk):
    assert clerk.get("/desk/ledger/transfers/9999").status_code == 404


@pytest.mark.parametrize("amounts", [[1], [1, 1_000_000], [5] * DRAWN, [1] * 8 + [10**9]])
def test_the_picture_fills_its_width_whatever_the_amounts(amounts):
    drawn = stripes([Part(Place.CREDIT, amount) for amount in amounts])

    assert drawn[-1].right == pytest.approx(WIDE)
    assert drawn[-1].foot_right == pytest.approx(WIDE)
    assert min(stripe.foot for stripe in drawn) >= NARROWEST


def test_too_many_orders_are_drawn_together_and_no_dong_is_lost(session):
    transfer = make.transfer(2_000_000)
    for _ in range(DRAWN + 3):
        allocate(session, transfer, make.order(), 100_000)

    parts = parts_of(transfer, live_allocations(session, transfer.id))
    drawn = stripes(parts)

    assert len(drawn) == DRAWN
    assert sum(stripe.part.amount for stripe in drawn) == sum(part.amount for part in parts) == 2_000_000
    assert [stripe.part.many for stripe in drawn if stripe.part.many > 1] == [5]


def test_right_books_agree(session, busy):
    assert [found for step in check(session) for found in step.found] == []
    assert books.count(session, "transfers") == 6


def test_an_allocation_that_nobody_posted_disagrees(session, busy):
    order = make.order()
    session.execute(
        text(
            'INSERT INTO allocations (source, transfer_id, order_id, amount, automatic, "by", at, because)'
            f" VALUES ('transfer', {busy[4].id}, {order.id}, 5, false, 'sql', CURRENT_TIMESTAMP, 'tried')"
        )
    )

    found = {(each.what, each.row_id) for step in check(session) for each in step.found}
    session.rollback()

    assert (Unequal.ALLOCATED, busy[4].id) in found
    assert {what for what, _row in found} == {Unequal.ALLOCATED, Unequal.UNPOSTED}
