"""A refund that bounces: the money is back, and is no order's."""

import pytest
from sqlalchemy import select

from kernel import clock
from orders.payments.models import Place, Transfer
from orders.payments.refunds.queries import approved_by_code
from tests import make
from tests.bank import Bank
from tests.orders.payments.refunds.test_seen import told
from tests.refunds import exported, proposed

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")


@pytest.fixture
def bank(session):
    return Bank(make.bank_account("AGR"))


def incoming(bank, session):
    return session.scalars(select(Transfer).where(Transfer.account_id == bank.account.id)).all()


@pytest.mark.parametrize("early", [False, True])
def test_it_is_kept_from_the_order_that_its_memo_names_and_marked(session, bank, early):
    order = make.order(total=100_000)
    refund = exported(order=order)
    out, back = (-100_000, f"{refund.code} hoan tien"), (100_000, f"HOAN TRA {refund.code} hoan tien {order.code}")
    for movement in (back, out) if early else (out, back):
        told(session, bank, movement)

    (returned,) = incoming(bank, session)
    assert (returned.unplaced, returned.by_hand, refund.returned_id) == (100_000, True, returned.id)
    assert refund.debit_id is not None
    assert order.state == "open"


def test_the_control_without_the_code_the_order_gets_it(session, bank):
    order = make.order(total=100_000)
    told(session, bank, (100_000, f"{order.code} 0912345678"))

    assert order.state == "confirmed"


def test_a_code_that_nobody_approved_keeps_nothing(session, bank):
    order = make.order(total=100_000)
    waiting = proposed()
    told(session, bank, (100_000, f"{waiting.code} {order.code} 0912345678"))

    assert order.state == "confirmed"
    assert approved_by_code(session, [waiting.code]) == {}


def test_what_came_back_is_refunded_anew(session, bank):
    refund = exported()
    told(session, bank, (-100_000, refund.code))
    told(session, bank, (100_000, refund.code))
    (returned,) = incoming(bank, session)

    anew = proposed(returned, taken_from=Place.UNPLACED)

    assert anew.code != refund.code
    assert (returned.refund_due, refund.transfer.refunded, anew.proposed_at) == (100_000, 100_000, clock.now())
