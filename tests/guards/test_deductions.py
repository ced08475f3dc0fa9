"""What the database itself refuses of deductions, tried with plain SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from orders.deductions.keep import Cut, deduct
from tests import books, make
from tests.desk import pay, send, take_back

DEDUCT = """
    INSERT INTO deductions (order_id, line_id, supplier_id, amount, quantity, reverses_id, because, "by", at)
    VALUES (:order, :line, :supplier, :amount, :quantity, :reverses, 'tried', 'sql', CURRENT_TIMESTAMP)
"""


def refused(session, sql, **values):
    with pytest.raises(IntegrityError):
        session.execute(text(sql), values)
    session.rollback()
    return True


@pytest.fixture
def order(session):
    """Paid with 200.000 ₫, of which 50.000 ₫ were deducted and go back; it has left."""
    made = make.order(total=200_000)
    pay(session, make.transfer(200_000), made)
    send(session, made.round)
    line = made.lines[0]
    deduct(session, [Cut(made.id, line.id, line.supplier_id or 0, 50_000, 1)], Doer("kinhte1", clock.now(), "short"))
    session.commit()
    return made


@pytest.fixture
def unpaid(session):
    """One that has left, and whose money was taken back: it holds nothing, so nothing has to be freed first."""
    made = make.order(total=200_000)
    transfer = make.transfer(200_000)
    pay(session, transfer, made)
    send(session, made.round)
    take_back(session, transfer)
    return made


def about(whose, **changes):
    line = whose.lines[0]
    usual = {"amount": 1_000, "quantity": 1, "reverses": None}
    return {"order": whose.id, "line": line.id, "supplier": line.supplier_id, **usual, **changes}


def first(session):
    return session.execute(text("SELECT MIN(id) FROM deductions")).scalar_one()


def test_the_sum_on_the_order_follows(session, unpaid):
    session.execute(text(DEDUCT), about(unpaid, amount=30_000))
    session.execute(text(DEDUCT), about(unpaid, amount=20_000))
    session.execute(text(DEDUCT), about(unpaid, amount=-30_000, reverses=first(session)))
    session.refresh(unpaid)

    assert (unpaid.deducted, unpaid.due) == (20_000, 180_000)
    books.check(session)


def test_of_several_rows_in_one_statement_too(session, unpaid):
    several = DEDUCT.replace("VALUES (", "SELECT ").replace(
        "CURRENT_TIMESTAMP)", "CURRENT_TIMESTAMP FROM order_lines l"
    )
    make.order()  # another line: two rows
    session.execute(text(several), about(unpaid, amount=30_000))
    session.refresh(unpaid)

    assert unpaid.deducted == 60_000
    books.check(session)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1_000},
        {"amount": 200_001},
        {"quantity": -1},
        {"quantity": 2},
        {"supplier": 0},
        {"line": 0},
        {"order": 0},
    ],
    ids=str,
)
def test_a_deduction_of_no_lawful_shape_is_refused(session, unpaid, wrong):
    refused(session, DEDUCT, **about(unpaid, **wrong))


def test_nor_one_that_leaves_the_order_more_than_it_owes(session, order):
    refused(session, DEDUCT, **about(order))


def test_nor_one_of_what_has_not_left(session):
    waiting = make.order()
    session.commit()

    refused(session, DEDUCT, **about(waiting))


def test_of_a_line_no_more_than_it_came_to(session, unpaid):
    session.execute(text(DEDUCT), about(unpaid, amount=150_000))
    session.commit()

    refused(session, DEDUCT, **about(unpaid, amount=50_001))


@pytest.mark.parametrize("wrong", [{"amount": -49_999}, {"amount": 50_000}, {"quantity": 0}], ids=str)
def test_a_reversal_is_of_what_it_reverses(session, order, wrong):
    usual = {"amount": -50_000, "reverses": first(session)}

    refused(session, DEDUCT, **about(order, **{**usual, **wrong}))


def test_and_there_is_one(session, order):
    reversal = about(order, amount=-50_000, reverses=first(session))
    session.execute(text(DEDUCT), reversal)
    session.commit()

    refused(session, DEDUCT, **reversal)


def test_nobody_else_writes_what_is_deducted(session, order):
    refused(session, "UPDATE orders SET deducted = 0")
    refused(session, "UPDATE orders SET deducted = deducted + 1")


def test_an_order_gets_no_more_than_is_due_for_it(session, order):
    other = make.transfer(100_000)
    session.commit()

    refused(
        session,
        'INSERT INTO allocations (source, transfer_id, order_id, amount, automatic, reverses_id, "by", at, because)'
        " VALUES ('transfer', :transfer, :order, 1, false, NULL, 'sql', CURRENT_TIMESTAMP, 'tried')",
        transfer=other.id,
        order=order.id,
    )
