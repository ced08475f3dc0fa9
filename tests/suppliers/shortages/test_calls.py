"""Who wanted to be called: an equivalent agreed to, the money back, and nobody forgotten."""

import pytest

from kernel import clock
from kernel.database import db
from kernel.jobs import sweep
from orders.models import IfShort
from orders.payments.settle import ChangedMeanwhile
from suppliers.models import ParcelState
from suppliers.parcels import mark
from suppliers.queries import parcels_of_batch, versions_of
from suppliers.shortages import calls
from suppliers.shortages.jobs import give_up_late_calls
from suppliers.shortages.models import Outcome
from suppliers.shortages.queries import stands_of
from tests.desk import rows
from tests.short import missing, town

pytestmark = pytest.mark.usefixtures("right_books")

CALL = IfShort.CALL


def stands(place, shortage):
    found = stands_of(db.session, [shortage.id])
    return [found[shortage.id, order.id].became for order in place.orders]


def test_an_equivalent_agreed_to_stands_on_the_manifest_with_name_and_time(session, stopped_clock):
    place = town(CALL, CALL)
    shortage = missing(place, 2_000)

    calls.agree(session, shortage, place.orders[0].id, instead="tép 300 g", by="ca", at=clock.now())
    session.commit()

    last = stands_of(session, [shortage.id])[shortage.id, place.orders[0].id]
    assert (last.became, last.instead, last.by, last.at) == (Outcome.EQUIVALENT, "tép 300 g", "ca", clock.now())
    newest = versions_of(session, place.batch.id)[0]
    (stop,) = [stop for stop in newest.snapshot["stops"] if stop["code"] == place.orders[0].code]
    assert (newest.version, stop["lines"][0]["instead"]) == (3, ["tép 300 g"])
    assert (shortage.calls_waiting, rows(session, "SELECT COUNT(*) FROM refunds")) == (1, [(0,)])


def test_the_money_back_is_proposed_and_the_manifest_stays(session):
    place = town(CALL)
    shortage = missing(place, 1_000)

    calls.refund(session, shortage, place.orders[0].id, by="ca", at=clock.now())
    session.commit()

    assert rows(session, "SELECT amount, named_by FROM refunds") == [(50_000, None)]
    assert (shortage.calls_waiting, place.orders[0].due, len(versions_of(session, place.batch.id))) == (0, 150_000, 2)


@pytest.mark.parametrize("again", ["agree", "refund"])
def test_an_answer_is_taken_once(session, again):
    place = town(CALL)
    shortage, order = missing(place, 500), place.orders[0]
    calls.refund(session, shortage, order.id, by="ca", at=clock.now())
    session.commit()

    words = {"instead": "tép"} if again == "agree" else {}
    with pytest.raises(ChangedMeanwhile):
        getattr(calls, again)(session, shortage, order.id, by="ca", at=clock.now(), **words)
    session.rollback()


def test_nothing_agreed_is_no_answer(session):
    place = town(CALL)
    shortage = missing(place, 500)

    with pytest.raises(calls.NothingAgreed):
        calls.agree(session, shortage, place.orders[0].id, instead="", by="ca", at=clock.now())


def test_who_was_not_reached_when_the_courier_leaves_gets_the_money_back(session):
    place = town(CALL, CALL)
    shortage = missing(place, 2_000)
    calls.agree(session, shortage, place.orders[0].id, instead="tép 300 g", by="ca", at=clock.now())

    many = calls.give_up_calling(session, shortage, by="ca", at=clock.now())
    session.commit()

    assert (many, stands(place, shortage)) == (1, [Outcome.EQUIVALENT, Outcome.REFUND])
    assert rows(session, "SELECT order_id, amount FROM refunds") == [(place.orders[1].id, 50_000)]
    assert calls.give_up_calling(session, shortage, by="ca", at=clock.now()) == 0


def test_nor_when_the_parcel_is_at_the_door(session):
    place = town(CALL, CALL)
    shortage = missing(place, 2_000)
    parcel = next(
        each for each in parcels_of_batch(session, place.batch.id).values() if each.order_id == place.orders[0].id
    )

    mark(session, parcel, ParcelState.DELIVERED, by="ca", at=clock.now(), because="")
    session.commit()
    sweep()

    session.expire_all()
    assert stands(place, shortage) == [Outcome.REFUND, Outcome.CALL]
    assert rows(session, "SELECT order_id, amount FROM refunds") == [(place.orders[0].id, 50_000)]


def test_nor_when_the_day_of_delivery_is_over(session, stopped_clock):
    place = town(CALL)
    shortage = missing(place, 500)
    stopped_clock.forward(days=2)
    give_up_late_calls(session)
    assert stands(place, shortage) == [Outcome.CALL]

    stopped_clock.forward(days=4)
    give_up_late_calls(session)
    session.commit()

    assert (stands(place, shortage), shortage.calls_waiting) == ([Outcome.REFUND], 0)
