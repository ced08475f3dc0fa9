"""Money given to orders and taken back: what each order, each transfer and the books show afterwards."""

import pytest
from sqlalchemy import text

from kernel import clock
from kernel.errors import MarketError
from orders import lifecycle
from orders.models import OrderState
from orders.payments import ledger
from orders.payments.ledger import Gift, Hand
from orders.payments.models import Place
from orders.payments.queries import allocation_history, live_allocations, owed_by
from orders.payments.settle import CannotSettle, ChangedMeanwhile, bring_back, set_aside, settle, undo
from tests import books, make, refunds
from tests.desk import CLERK, pay, send, take_back

pytestmark = pytest.mark.usefixtures("right_books")

MATCHER = Hand(by="matcher", at=CLERK.at, because="matched", automatic=True)


def state_of_everything(session):
    """How all money lies and how all orders stand."""
    return books.balances(session), books.states(session)


def test_the_exact_sum_confirms_the_order(session):
    transfer, order = make.transfer(200_000), make.order(total=200_000)

    pay(session, transfer, order)

    assert (order.state, owed_by(session, order), transfer.unplaced) == (OrderState.CONFIRMED, 0, 0)
    assert order.history[-1].by == CLERK.by
    assert order.history[-1].because == CLERK.because


def test_a_part_leaves_the_order_open_with_the_rest_to_pay(session):
    transfer, order = make.transfer(120_000), make.order(total=200_000)

    pay(session, transfer, order)

    assert (order.state, owed_by(session, order)) == (OrderState.OPEN, 80_000)


def test_even_one_dong_short_is_not_paid(session):
    transfer, order = make.transfer(199_999), make.order(total=200_000)

    pay(session, transfer, order)

    assert (order.state, owed_by(session, order)) == (OrderState.OPEN, 1)


def test_two_parts_confirm_it(session):
    first, second, order = make.transfer(120_000), make.transfer(80_000), make.order(total=200_000)

    pay(session, first, order)
    pay(session, second, order, amount=80_000)

    assert order.state is OrderState.CONFIRMED


def test_what_is_too_much_becomes_the_payers_credit(session):
    transfer, order = make.transfer(250_000), make.order(total=200_000)

    pay(session, transfer, order)

    assert books.balances(session) == {transfer.identity: {order.code: 200_000, "credit": 50_000}}


def test_or_stays_unplaced_where_a_clerk_splits(session):
    transfer, order = make.transfer(250_000), make.order(total=200_000)

    pay(session, transfer, order, as_credit=False)

    assert books.balances(session) == {transfer.identity: {order.code: 200_000, "unplaced": 50_000}}


def test_one_transfer_pays_a_household(session):
    transfer, orders = make.transfer(700_000), [make.order(total=total) for total in (200_000, 400_000)]

    settle(session, transfer, {order.id: order.total for order in orders}, CLERK, rest_as_credit=True)
    session.commit()

    assert [order.state for order in orders] == [OrderState.CONFIRMED, OrderState.CONFIRMED]
    assert transfer.unplaced == 0


def test_only_the_orders_named_get_anything(session):
    noise = make.order(total=200_000)
    pay(session, make.transfer(200_000), make.order(total=200_000))

    assert (noise.state, owed_by(session, noise)) == (OrderState.OPEN, 200_000)


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_ended_order_gets_no_money(session, state):
    transfer, order = make.transfer(), make.order(state=state)

    with pytest.raises(CannotSettle, match=order.code):
        pay(session, transfer, order)


def test_nor_does_a_paid_one(session):
    transfer, order = make.transfer(), make.paid_order()

    with pytest.raises(CannotSettle, match=order.code):
        pay(session, transfer, order)


def test_nor_more_than_it_owes(session):
    transfer, order = make.transfer(500_000), make.order(total=200_000)
    pay(session, make.transfer(150_000), order)

    with pytest.raises(CannotSettle, match=r"50\.000"):
        pay(session, transfer, order, amount=50_001)


@pytest.mark.parametrize("amount", [0, -1])
def test_nor_nothing(session, amount):
    with pytest.raises(CannotSettle):
        pay(session, make.transfer(), make.order(), amount=amount)


def test_nor_an_order_that_is_not_there(session):
    transfer = make.transfer()

    with pytest.raises(CannotSettle):
        settle(session, transfer, {make.order().id: 50_000, 999_999: 50_000}, CLERK, rest_as_credit=True)


