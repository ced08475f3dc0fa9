"""A shortage taken back leaves everything as it was before, by rows that reverse those before them."""

import pytest

from kernel import clock
from kernel.changes import Doer
from orders.deductions.again import PaidBack
from orders.models import IfShort
from orders.payments.ledger import Gift, give
from orders.payments.queries import owed_by
from orders.payments.refunds import keep as refunds
from orders.payments.refunds.batches.export import export
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from orders.payments.settle import ChangedMeanwhile
from shop.quantities import Unit
from suppliers.models import ParcelState
from suppliers.queries import parcels_of_batch, versions_of
from suppliers.shortages import calls, keep
from suppliers.shortages.withdraw import withdraw
from tests import books, make
from tests.desk import CLERK, rows
from tests.short import FISH, ITEMS, Town, left, missing, town

pytestmark = pytest.mark.usefixtures("right_books")

BUOI = Payee("970436", "0071000123456", "TRAN THI BUOI", "she said so")


def taken_back(session, shortage, by="kinhte1"):
    withdraw(session, shortage, by=by, at=clock.now(), because="ghe đã về")
    session.commit()


def refund_of(session):
    (refund,) = session.query(Refund).all()
    return refund


def test_the_orders_have_their_money_again_and_the_manifest_its_goods(session):
    place = town(IfShort.REFUND, IfShort.EQUIVALENT, IfShort.CALL)
    before, goods = books.balances(session), place.manifest.snapshot["items"]
    shortage = missing(place, 3_000, instead="tép 300 g")

    taken_back(session, shortage)

    assert books.balances(session) == before
    assert [(order.deducted, owed_by(session, order)) for order in place.orders] == [(0, 0)] * 3
    assert rows(session, "SELECT state FROM refunds") == [("refused",)]
    assert versions_of(session, place.batch.id)[0].snapshot["items"] == goods
    assert rows(session, "SELECT DISTINCT became FROM shortage_steps WHERE at = (SELECT MAX(at) FROM shortage_steps)")
    assert shortage.calls_waiting == 0


def test_what_was_taken_back_can_be_declared_anew(session):
    place = town(IfShort.REFUND)
    taken_back(session, missing(place, 1_000))

    missing(place, 1_000)

    assert (place.orders[0].deducted, owed_by(session, place.orders[0])) == (50_000, 0)


def test_a_parcel_with_nothing_in_it_is_on_its_way_again(session):
    place = town(IfShort.REFUND, quantity=1)
    shortages = [missing(place, quantity, item=item, unit=unit) for item, quantity, unit in _all_of_it()]
    (parcel,) = parcels_of_batch(session, place.batch.id).values()
    assert parcel.state is ParcelState.FAILED

    for shortage in shortages:
        taken_back(session, shortage)

    session.refresh(parcel)
    assert (parcel.state, place.orders[0].deducted, owed_by(session, place.orders[0])) == (ParcelState.DISPATCHED, 0, 0)


def _all_of_it():
    yield from ((FISH, 500, Unit.GRAM), ("trứng gà", 10, Unit.PIECE))
    yield from (("rau muống", 300, Unit.GRAM), ("gạo", 2_000, Unit.GRAM))


def test_it_is_taken_back_once(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 500)
    taken_back(session, shortage)

    with pytest.raises(ChangedMeanwhile):
        taken_back(session, shortage)
    session.rollback()
    with pytest.raises(ChangedMeanwhile):
        calls.give_up_calling(session, shortage, by="ca", at=clock.now())


def test_an_approved_refund_is_given_up_with_it(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 500)
    refund = refund_of(session)
    refunds.name(session, refund, BUOI, seen=str(refund.version), doer=Doer("kinhte1", clock.now(), ""))
    refunds.approve(session, refund, seen=str(refund.version), doer=Doer("kinhte2", clock.now(), ""))

    taken_back(session, shortage)

    assert (refund.stopped_by, owed_by(session, place.orders[0])) == ("kinhte1", 0)


def test_not_once_it_is_at_the_bank(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 500)
    refund = refund_of(session)
    refunds.name(session, refund, BUOI, seen=str(refund.version), doer=Doer("kinhte1", clock.now(), ""))
    refunds.approve(session, refund, seen=str(refund.version), doer=Doer("kinhte2", clock.now(), ""))
    export(session, make.bank_account(), attempt="abc", doer=Doer("kinhte2", clock.now(), ""))
    session.commit()

    with pytest.raises(PaidBack, match=refund.code):
        taken_back(session, shortage)
    session.rollback()
    assert place.orders[0].deducted == 25_000


def test_money_that_went_elsewhere_meanwhile_leaves_a_debt(session):
    place = town(IfShort.REFUND)
    shortage = missing(place, 1_000)
    refund = refund_of(session)
    refunds.drop(session, refund, Doer("kinhte1", clock.now(), "no"))
    give(session, [Gift(place.transfers[0].id, {make.order(total=200_000).id: 20_000})], CLERK)

    taken_back(session, shortage)

    assert owed_by(session, place.orders[0]) == 20_000


def test_money_from_before_the_move_is_the_orders_again_until_it_was_given_back(session):
    supplier = make.supplier("CA")
    order = make.paid_order(make.combo("C01", packed_by=supplier, items=ITEMS))
    place = Town(supplier, [order], [], left(order.round))
    taken_back(session, missing(place, 500))
    assert owed_by(session, order) == 0
    second = missing(place, 500)
    (waits,) = [key for (key,) in rows(session, "SELECT id FROM returns_by_hand WHERE withdrawn_at IS NULL")]

    keep.given_back(session, waits, Doer("kinhte1", clock.now(), "in cash"))
    session.commit()

    with pytest.raises(PaidBack):
        taken_back(session, second)
    session.rollback()
