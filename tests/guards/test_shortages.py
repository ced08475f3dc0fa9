"""What the database itself refuses of shortages, tried with plain SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from orders.models import IfShort
from suppliers.shortages.withdraw import withdraw
from tests import make
from tests.short import ITEMS, Town, left, missing, town

SHARE = """
    INSERT INTO shortage_shares (shortage_id, order_id, line_id, portions, quantity)
    VALUES (:shortage, :order, :line, :portions, 500)
"""


def refused(session, sql, **values):
    with pytest.raises(IntegrityError):
        session.execute(text(sql), values)
    session.rollback()
    return True


@pytest.mark.parametrize(
    "change",
    ["item = 'x'", "missing = missing + 1", "because = ''", "rule = 'proportion'", "\"by\" = 'x'", "instead = 'x'"],
)
def test_what_was_declared_is_never_changed(session, change):
    missing(town(IfShort.REFUND), 500)

    refused(session, f"UPDATE shortages SET {change}")
    refused(session, "DELETE FROM shortages")


def test_nor_anything_of_one_that_was_taken_back(session):
    shortage = missing(town(IfShort.REFUND), 500)
    withdraw(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")
    session.commit()

    refused(session, "UPDATE shortages SET withdrawn_at = NULL, withdrawn_by = NULL")
    refused(session, "UPDATE shortages SET withdrawn_because = 'x'")


@pytest.mark.parametrize("wrong", [{"portions": 0}, {"portions": 2}, {"line": 0}], ids=str)
def test_no_more_is_missing_of_a_line_than_was_ordered(session, wrong):
    place = town(IfShort.REFUND, quantity=1)
    shortage = missing(place, 500)
    other = make.paid_order(make.combo(packed_by=place.supplier))
    session.commit()
    line = other.lines[0]

    refused(session, SHARE, **{"shortage": shortage.id, "order": other.id, "line": line.id, "portions": 1, **wrong})


def test_what_is_to_be_given_back_by_hand_is_neither_changed_nor_deleted(session):
    firm = make.supplier("CA")
    order = make.paid_order(make.combo("C01", packed_by=firm, items=ITEMS))
    missing(Town(firm, [order], [], left(order.round)), 500)

    refused(session, "UPDATE returns_by_hand SET amount = amount + 1")
    refused(session, "DELETE FROM returns_by_hand")
    refused(session, "UPDATE returns_by_hand SET done_by = 'x'")


def test_a_choice_that_is_none_is_refused(session):
    make.order()
    session.commit()

    refused(session, "UPDATE orders SET if_short = 'gold'")