def test_a_transfer_gives_no_more_than_it_has_left(session):
    transfer, order = make.transfer(100_000), make.order(total=200_000)
    session.commit()

    with pytest.raises(ChangedMeanwhile, match=r"100\.000"):
        pay(session, transfer, order, amount=100_001)


def test_what_is_refused_leaves_no_trace(session):
    transfer, good, gone = make.transfer(300_000), make.order(), make.order(state=OrderState.EXPIRED)
    session.commit()
    before = state_of_everything(session)

    with pytest.raises(CannotSettle):
        settle(session, transfer, {good.id: 100_000, gone.id: 100_000}, CLERK, rest_as_credit=True)
    session.commit()

    assert state_of_everything(session) == before
    assert not allocation_history(session, good.id)


@pytest.mark.parametrize(
    ("amount", "totals"), [(200_000, [200_000]), (120_000, [200_000]), (650_000, [200_000, 400_000])]
)
def test_undo_brings_back_all_that_was(session, amount, totals):
    transfer, orders = make.transfer(amount), [make.order(total=total) for total in totals]
    session.commit()
    before = state_of_everything(session)
    left = amount
    shares = {}
    for order in orders:
        shares[order.id] = min(left, order.total)
        left -= shares[order.id]
    settle(session, transfer, shares, CLERK, rest_as_credit=True)
    session.commit()
    assert state_of_everything(session) != before

    take_back(session, transfer)

    assert state_of_everything(session) == before
    assert transfer.unplaced == amount


def test_undo_is_written_down_not_rubbed_out(session):
    transfer, order = make.transfer(), make.order()
    pay(session, transfer, order)

    take_back(session, transfer)

    first, second = allocation_history(session, order.id)
    assert (second.amount, second.reverses_id) == (-first.amount, first.id)
    assert [event.became for event in order.history] == [OrderState.OPEN, OrderState.CONFIRMED, OrderState.OPEN]


def test_what_was_undone_can_be_settled_and_undone_again(session):
    transfer, order = make.transfer(250_000), make.order(total=200_000)

    for _time in range(3):
        pay(session, transfer, order)
        take_back(session, transfer)

    assert (transfer.unplaced, order.state, live_allocations(session, transfer.id)) == (250_000, OrderState.OPEN, [])


def test_undo_takes_back_its_own_transfer_only(session):
    first, second, order = make.transfer(120_000), make.transfer(80_000), make.order(total=200_000)
    pay(session, first, order)
    pay(session, second, order, amount=80_000)

    take_back(session, first)

    assert (order.state, owed_by(session, order)) == (OrderState.OPEN, 120_000)
    assert (first.unplaced, second.unplaced) == (120_000, 0)


def test_undo_of_what_pays_nothing_moves_nothing(session):
    transfer = make.transfer()
    session.commit()
    before = books.count(session, "postings")

    take_back(session, transfer)

    assert books.count(session, "postings") == before


def test_undo_after_dispatch_leaves_the_parcel_and_shows_a_debt(session):
    transfer, order = make.transfer(), make.order()
    pay(session, transfer, order)
    send(session, order.round)

    take_back(session, transfer)

    assert (order.state, owed_by(session, order), transfer.unplaced) == (OrderState.CONFIRMED, 100_000, 100_000)
    assert books.count(session, "parcels") == 1


def test_and_the_debt_can_be_paid(session):
    transfer, order = make.transfer(), make.order()
    pay(session, transfer, order)
    send(session, order.round)
    take_back(session, transfer)

    pay(session, make.transfer(60_000), order, amount=60_000)
    pay(session, make.transfer(40_000), order, amount=40_000)

    assert (order.state, owed_by(session, order)) == (OrderState.CONFIRMED, 0)
    assert [event.became for event in order.history] == [OrderState.OPEN, OrderState.CONFIRMED]


def test_the_matcher_takes_nothing_back_that_has_left(session):
    transfer, order = make.transfer(), make.order()
    settle(session, transfer, {order.id: 100_000}, MATCHER, rest_as_credit=True)
    send(session, order.round)

    with pytest.raises(lifecycle.AlreadyLeft):
        undo(session, transfer, MATCHER)


