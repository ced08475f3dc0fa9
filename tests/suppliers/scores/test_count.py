"""A batch in numbers: on time by the end of what was promised, short, complained of; counted anew while it is young."""

from datetime import timedelta

import pytest

from kernel import clock
from orders.models import IfShort
from people.models import Role
from shop.models import Slot
from shop.rounds import slot_ends
from suppliers.complaints.keep import told_at_door, withdraw
from suppliers.models import ParcelState
from suppliers.scores.count import count
from suppliers.scores.jobs import count_scores
from suppliers.scores.models import SupplierScore
from suppliers.scores.outlook import bars, last_days, shares
from suppliers.shortages.withdraw import withdraw as found_after_all
from tests import make
from tests.complaints import accepted, brought, complained, refused, undone
from tests.desk import send
from tests.pages import Page
from tests.short import FISH, missing, town

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def place(session):
    return town(*[IfShort.REFUND] * 4)


def scored(session, place):
    count(session, [place.batch.id], at=clock.now())
    session.commit()
    session.expire_all()
    return session.get_one(SupplierScore, place.batch.id)


def last_moment(order, slot=Slot.ALL_DAY):
    return slot_ends(order.promised_on, slot)


def test_by_the_last_moment_of_what_was_promised_it_is_on_time(session, place):
    first, second, third, _fourth = place.orders
    brought(first, at=last_moment(first))
    brought(second, at=last_moment(second) + timedelta(seconds=1))
    brought(third, became=ParcelState.FAILED)

    score = scored(session, place)

    assert (score.stops, score.delivered, score.on_time, score.failed) == (4, 2, 1, 1)
    assert (score.supplier_id, score.delivery_on) == (place.supplier.id, place.batch.round.delivery_on)


@pytest.mark.parametrize(("slot", "hour"), [(Slot.MORNING, 12), (Slot.AFTERNOON, 18), (Slot.EVENING, 21)])
def test_each_part_of_the_day_has_its_end(session, slot, hour):
    delivery, combo = make.round(slot=slot), make.combo()
    first, second = make.paid_order(combo, delivery=delivery), make.paid_order(combo, delivery=delivery)
    (manifest,) = send(session, delivery)
    brought(first, at=clock.at(first.promised_on, hour))
    brought(second, at=clock.at(second.promised_on, hour) + timedelta(seconds=1))

    count(session, [manifest.batch_id], at=clock.now())

    assert session.get_one(SupplierScore, manifest.batch_id).on_time == 1


def test_what_was_marked_by_mistake_counts_by_its_last_delivery(session, place):
    order = place.orders[0]
    brought(order, at=clock.now())
    brought(order, became=ParcelState.DISPATCHED)
    brought(order, at=last_moment(order) + timedelta(hours=1))

    assert (scored(session, place).delivered, scored(session, place).on_time) == (1, 0)


def test_a_stop_is_short_once_by_a_shortage_or_by_a_courier(session, place):
    shortage = missing(place, 500)
    assert scored(session, place).short == 1

    parcel = brought(place.orders[0])
    told_at_door(
        session,
        parcel,
        key="k",
        short=[{"code": "C01", "item": FISH}, {"code": "C01", "item": "gạo"}],
        at=clock.now(),
        by="giao1",
    )
    assert scored(session, place).short == 2

    found_after_all(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")
    assert scored(session, place).short == 1
    assert (scored(session, place).complaints, scored(session, place).upheld) == (0, 0)


def test_complaints_are_stops_and_those_upheld_among_them(session, place):
    first, second, third, _fourth = place.orders
    for order in (first, second, third):
        brought(order)
    upheld = accepted(complained(first, FISH), 1_000)
    accepted(complained(first, "gạo"), 1_000)
    refused(complained(second, FISH))
    withdraw(session, complained(third, FISH), by="resident", at=clock.now())
    assert (scored(session, place).complaints, scored(session, place).upheld) == (2, 1)

    undone(upheld)
    assert scored(session, place).upheld == 1


def test_the_chore_counts_young_batches_every_ten_minutes(session, place, stopped_clock):
    def counted():
        count_scores(session)
        session.commit()
        session.expire_all()
        found = session.get(SupplierScore, place.batch.id)
        return found and found.counted_at

    first = counted()
    assert first == clock.now()
    stopped_clock.forward(minutes=9, seconds=59)
    assert counted() == first
    stopped_clock.forward(seconds=1)
    assert counted() == clock.now()
    stopped_clock.set(clock.at(place.batch.round.delivery_on + timedelta(days=4), 9))
    last = counted()
    assert last == clock.now()
    stopped_clock.set(clock.at(place.batch.round.delivery_on + timedelta(days=5), 9))
    assert counted() == last


def test_an_old_batch_is_counted_when_its_complaint_is_decided(session, place, stopped_clock):
    order = place.orders[0]
    brought(order)
    complaint = complained(order, FISH)
    stopped_clock.forward(days=30)

    refused(complaint)

    assert session.get_one(SupplierScore, place.batch.id).complaints == 1


def test_shares_and_bars_of_nothing_are_nothing(session, place):
    score = scored(session, place)

    assert shares(score).on_time is None
    assert [bar.height for bar in bars([score])] == [0]
    assert last_days(session, place.supplier.id)[0].stops == 4


def test_the_office_sees_all_and_a_supplier_its_own(client, session, place):
    brought(place.orders[0], at=last_moment(place.orders[0]))
    scored(session, place)
    make.signed_in(client)

    for page in ("/desk/scores", f"/desk/scores/{place.supplier.id}"):
        assert "100" in Page(client.get(page)).text()
    assert client.get("/desk/scores/999999").status_code == 404
    own, other = client.application.test_client(), client.application.test_client()
    make.signed_in(own, make.staff(Role.SUPPLIER, of=place.supplier))
    assert place.supplier.name in own.get("/suppliers/score").text
    make.signed_in(other, make.staff(Role.SUPPLIER, of=make.supplier("KHAC")))
    assert place.supplier.name not in other.get("/suppliers/score").text
