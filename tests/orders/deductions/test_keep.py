"""What need not be paid goes back: from where it lay, what came last first, and no more than that."""

import pytest
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from orders.deductions.keep import Cut, NotLeft, deduct
from orders.models import OrderState
from orders.payments.ledger import Gift, give
from orders.payments.models import Place
from orders.payments.queries import owed_by
from tests import make
from tests.desk import CLERK, allocate, pay, rows, send, take_back

pytestmark = pytest.mark.usefixtures("right_books")


def doer(by="kinhte1"):
    return Doer(by, clock.now(), "fish is short")


def cut(order, amount, *, place=0):
    line = order.lines[place]
    return Cut(order.id, line.id, line.supplier_id, amount, 1)


def left(session, *sums, total=200_000):
    """An order paid by transfers of these sums that has left; and the transfers."""
    order = make.order(total=total)
    transfers = [make.transfer(amount) for amount in sums]
    for transfer in transfers:
        pay(session, transfer, order, amount=min(transfer.unplaced, owed_by(session, order)))
    send(session, order.round)
    return order, transfers


def test_what_is_deducted_goes_back_and_the_order_stays_paid(session):
    order, (transfer,) = left(session, 200_000)

    back = deduct(session, [cut(order, 30_000)], doer())[order.id]
    session.refresh(transfer)

    assert (order.state, order.total, order.due, owed_by(session, order)) == (
        OrderState.CONFIRMED,
        200_000,
        170_000,
        0,
    )
    assert [(refund.amount, refund.order, refund.taken_from) for refund in back.refunds] == [
        (30_000, order, Place.UNPLACED)
    ]
    assert (transfer.allocated, transfer.refund_due, transfer.unplaced, back.outside) == (170_000, 30_000, 0, 0)


def test_what_came_last_goes_back_first(session):
    order, (first, second) = left(session, 150_000, 50_000)

    back = deduct(session, [cut(order, 80_000)], doer())[order.id]
    for transfer in (first, second):
        session.refresh(transfer)

    assert [(refund.transfer_id, refund.amount) for refund in back.refunds] == [
        (second.id, 50_000),
        (first.id, 30_000),
    ]
    assert (first.allocated, second.allocated, owed_by(session, order)) == (120_000, 0, 0)


def test_what_was_credit_becomes_a_refund_out_of_credit(session):
    order = make.order(total=200_000)
    transfer = make.transfer(200_000)
    earlier = make.order(total=100_000)
    pay(session, transfer, earlier, amount=100_000)
    give(session, [Gift(transfer.id, {order.id: 100_000}, place=Place.CREDIT)], CLERK)
    pay(session, make.transfer(100_000), order, amount=100_000)
    send(session, order.round)

    back = deduct(session, [cut(order, 130_000)], doer())[order.id]
    session.refresh(transfer)

    assert [(refund.amount, refund.taken_from) for refund in back.refunds] == [
        (100_000, Place.UNPLACED),
        (30_000, Place.CREDIT),
    ]
    assert (transfer.allocated, transfer.credit, transfer.refund_due) == (170_000, 0, 30_000)


def test_a_transfer_that_pays_for_neighbours_gives_back_for_each(session):
    delivery = make.round()
    orders = [make.order(total=100_000, delivery=delivery) for _number in range(3)]
    transfer = make.transfer(300_000)
    for order in orders:
        allocate(session, transfer, order, 100_000)
        order.state = OrderState.CONFIRMED
        order.record(OrderState.OPEN, OrderState.CONFIRMED, by="clerk", at=clock.now(), because="paid")
    send(session, delivery)

    back = deduct(session, [cut(orders[0], 40_000), cut(orders[2], 100_000)], doer())
    session.refresh(transfer)

    assert {key: each.refunds[0].amount for key, each in back.items()} == {orders[0].id: 40_000, orders[2].id: 100_000}
    assert (transfer.allocated, transfer.refund_due) == (160_000, 140_000)
    assert [owed_by(session, order) for order in orders] == [0, 0, 0]


def test_what_was_paid_before_the_city_moved_in_is_told_and_not_refunded(session):
    order = make.paid_order(make.combo(price=200_000))
    send(session, order.round)

    back = deduct(session, [cut(order, 30_000)], doer())[order.id]

    assert (back.refunds, back.outside, owed_by(session, order)) == ([], 30_000, 0)


def test_an_order_whose_money_was_taken_back_only_owes_less(session):
    order, (transfer,) = left(session, 200_000)
    take_back(session, transfer)

    back = deduct(session, [cut(order, 30_000)], doer())[order.id]

    assert ((back.refunds, back.outside), owed_by(session, order), order.state) == (
        ([], 0),
        170_000,
        OrderState.CONFIRMED,
    )
    pay(session, transfer, order, amount=170_000)
    assert owed_by(session, order) == 0


def test_nothing_is_deducted_of_what_has_not_left(session):
    order = make.paid_order()

    with pytest.raises(NotLeft, match=order.code):
        deduct(session, [cut(order, 1)], doer())


def test_where_nobody_of_the_office_vouches_the_account_is_still_to_be_confirmed(session):
    order = make.order(total=200_000)
    transfer = make.transfer(200_000, payer_name="TRAN THI BUOI", payer_account="0451000123456", bank_hint="ACB")
    pay(session, transfer, order)
    send(session, order.round)

    sure = deduct(session, [cut(order, 1_000)], doer())[order.id].refunds[0]
    unsure = deduct(session, [cut(order, 1_000)], doer("rau"), vouches=False)[order.id].refunds[0]

    assert (sure.account, unsure.account) == ("0451000123456",) * 2
    assert (sure.named_by, unsure.named_by) == ("kinhte1", None)


@pytest.mark.parametrize("amount", [200_001, 300_000])
def test_no_more_than_the_line_came_to(session, amount):
    order, _transfers = left(session, 200_000)

    with pytest.raises(IntegrityError):
        deduct(session, [cut(order, amount)], doer())
    session.rollback()


def test_nor_over_several_deductions(session):
    order, _transfers = left(session, 200_000)
    deduct(session, [cut(order, 150_000)], doer())
    session.commit()

    with pytest.raises(IntegrityError):
        deduct(session, [cut(order, 50_001)], doer())
    session.rollback()
    deduct(session, [cut(order, 50_000)], doer())

    assert (order.due, owed_by(session, order)) == (0, 0)
    assert rows(session, "SELECT SUM(amount) FROM refunds WHERE order_id = :id", id=order.id) == [(200_000,)]
