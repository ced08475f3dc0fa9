"""An order taken elsewhere gets its combos: what it costs, which places it takes, what is refused."""

from collections import Counter

import pytest

from kernel import clock
from kernel.database import db
from orders.desk.combos import WrongCombos, give_combos
from orders.models import OrderState
from orders.queries import orders_by_code
from tests import make
from tests.desk import rows
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def greens(session):
    return make.combo("C02", price=100_000)


def give(session, order, **picked):
    beyond = give_combos(session, order, picked, at=clock.now())
    session.commit()
    return beyond


def lines_of(session, order):
    sql = "SELECT c.code, l.quantity, l.unit_price FROM order_lines l LEFT JOIN combos c ON c.id = l.combo_id"
    return rows(session, f"{sql} WHERE l.order_id = :order ORDER BY l.id", order=order.id)


def test_combos_of_the_same_total_replace_what_nobody_can_pack(session, greens):
    meat = make.combo("C06", price=250_000)
    order = make.order(elsewhere=True, total=450_000)

    give(session, order, C02=2, C06=1)

    assert lines_of(session, order) == [("C02", 2, 100_000), ("C06", 1, 250_000)]
    assert order.total == 450_000
    assert {line.supplier_id for line in order.lines} == {greens.supplier_id, meat.supplier_id}


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.CONFIRMED])
def test_they_take_their_places(session, greens, state):
    order = make.order(elsewhere=True, state=state)
    capacity = make.capacity(order.round, greens.supplier, places=5)

    assert give(session, order, C02=1) == 0
    session.refresh(capacity)

    assert (capacity.held, capacity.beyond) == (1, 0)


def test_beyond_what_was_planned_if_need_be_which_is_told(session, greens):
    order = make.order(elsewhere=True)
    capacity = make.capacity(order.round, greens.supplier, places=0)

    assert give(session, order, C02=1) == 1
    session.refresh(capacity)

    assert (capacity.held, capacity.beyond) == (1, 1)


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_ended_order_takes_no_places(session, greens, state):
    order = make.order(elsewhere=True, state=state)
    capacity = make.capacity(order.round, greens.supplier, places=5)

    give(session, order, C02=1)
    session.refresh(capacity)

    assert capacity.held == 0


@pytest.mark.parametrize("picked", [{"C02": 2}, {"C99": 1}, {}])
def test_another_total_or_an_unknown_combo_is_refused(session, greens, picked):
    order = make.order(elsewhere=True)
    session.commit()

    with pytest.raises(WrongCombos):
        give(session, order, **picked)
    session.rollback()

    assert lines_of(session, order) == [(None, 1, 100_000)]


def test_an_order_of_the_shop_keeps_its_combos(session, greens):
    order = make.order(greens)

    with pytest.raises(WrongCombos):
        give(session, order, C02=1)


def test_two_clerks_at_once_give_them_once(app, session, greens):
    order = make.order(elsewhere=True)
    capacity = make.capacity(order.round, greens.supplier, places=5)
    session.commit()
    code, at = order.code, clock.now()
    session.rollback()

    def act(_clerk: int) -> str:
        found = orders_by_code(db.session, [code])[code]
        try:
            give_combos(db.session, found, {"C02": 1}, at=at)
            db.session.commit()
        except WrongCombos:
            return "refused"
        return "given"

    assert rush(app, 3, act) == Counter(given=1, refused=2)
    session.refresh(capacity)
    assert lines_of(session, order) == [("C02", 1, 100_000)]
    assert capacity.held == 1
