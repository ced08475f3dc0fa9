"""Something is wrong with what came: said within 24 hours, once while it waits, taken back by who said it."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from orders.amiss.told import told_amiss
from orders.models import IfShort, Order
from orders.payments.settle import ChangedMeanwhile
from suppliers.complaints.keep import (
    WITHIN,
    NotBroughtYet,
    Said,
    ToldAlready,
    TooLate,
    complain,
    goods,
    taken_back_at_door,
    told_at_door,
    withdraw,
)
from suppliers.complaints.models import ComplaintKind, ComplaintState
from suppliers.complaints.queries import waiting_complaints
from suppliers.models import ParcelState
from tests import books, make
from tests.complaints import HOTLINE, accepted, brought, complained, refused
from tests.desk import rows
from tests.rush import rush
from tests.short import FISH, town

pytestmark = pytest.mark.usefixtures("stopped_clock", "right_books")

EGGS = "trứng gà"
SHORT = [{"code": "C01", "item": FISH}, {"code": "C01", "item": EGGS}]


@pytest.fixture
def order(session):
    (one,) = town(IfShort.REFUND).orders
    return one


@pytest.fixture
def parcel(order):
    return brought(order)


def told(session):
    return rows(session, "SELECT item, words, state FROM complaints ORDER BY id")


def test_what_is_said_is_kept(session, order, parcel):
    complaint = complained(order, FISH, words="ươn rồi", photo="complaints/x.webp")

    assert (complaint.parcel_id, complaint.supplier_id) == (parcel.id, parcel.supplier_id)
    assert (complaint.line_id, complaint.item, complaint.what) == (order.lines[0].id, FISH, FISH)
    assert (complaint.words, complaint.photo, complaint.waits) == ("ươn rồi", "complaints/x.webp", True)


@pytest.mark.parametrize(("after", "taken"), [(0, True), (86_400, True), (86_401, False)])
def test_it_can_be_said_for_24_hours_to_the_second(stopped_clock, order, parcel, after, taken):
    stopped_clock.forward(seconds=after)

    if taken:
        assert complained(order, FISH).waits
        return
    with pytest.raises(TooLate, match="1022"):
        complained(order, FISH)


def test_the_hours_run_from_the_last_delivery(stopped_clock, session, order, parcel):
    stopped_clock.forward(hours=20)
    brought(order, became=ParcelState.DISPATCHED)  # marked by mistake
    brought(order)
    stopped_clock.forward(hours=23)

    assert complained(order).waits


def test_nothing_is_wrong_with_what_has_not_come(session, order):
    with pytest.raises(NotBroughtYet):
        complained(order)


@pytest.mark.parametrize("what", ["another's line", "no line", "no item"])
def test_only_what_was_ordered_can_be_wrong(session, order, parcel, what):
    line = {"another's line": make.order().lines[0].id, "no line": 0, "no item": order.lines[0].id}[what]

    with pytest.raises(NotFound):
        goods(session, order, line, "vàng" if what == "no item" else "")


def test_the_same_thing_is_said_once_while_it_waits(session, order, parcel):
    first = complained(order, FISH)
    with pytest.raises(ToldAlready):
        complained(order, FISH)
    complained(order, EGGS)
    complained(order, FISH, line=1)
    complained(order)
    refused(first)

    assert complained(order, FISH).waits


def test_a_form_sent_twice_makes_one(session, order, parcel):
    assert complained(order, FISH, attempt="a").id == complained(order, FISH, attempt="a").id
    assert books.count(session, "complaints") == 1


def test_the_resident_takes_it_back_while_it_waits(session, order, parcel):
    complaint = complained(order, FISH)
    withdraw(session, complaint, by="resident", at=clock.now())
    session.commit()

    assert (complaint.state, complaint.decided_by) == (ComplaintState.WITHDRAWN, "resident")
    for late in (complaint, refused(complained(order, EGGS))):
        with pytest.raises(ChangedMeanwhile):
            withdraw(session, late, by="resident", at=clock.now())


def test_the_page_asks_item_by_item_then_says_until_when_it_did(stopped_clock, session, order, parcel):
    complained(order, FISH)

    asked = told_amiss(session, order)
    stopped_clock.forward(hours=24, seconds=1)
    late = told_amiss(session, order)

    assert asked
    assert late
    assert [line.waits for line in asked.came] == [False, False]
    assert [(item.name, item.waits) for item in asked.came[0].items][:2] == [(FISH, True), (EGGS, False)]
    assert ([each.what for each in asked.told], asked.ended_at) == ([FISH], None)
    assert (late.came, late.ended_at) == ([], clock.now() - timedelta(seconds=1))


def test_before_anything_came_the_page_asks_nothing(session, order):
    assert told_amiss(session, order) is None


def test_a_courier_tells_once_what_was_missing(session, order, parcel):
    for _twice in range(2):
        told_at_door(session, parcel, key="k1", short=SHORT, at=clock.now(), by="giao1")
        session.commit()

    assert told(session) == [(FISH, "", "waiting"), (EGGS, "", "waiting")]
    assert rows(session, "SELECT DISTINCT source, kind, door_key, told_by FROM complaints") == [
        ("courier", "missing", "k1", "giao1")
    ]


def test_what_a_courier_names_and_nobody_ordered_is_kept_as_words(session, order, parcel):
    odd = [
        {"code": "C99", "item": "dưa hấu"},
        {"code": "C01", "item": "dưa hấu"},
        "mắm",
        {},
        {"code": 7},
        {"item": None},
    ]

    told_at_door(session, parcel, key="k1", short=odd, at=clock.now(), by="giao1")  # type: ignore[arg-type]
    session.commit()

    assert [each[:2] for each in told(session)] == [
        ("dưa hấu", "C99 dưa hấu"),
        ("dưa hấu", "C01 dưa hấu"),
        ("mắm", "mắm"),
        ("", "7"),
    ]
    assert rows(session, "SELECT line_id IS NULL FROM complaints WHERE words LIKE 'C%' ORDER BY id") == [
        (True,),
        (False,),
    ]


def test_what_the_resident_has_said_already_a_courier_does_not_double(session, order, parcel):
    complained(order, FISH)

    told_at_door(session, parcel, key="k1", short=SHORT, at=clock.now(), by="giao1")

    assert told(session) == [(FISH, "", "waiting"), (EGGS, "", "waiting")]


def test_a_couriers_mistake_takes_back_what_still_waits(session, order, parcel):
    told_at_door(session, parcel, key="k1", short=SHORT, at=clock.now(), by="giao1")
    told_at_door(session, parcel, key="k2", short=[{"code": "C01", "item": "gạo"}], at=clock.now(), by="giao1")
    session.commit()
    (fish, _eggs) = (each for each in waiting_complaints(session, most=9) if each.door_key == "k1")
    accepted(fish, 1_000)

    for _twice in range(2):
        taken_back_at_door(session, key="k1", at=clock.now(), by="giao1")
    session.commit()

    assert [each[2] for each in told(session)] == ["accepted", "withdrawn", "waiting"]


@pytest.mark.parametrize("templates", ["postgresql", "sqlite"], indirect=True)
def test_of_many_who_send_the_same_form_at_once_one_makes_it(app, session, order, parcel):
    order_id, line_id, at = order.id, order.lines[0].id, clock.now()
    session.commit()

    def act(number):
        with clock.frozen(at + WITHIN):
            mine = db.session.get_one(Order, order_id)
            said = Said(ComplaintKind.MISSING, attempt=f"form-{number % 2}")
            try:
                made = complain(db.session, mine, goods(db.session, mine, line_id, ""), said, at=at, hotline=HOTLINE)
            except ToldAlready:
                db.session.rollback()
                return "told"
            db.session.commit()
            return f"made {made.id}"

    found = rush(app, 6, act)

    assert sum(found.values()) == 6
    assert sorted(found.values()) == [3, 3]
    session.rollback()
    assert books.count(session, "complaints") == 1
