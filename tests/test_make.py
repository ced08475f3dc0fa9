"""The builders, tried: what they make is what life makes."""

import pytest

from orders.models import OrderState
from orders.payments.queries import owed_by
from people.models import Role
from tests import make


@pytest.mark.parametrize("state", OrderState)
def test_an_order_reaches_its_state_with_its_history_and_its_places(session, state):
    order = make.order(state=state)
    session.commit()

    holds = [hold for hold in order.holds if hold.released_at is None]
    assert order.state is state
    assert order.history[-1].became is state
    assert bool(holds) is (state in (OrderState.OPEN, OrderState.CONFIRMED))
    assert owed_by(session, order) == (0 if state is OrderState.CONFIRMED else order.total)


def test_received_money_is_not_placed_yet(session):
    assert make.transfer(250_000).unplaced == 250_000


@pytest.mark.parametrize(("role", "home"), [(Role.OFFICE, "/desk"), (Role.SUPPLIER, "/suppliers/")])
def test_staff_can_sign_in(client, role, home):
    make.signed_in(client, make.staff(role))

    assert client.get("/sign-in").location.startswith(home)
