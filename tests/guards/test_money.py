"""What the database itself refuses, tried with plain SQL: money that is changed, lost, or given twice."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.database import Base
from orders.models import OrderState
from orders.payments.models import Place
from orders.payments.settle import set_aside
from tests import books, make
from tests.bank import Bank
from tests.desk import CLERK, allocate

APPEND_ONLY = (
    "allocations",
    "postings",
    "inbound_messages",
    "deductions",
    "desk_events",
    "order_events",
    "parcel_events",
    "shortage_shares",
    "shortage_steps",
    "shortage_entries",
    "manifests",
    "manifest_views",
    "changes",
    "hook_messages",
    "doubt_events",
)
FROZEN = {
    "id": "id + 1000",
    "account_id": "account_id",
    "identity": "'other'",
    "booked_on": "'2020-01-01'",
    "earliest": "latest",
    "latest": "earliest",
    "likely_at": "earliest",
    "amount": "amount + 1",
    "reference": "'other'",
    "memo": "'other'",
    "payer_name": "'other'",
    "payer_account": "'other'",
    "bank_hint": "'other'",
}


@pytest.fixture
def city(session, a_whole_city):
    """A city in which each of the append-only tables has a row."""
    session.commit()
    assert all(books.count(session, table) for table in APPEND_ONLY)
    return a_whole_city


def refused(session, sql, **values):
    """The database refuses ``sql``, as an integrity error, and nothing of it stays."""
    with pytest.raises(IntegrityError):
        session.execute(text(sql), values)
    session.rollback()
    return True


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_is_neither_changed_nor_deleted(session, city, table):
    before = session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()

    refused(session, f"UPDATE {table} SET id = id")
    refused(session, f"DELETE FROM {table}")

    assert session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before


@pytest.mark.parametrize("table", [*APPEND_ONLY, "transfers"])
def test_nor_replaced(session, city, table):
    replace = f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET id = excluded.id"
    if session.get_bind().dialect.name == "sqlite":
        refused(session, f"REPLACE INTO {table} SELECT * FROM {table}")

    refused(session, replace)


@pytest.mark.parametrize(("table", "key"), [("manifests", "number"), ("inbound_messages", "statement_id, row")])
def test_nor_replaced_by_another_of_its_key(session, city, table, key):
    columns = [column.name for column in Base.metadata.tables[table].columns]
    taken = ", ".join("id + 1000" if column == "id" else column for column in columns)
    insert = f"INTO {table} ({', '.join(columns)}) SELECT {taken} FROM {table} WHERE true"
    if session.get_bind().dialect.name == "sqlite":
        refused(session, f"REPLACE {insert}")

    refused(session, f"INSERT {insert} ON CONFLICT ({key}) DO UPDATE SET id = excluded.id")


def test_a_transfer_keeps_what_the_bank_said(session, city):
    changes = [f"UPDATE transfers SET {column} = {value}" for column, value in FROZEN.items()]

    assert all(refused(session, change) for change in changes)


@pytest.mark.parametrize(
    ("table", "column"),
    [("hook_calls", "body"), ("hook_calls", "digest"), ("tellings", "transfer_id"), ("doubts", "told")],
)
def test_what_was_told_stays_as_it_was_told(session, city, table, column):
    assert books.count(session, table)

    refused(session, f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", ["hook_calls", "doubts"])
def test_nor_is_it_deleted(session, city, table):
    refused(session, f"DELETE FROM {table}")


def test_a_transfer_is_never_deleted(session):
    make.transfer()
    session.commit()

    refused(session, "DELETE FROM transfers")


DEBIT_FROZEN = {
    "id": "id + 1000",
    "account_id": "account_id",
    "identity": "'other'",
    "booked_on": "'2020-01-01'",
    "earliest": "latest",
    "latest": "earliest",
    "amount": "amount + 1",
    "reference": "'other'",
    "memo": "'other'",
    "payee_name": "'other'",
    "payee_account": "'other'",
}


@pytest.fixture
def debit(session):
    bank = Bank(make.bank_account("AGR"))
    bank.book(session, bank.statement((-11_000, "phi SMS")))
    return bank


def test_what_the_bank_said_of_money_that_went_out_stays(session, debit):
    assert all(refused(session, f"UPDATE debits SET {column} = {value}") for column, value in DEBIT_FROZEN.items())
    refused(session, "DELETE FROM debits")
    if session.get_bind().dialect.name == "sqlite":
        refused(session, "REPLACE INTO debits SELECT * FROM debits")


def test_but_why_it_went_out_may_be_told(session, debit):
    session.execute(text("UPDATE debits SET kind = 'other', because = 'a fee of the bank'"))


def test_a_clerk_may_mark_a_transfer(session):
    transfer = make.transfer()

    set_aside(session, transfer, CLERK)
    session.commit()

    assert transfer.set_aside


def test_unplaced_follows_each_posting(session):
    transfer, order = make.transfer(300_000), make.order(total=200_000)
    allocate(session, transfer, order, 120_000)

    session.execute(post(), {"transfer": transfer.id, "from": "unplaced", "to": "credit", "amount": 50_000})
    session.refresh(transfer)

    assert transfer.unplaced == 130_000
    books.check(session)


@pytest.mark.parametrize("place", [place for place in Place if place not in (Place.UNPLACED, Place.BANK)])
def test_no_more_than_a_transfer_holds_leaves_it(session, place):
    transfer = make.transfer(100_000)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(post(), {"transfer": transfer.id, "from": "unplaced", "to": place, "amount": 100_001})


@pytest.mark.parametrize("place", ["credit", "refund_due", "refunded"])
def test_no_more_than_lies_at_a_place_leaves_it(session, place):
    transfer = make.transfer(100_000)
    session.execute(post(), {"transfer": transfer.id, "from": "unplaced", "to": place, "amount": 30_000})
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(post(), {"transfer": transfer.id, "from": place, "to": "unplaced", "amount": 30_001})


def test_no_more_than_its_amount_comes_back(session):
    transfer = make.transfer(100_000)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(post(), {"transfer": transfer.id, "from": "bank", "to": "unplaced", "amount": 1})


@pytest.mark.parametrize("amount", [0, -5])
def test_a_posting_moves_something(session, amount):
    transfer = make.transfer(100_000)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(post(), {"transfer": transfer.id, "from": "unplaced", "to": "credit", "amount": amount})


def test_an_order_gets_no_more_than_its_total(session):
    transfer, order = make.transfer(500_000), make.order(total=200_000)
    allocate(session, transfer, order, 150_000)
    session.commit()

    refused(session, ALLOCATE, transfer=transfer.id, order=order.id, amount=50_001, reverses=None)


def test_an_allocation_is_reversed_once(session):
    transfer, order = make.transfer(500_000), make.order(total=200_000)
    first = allocate(session, transfer, order, 100_000)
    allocate(session, transfer, order, 100_000)
    back = {"transfer": transfer.id, "order": order.id, "amount": -100_000, "reverses": first.id}
    session.execute(text(ALLOCATE), back)
    session.commit()

    refused(session, ALLOCATE, **back)


def test_a_negative_allocation_names_what_it_reverses(session):
    transfer, order = make.transfer(500_000), make.order(total=200_000)
    allocate(session, transfer, order, 100_000)
    session.commit()

    refused(session, ALLOCATE, transfer=transfer.id, order=order.id, amount=-100_000, reverses=None)


@pytest.mark.parametrize("paid", [0, 199_999])
def test_an_unpaid_order_cannot_be_confirmed(session, paid):
    order = make.order(total=200_000)
    if paid:
        allocate(session, make.transfer(paid), order, paid)
    session.commit()

    refused(session, "UPDATE orders SET state = 'confirmed' WHERE id = :id", id=order.id)

    assert books.states(session) == {order.code: "open"}


def test_nor_be_born_confirmed(session):
    order = make.order()
    session.commit()
    columns = ", ".join(column.name for column in type(order).__table__.columns)
    born = {"id": "id + 1", "code": "'DCNEW'", "token": "'new'", "state": "'confirmed'"}
    values = ", ".join(born.get(column, column) for column in columns.split(", "))

    refused(session, f"INSERT INTO orders ({columns}) SELECT {values} FROM orders")


@pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.CONFIRMED])
@pytest.mark.parametrize("says", ["confirmed", "open"])
def test_an_unpaid_order_gets_no_parcel(session, city, state, says):
    order = make.order(state=state)
    session.commit()

    refused(session, PARCEL, order=order.id, says=says)


def test_a_confirmed_order_that_owes_again_gets_no_parcel(session, city):
    transfer, order = make.transfer(100_000), make.order(total=100_000)
    first = allocate(session, transfer, order, 100_000)
    session.execute(text("UPDATE orders SET state = 'confirmed' WHERE id = :id"), {"id": order.id})
    back = {"transfer": transfer.id, "order": order.id, "amount": -100_000, "reverses": first.id}
    session.execute(text(ALLOCATE), back)
    session.commit()

    refused(session, PARCEL, order=order.id, says="confirmed")


def test_a_paid_order_gets_a_parcel(session, city):
    """The control: it is the lack of money that the statements above fail of."""
    order = make.paid_order()
    session.commit()

    session.execute(text(PARCEL), {"order": order.id, "says": "confirmed"})


@pytest.mark.parametrize("state", ["open", "expired", "cancelled"])
def test_an_order_with_a_parcel_stays_confirmed(session, city, state):
    refused(session, "UPDATE orders SET state = :state WHERE id = :id", state=state, id=city.left.id)


def test_the_guards_are_not_migrated_away(session, cli_runner):
    make.transfer()

    assert cli_runner.invoke(args=["db", "downgrade", "0001"]).exit_code != 0
    refused(session, "DELETE FROM transfers")


ALLOCATE = """
    INSERT INTO allocations (source, transfer_id, order_id, amount, automatic, reverses_id, "by", at, because)
    VALUES ('transfer', :transfer, :order, :amount, false, :reverses, 'sql', CURRENT_TIMESTAMP, 'tried')
"""
PARCEL = """
    INSERT INTO parcels (order_id, order_state, supplier_id, batch_id, stop, state, version)
    SELECT :order, :says, supplier_id, id, 1000, 'dispatched', 1 FROM batches ORDER BY id LIMIT 1
"""


def post():
    return text(
        'INSERT INTO postings (transfer_id, moved_from, moved_to, amount, "by", at, because)'
        " VALUES (:transfer, :from, :to, :amount, 'sql', CURRENT_TIMESTAMP, 'tried')"
    )
