"""Whatever was settled, taking it back leaves transfers, orders and places exactly as they were."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from orders.payments import ledger
from orders.payments.ledger import Gift
from orders.payments.models import Place
from orders.payments.settle import settle, undo
from tests import books, make
from tests.desk import CLERK, rows

ORDERS, TRANSFERS = 4, 3
TOTAL, AMOUNT = 100_000, 180_000


@dataclass(frozen=True)
class Step:
    """A transfer's money for some orders by their place in the list: how much, and what becomes of the rest."""

    shares: dict[int, int]
    rest_as_credit: bool
    then_from_credit: dict[int, int]


SHARES = st.dictionaries(st.integers(0, ORDERS - 1), st.integers(1, TOTAL), min_size=1, max_size=ORDERS)
GIFTS = st.builds(
    Step, SHARES, st.booleans(), st.dictionaries(st.integers(0, ORDERS - 1), st.integers(1, 30_000), max_size=2)
)


def as_it_stands(session: Session):
    """All that a settlement touches, by plain SQL."""
    session.flush()
    return (
        rows(session, "SELECT id, unplaced, allocated, credit, refund_due, refunded FROM transfers ORDER BY id"),
        rows(session, "SELECT id, state, dispatched_at FROM orders ORDER BY id"),
        rows(session, "SELECT order_id, SUM(amount) FROM allocations GROUP BY order_id HAVING SUM(amount) <> 0"),
        rows(session, "SELECT order_id, capacity_id, released_at FROM place_holds ORDER BY id"),
        rows(session, "SELECT id, held, beyond FROM capacities ORDER BY id"),
    )


def carry_out(session, transfer, orders, gift):
    """What of it the orders still owe and the transfer still has."""
    wanted = _within(session, orders, gift.shares, transfer.unplaced)
    if wanted:
        settle(session, transfer, wanted, CLERK, rest_as_credit=gift.rest_as_credit)
        session.refresh(transfer)
    more = _within(session, orders, gift.then_from_credit, transfer.credit)
    # A part only: whoever pays an order whole from credit confirms it, which is the settlement's to do.
    parts = {order: amount for order, amount in more.items() if amount < _owed(session, order)}
    if parts:
        ledger.give(session, [Gift(transfer.id, parts, place=Place.CREDIT)], CLERK)
        session.refresh(transfer)


def _within(session, orders, shares, left):
    wanted = {}
    for place, share in shares.items():
        share = min(share, _owed(session, orders[place].id), left)  # noqa: PLW2901
        if share > 0:
            wanted[orders[place].id] = share
            left -= share
    return wanted


def _owed(session, order_id):
    ((paid,),) = rows(session, f"SELECT COALESCE(SUM(amount), 0) FROM allocations WHERE order_id = {order_id}")
    return TOTAL - int(paid)


@pytest.fixture
def prepared(session):
    orders = [make.order(total=TOTAL) for _ in range(ORDERS)]
    transfers = [make.transfer(AMOUNT) for _ in range(TRANSFERS)]
    session.commit()
    return orders, transfers


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(st.lists(GIFTS, min_size=1, max_size=TRANSFERS))
def test_taking_back_in_reverse_restores_each_step(session, prepared, gifts):
    orders, transfers = prepared
    stood = [as_it_stands(session)]
    for transfer, gift in zip(transfers, gifts, strict=False):
        carry_out(session, transfer, orders, gift)
        books.check(session)
        stood.append(as_it_stands(session))

    for transfer, _gift in reversed(list(zip(transfers, gifts, strict=False))):
        assert as_it_stands(session) == stood.pop()
        undo(session, transfer, CLERK)
        books.check(session)

    assert as_it_stands(session) == stood.pop()
    session.rollback()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(st.lists(GIFTS, min_size=2, max_size=TRANSFERS), st.permutations(range(TRANSFERS)))
def test_and_in_any_order_the_first_state(session, prepared, gifts, turns):
    orders, transfers = prepared
    before = as_it_stands(session)
    for transfer, gift in zip(transfers, gifts, strict=False):
        carry_out(session, transfer, orders, gift)

    for turn in turns:
        undo(session, transfers[turn], CLERK)

    assert as_it_stands(session) == before
    session.rollback()
