"""What the database itself refuses of complaints, tried with plain SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from orders.models import IfShort
from suppliers.complaints import decide
from tests import make
from tests.complaints import accepted, brought, clerk, complained, refused, undone
from tests.desk import rows, send
from tests.short import FISH, ITEMS, town

TELL = """
    INSERT INTO complaints (order_id, parcel_id, supplier_id, line_id, item, kind, source, door_key, attempt, told_by,
        at, state, amount, decided_by, decided_at)
    VALUES (:order, :parcel, :supplier, :line, :item, 'missing', :source, :key, :attempt, 'sql',
        CURRENT_TIMESTAMP, :state, :amount, :by, {decided})
"""


def refuse(session, sql, **values):
    with pytest.raises(IntegrityError):
        session.execute(text(sql), values)
    session.rollback()
    return True


@pytest.fixture
def order(session):
    (one,) = town(IfShort.REFUND).orders
    brought(one)
    return one


@pytest.fixture
def waiting(order):
    return complained(order, FISH, words="ươn", photo="complaints/x.webp", attempt="a")


@pytest.mark.parametrize(
    "change",
    [
        "item = 'x'",
        "kind = 'other'",
        "line_id = NULL",
        "source = 'courier', door_key = 'x'",
        "attempt = 'b'",
        "told_by = 'x'",
        "at = '2021-01-01'",
        "words = 'x'",
        "photo = 'x'",
    ],
)
def test_what_was_told_is_never_changed(session, waiting, change):
    refuse(session, f"UPDATE complaints SET {change}")
    refuse(session, "DELETE FROM complaints")


def test_it_may_be_forgotten(session, waiting):
    session.execute(text("UPDATE complaints SET words = '', photo = ''"))

    assert rows(session, "SELECT words, photo FROM complaints") == [("", "")]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'waiting', decided_by = NULL, decided_at = NULL, amount = 0",
        "state = 'refused', amount = 0",
        "amount = amount + 1",
        "decided_by = 'x'",
        "outside = 1",
        "answer = 'x'",
    ],
)
@pytest.mark.parametrize("became", ["accepted", "refused"])
def test_decided_it_stays_so(session, waiting, became, change):
    accepted(waiting, 5_000, answer="đúng") if became == "accepted" else refused(waiting)
    if (became, change) == ("refused", "state = 'refused', amount = 0"):
        change = "state = 'withdrawn'"

    refuse(session, f"UPDATE complaints SET {change}")


@pytest.mark.parametrize(
    "change",
    [
        "state = 'accepted', decided_by = 'x', decided_at = CURRENT_TIMESTAMP",
        "state = 'refused', decided_by = 'x', decided_at = CURRENT_TIMESTAMP, amount = 5",
        "state = 'refused'",
        "state = 'refused', decided_at = CURRENT_TIMESTAMP",
        "amount = 5",
        "outside = 5",
        "undone_by = 'x', undone_at = CURRENT_TIMESTAMP",
        "done_by = 'x', done_at = CURRENT_TIMESTAMP",
        "reply = 'x', replied_at = CURRENT_TIMESTAMP",
    ],
)
def test_nothing_is_decided_by_halves(session, waiting, change):
    refuse(session, f"UPDATE complaints SET {change}")


def test_taken_back_or_given_back_it_is_over(session, waiting):
    undone(accepted(waiting, 5_000))

    for change in ("undone_by = NULL, undone_at = NULL", "undone_because = 'x'", "done_because = 'x'"):
        refuse(session, f"UPDATE complaints SET {change}")


def test_what_was_given_back_by_hand_is_never_changed(session):
    order = make.paid_order(make.combo("C01", packed_by=make.supplier("CA"), items=ITEMS))
    send(session, order.round)
    brought(order)
    complaint = accepted(complained(order, FISH), 5_000)
    decide.given_back(session, complaint, clerk("tiền mặt"))
    session.commit()

    refuse(session, "UPDATE complaints SET done_by = NULL, done_at = NULL")
    refuse(session, "UPDATE complaints SET done_because = 'x'")


def test_a_supplier_answers_once_and_before_it_is_decided(session, order, waiting):
    decide.reply(session, waiting, "đã đóng gói kỹ", by="ca", at=clock.now())
    refused(complained(order))

    refuse(session, "UPDATE complaints SET reply = 'x' WHERE replied_at IS NOT NULL")
    late = (
        "UPDATE complaints SET reply = 'x', replied_by = 'ca', replied_at = CURRENT_TIMESTAMP WHERE state = 'refused'"
    )
    refuse(session, late)


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": 0},
        {"supplier": 0},
        {"order": 0},
        {"state": "refused", "by": "x"},
        {"state": "accepted", "by": "x", "amount": 5},
        {"source": "courier"},
        {"key": "k"},
        {"item": FISH},
        {"attempt": "a"},
    ],
    ids=str,
)
def test_it_is_about_what_came_begins_by_waiting_and_is_told_once(session, order, waiting, wrong):
    line = order.lines[0]
    about = {"order": order.id, "parcel": waiting.parcel_id, "supplier": line.supplier_id, "line": line.id}
    usual = {
        "item": "gạo",
        "source": "resident",
        "key": None,
        "attempt": None,
        "state": "waiting",
        "by": None,
        "amount": 0,
    }

    sql = TELL.format(decided="CURRENT_TIMESTAMP" if "state" in wrong else "NULL")
    refuse(session, sql, **{**about, **usual, **wrong})


def test_what_that_tries_wrongly_is_taken_where_nothing_is_wrong(session, order, waiting):
    line = order.lines[0]
    about = {"order": order.id, "parcel": waiting.parcel_id, "supplier": line.supplier_id, "line": line.id}
    usual = {
        "item": "gạo",
        "source": "resident",
        "key": None,
        "attempt": None,
        "state": "waiting",
        "by": None,
        "amount": 0,
    }

    session.execute(text(TELL.format(decided="NULL")), {**about, **usual})

    assert rows(session, "SELECT COUNT(*) FROM complaints") == [(2,)]


@pytest.mark.parametrize("verb", ["UPDATE complaint_entries SET order_id = 0", "DELETE FROM complaint_entries"])
def test_which_deductions_are_its_own_only_grows(session, waiting, verb):
    accepted(waiting, 5_000)

    refuse(session, verb)


@pytest.mark.parametrize(
    "wrong", ["on_time = delivered + 1", "delivered = stops + 1", "upheld = complaints + 1", "on_time = -1"]
)
def test_a_score_adds_up(session, waiting, wrong):
    accepted(waiting, 5_000)

    refuse(session, f"UPDATE supplier_scores SET {wrong}")