@pytest.mark.parametrize("step", ["settle", "undo", "set aside and brought back"])
def test_what_a_clerk_has_touched_is_out_of_the_matchers_reach(session, step):
    transfer, order = make.transfer(), make.order()
    pay(session, transfer, order)
    if step != "settle":
        take_back(session, transfer)
    if step.startswith("set aside"):
        set_aside(session, transfer, CLERK)
        bring_back(session, transfer, CLERK)
    session.commit()

    with pytest.raises(ChangedMeanwhile):
        settle(session, transfer, {make.order().id: 1}, MATCHER, rest_as_credit=False)
    with pytest.raises(ChangedMeanwhile):
        undo(session, transfer, MATCHER)


def test_the_matchers_own_work_stays_within_its_reach(session):
    transfer, order = make.transfer(), make.order()

    settle(session, transfer, {order.id: 100_000}, MATCHER, rest_as_credit=True)
    undo(session, transfer, MATCHER)
    session.commit()

    assert (transfer.by_hand, transfer.unplaced) == (False, 100_000)


def test_setting_aside_moves_no_money_and_is_written_down(session):
    transfer = make.transfer()
    session.commit()

    set_aside(session, transfer, CLERK)
    with pytest.raises(ChangedMeanwhile):
        set_aside(session, transfer, CLERK)
    bring_back(session, transfer, CLERK)
    with pytest.raises(ChangedMeanwhile):
        bring_back(session, transfer, CLERK)
    session.commit()

    written = session.execute(text('SELECT what, "by", because FROM desk_events ORDER BY id')).all()
    assert [tuple(row) for row in written] == [
        ("set aside", CLERK.by, CLERK.because),
        ("brought back", CLERK.by, CLERK.because),
    ]
    assert transfer.unplaced == 100_000


def test_an_opening_payment_is_no_transfers_money(session):
    order = make.paid_order(total=300_000)
    session.commit()

    assert owed_by(session, order) == 0
    assert books.balances(session) == {}


def test_what_is_refused_says_so_in_words(session):
    with pytest.raises(MarketError) as refusal:
        pay(session, make.transfer(), make.paid_order())

    assert refusal.value.status == 409
    assert len(str(refusal.value)) > 30


def test_money_taken_back_in_time_is_found_by_the_clock(session, stopped_clock):
    transfer, order = make.transfer(), make.order()
    at = clock.now()

    settle(session, transfer, {order.id: 100_000}, Hand("clerk", at, "x"), rest_as_credit=True)

    assert allocation_history(session, order.id)[0].at == at


def spend_credit(session, transfer, order, amount):
    """The payer's credit pays another order."""
    ledger.give(session, [Gift(transfer.id, {order.id: amount}, place=Place.CREDIT)], CLERK)
    session.refresh(transfer)


def test_a_credit_pays_another_order(session):
    transfer, order, later = make.transfer(150_000), make.order(total=100_000), make.order(total=100_000)
    pay(session, transfer, order)

    spend_credit(session, transfer, later, 30_000)

    assert (transfer.allocated, transfer.credit, owed_by(session, later)) == (130_000, 20_000, 70_000)


def test_what_a_credit_paid_goes_back_to_it(session):
    transfer, order, later = make.transfer(150_000), make.order(total=100_000), make.order(total=100_000)
    pay(session, transfer, order)
    spend_credit(session, transfer, later, 30_000)

    ledger.reverse_allocation(session, live_allocations(session, transfer.id)[-1], CLERK)
    session.refresh(transfer)

    assert (transfer.allocated, transfer.credit, transfer.unplaced) == (100_000, 50_000, 0)


def test_undo_takes_back_what_its_credit_paid_too(session):
    transfer, order, later = make.transfer(150_000), make.order(total=100_000), make.order(total=100_000)
    before = state_of_everything(session)
    pay(session, transfer, order)
    spend_credit(session, transfer, later, 30_000)

    take_back(session, transfer)

    assert state_of_everything(session) == before
    assert (transfer.allocated, transfer.credit, transfer.unplaced) == (0, 0, 150_000)


@pytest.mark.parametrize("place", [Place.REFUND_DUE, Place.REFUNDED])
def test_money_that_is_on_its_way_back_is_not_undone(session, place):
    transfer, order = make.transfer(150_000), make.order(total=100_000)
    pay(session, transfer, order)
    given_back = refunds.exported(transfer, amount=50_000, taken_from=Place.CREDIT)
    if place is Place.REFUNDED:
        refunds.paid(given_back)

    with pytest.raises(CannotSettle, match="refund"):
        undo(session, transfer, CLERK)

    assert order.state is OrderState.CONFIRMED
