"""What the database refuses of postings and places, tried with plain SQL: money moves by lawful postings alone."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from orders.payments.models import Place
from tests import books, make
from tests.desk import allocate

PLACES = ("unplaced", "allocated", "credit", "refund_due", "refunded")

POST = """
    INSERT INTO postings (transfer_id, order_id, allocation_id, moved_from, moved_to, amount, "by", at, because)
    VALUES (:transfer, :order, :allocation, :from, :to, :amount, 'sql', CURRENT_TIMESTAMP, 'tried')
"""
ALLOCATE = """
    INSERT INTO allocations (source, transfer_id, order_id, amount, automatic, reverses_id, "by", at, because)
    VALUES ('transfer', :transfer, :order, :amount, false, :reverses, 'sql', CURRENT_TIMESTAMP, 'tried') RETURNING id
"""


@pytest.fixture
def transfer(session, right_books):
    """100.000 đồng that came in: 40.000 pay an order, 10.000 are credit, 50.000 are not placed."""
    made = make.transfer(100_000)
    allocate(session, made, make.order(total=100_000), 40_000)
    post(session, made.id, "unplaced", "credit", 10_000)
    session.commit()
    return made


def post(session, transfer_id, moved_from, moved_to, amount, *, order=None, allocation=None):
    values = {"transfer": transfer_id, "from": moved_from, "to": moved_to, "amount": amount}
    session.execute(text(POST), {**values, "order": order, "allocation": allocation})


def refused(session, act, *args, **more):
    with pytest.raises(IntegrityError):
        act(session, *args, **more)
    session.rollback()
    return True


def sql(session, statement, **values):
    return session.execute(text(statement), values)


@pytest.mark.parametrize(
    "change",
    [
        *(f"{place} = {place} + 1" for place in PLACES),
        *(f"{place} = {place} - 1" for place in PLACES),
        "unplaced = unplaced - 1, credit = credit + 1",
        "unplaced = unplaced + 10000, credit = 0",
        "unplaced = 0, allocated = 0, credit = 0, refund_due = 0, refunded = 0",
        "unplaced = 0, allocated = 0, credit = 0, refund_due = 0, refunded = 100000",
    ],
)
def test_places_are_moved_by_postings_alone(session, transfer, change):
    assert refused(session, sql, f"UPDATE transfers SET {change} WHERE id = :id", id=transfer.id)


@pytest.mark.parametrize("place", PLACES)
def test_no_transfer_is_born_with_money_placed(session, transfer, place):
    columns = [column.name for column in type(transfer).__table__.columns]
    born = {**dict.fromkeys(PLACES, "0"), "id": "id + 1000", "identity": "'new'", place: "amount"}
    values = ", ".join(born.get(column, column) for column in columns)

    assert refused(session, sql, f"INSERT INTO transfers ({', '.join(columns)}) SELECT {values} FROM transfers")


@pytest.mark.parametrize("amount", [1, 100_000])
def test_it_comes_in_once(session, transfer, amount):
    assert refused(session, post, transfer.id, "bank", "unplaced", amount)


@pytest.mark.parametrize("amount", [99_999, 100_001])
def test_it_comes_in_whole(session, transfer, amount):
    columns = [column.name for column in type(transfer).__table__.columns if column.name != "id"]
    born = {**dict.fromkeys(PLACES, "0"), "identity": "'new'"}
    values = ", ".join(born.get(column, column) for column in columns)
    fresh = f"INSERT INTO transfers ({', '.join(columns)}) SELECT {values} FROM transfers RETURNING id"
    made = sql(session, fresh).scalar_one()

    assert refused(session, post, made, "bank", "unplaced", amount)


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.BANK, Place.OPENING)])
def test_it_does_not_leave_the_books(session, transfer, place):
    assert refused(session, post, transfer.id, place, "bank", 1)
    assert refused(session, post, transfer.id, place, "opening", 1)
    assert refused(session, post, transfer.id, place, "elsewhere", 1)


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.BANK, Place.UNPLACED)])
def test_nor_come_in_by_another_door(session, transfer, place):
    assert refused(session, post, transfer.id, "bank", place, 1)


@pytest.mark.parametrize(
    ("moved_from", "moved_to"),
    [("bank", "unplaced"), ("unplaced", "credit"), ("opening", "credit"), ("credit", "bank")],
)
def test_a_posting_has_a_transfer(session, transfer, moved_from, moved_to):
    assert refused(session, post, None, moved_from, moved_to, 5)


@pytest.mark.parametrize("way", [("unplaced", "allocated"), ("credit", "allocated"), ("allocated", "unplaced")])
def test_an_order_gets_money_by_an_allocation_alone(session, transfer, way):
    order = make.order(total=100_000)
    session.commit()

    assert refused(session, post, transfer.id, *way, 5, order=order.id)


@pytest.mark.parametrize("amount", [4_999, 5_001])
def test_and_as_much_as_it_says(session, transfer, amount):
    order = make.order(total=100_000)
    session.flush()
    values = {"transfer": transfer.id, "order": order.id, "amount": 5_000, "reverses": None}
    made = sql(session, ALLOCATE, **values).scalar_one()

    assert refused(session, post, transfer.id, "unplaced", "allocated", amount, order=order.id, allocation=made)


def test_and_to_the_order_and_from_the_transfer_that_it_names(session, transfer):
    order, other, second = make.order(total=100_000), make.order(total=100_000), make.transfer(100_000)
    session.commit()
    values = {"transfer": transfer.id, "order": order.id, "amount": 5_000, "reverses": None}

    for giver, taker in ((second, order), (transfer, other)):
        made = sql(session, ALLOCATE, **values).scalar_one()
        assert refused(session, post, giver.id, "unplaced", "allocated", 5_000, order=taker.id, allocation=made)


def test_and_once(session, transfer):
    allocation = session.execute(text("SELECT id, order_id, amount FROM allocations")).one()
    again = {"order": allocation.order_id, "allocation": allocation.id}

    assert refused(session, post, transfer.id, "unplaced", "allocated", allocation.amount, **again)
    if session.get_bind().dialect.name == "sqlite":
        replace = POST.replace("INSERT", "REPLACE")
        values = {"transfer": transfer.id, "from": "unplaced", "to": "allocated", "amount": allocation.amount}
        assert refused(session, sql, replace, **values, **again)


@pytest.mark.parametrize("amount", [-39_999, -1])
def test_what_is_taken_back_is_what_was_given(session, transfer, amount):
    first = session.execute(text("SELECT id, order_id FROM allocations")).one()
    values = {"transfer": transfer.id, "order": first.order_id, "amount": amount, "reverses": first.id}

    assert refused(session, sql, ALLOCATE, **values)


def test_and_from_whom(session, transfer):
    other = make.transfer(100_000)
    first = session.execute(text("SELECT id, order_id FROM allocations")).one()
    values = {"transfer": other.id, "order": first.order_id, "amount": -40_000, "reverses": first.id}
    session.commit()

    assert refused(session, sql, ALLOCATE, **values)


def test_what_is_lawful_is_let_through(session, transfer):
    """The control: each lawful way once, by the same plain SQL."""
    order = make.order(total=100_000)
    session.flush()
    values = {"transfer": transfer.id, "order": order.id, "amount": 5_000, "reverses": None}
    made = sql(session, ALLOCATE, **values).scalar_one()
    post(session, transfer.id, "credit", "allocated", 5_000, order=order.id, allocation=made)
    undone = sql(session, ALLOCATE, **{**values, "amount": -5_000, "reverses": made}).scalar_one()
    post(session, transfer.id, "allocated", "credit", 5_000, order=order.id, allocation=undone)
    post(session, transfer.id, "credit", "refund_due", 10_000)
    post(session, transfer.id, "refund_due", "refunded", 10_000)
    session.commit()
    session.refresh(transfer)

    assert [getattr(transfer, place) for place in PLACES] == [50_000, 40_000, 0, 0, 10_000]
    post(session, transfer.id, "refunded", "refund_due", 10_000)  # no refund stands behind it: back it goes
    post(session, transfer.id, "refund_due", "credit", 10_000)
    session.commit()
    books.check(session)
