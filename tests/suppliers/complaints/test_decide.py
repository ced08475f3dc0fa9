"""The office decides: a sum goes back with four eyes and off the settlement, or nothing does; nobody decides twice."""

import pytest

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.notices.queries import notices_log
from orders.deductions.again import PaidBack
from orders.models import IfShort
from orders.payments.queries import owed_by
from orders.payments.refunds import keep as steps
from orders.payments.refunds.batches.export import export
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from orders.payments.settle import ChangedMeanwhile
from shop.quantities import Unit
from suppliers.complaints import decide
from suppliers.complaints.decide import MoreThanLeft, NothingGoesBack
from suppliers.complaints.keep import told_at_door
from suppliers.complaints.models import Complaint, ComplaintState
from suppliers.complaints.queries import waiting_complaints
from suppliers.complaints.suggest import suggested
from suppliers.queries import parcels_of_order
from suppliers.settlement.draw import Hand, Period, draw
from suppliers.shortages import keep as shortages
from tests import books, make
from tests.complaints import accepted, brought, clerk, complained, refused, undone
from tests.desk import rows, send
from tests.rush import rush
from tests.short import FISH, ITEMS, missing, town

pytestmark = pytest.mark.usefixtures("stopped_clock", "right_books")

BUOI = Payee("970436", "0071000123456", "TRAN THI BUOI", "she said so")


@pytest.fixture
def place(session):
    return town(IfShort.REFUND, IfShort.EQUIVALENT)


@pytest.fixture
def order(place):
    brought(place.orders[0])
    return place.orders[0]


def refunds(session):
    return rows(session, "SELECT amount, state FROM refunds ORDER BY id")


def notices(session):
    found = [each for each in notices_log(session, most=50) if each.event.startswith("complaint")]
    return [(each.event, each.params.get("amount"), each.params.get("answer"), each.state.value) for each in found]


def test_accepted_it_need_not_be_paid_and_a_refund_is_proposed(session, order):
    complaint = accepted(complained(order, FISH), 25_000, answer="xin lỗi bà con")

    assert (complaint.state, complaint.amount, complaint.outside) == (ComplaintState.ACCEPTED, 25_000, 0)
    assert (complaint.decided_by, complaint.answer) == ("kinhte1", "xin lỗi bà con")
    assert (order.deducted, owed_by(session, order)) == (25_000, 0)
    assert refunds(session) == [(25_000, "proposed")]
    assert rows(session, "SELECT line_id, amount, because FROM deductions") == [
        (order.lines[0].id, 25_000, f"complaint {complaint.id}")
    ]
    assert books.count(session, "complaint_entries") == 2
    assert [each[:3] for each in notices(session)] == [("complaint_accepted", 25_000, "xin lỗi bà con")]


def test_refused_nothing_goes_back_and_the_resident_reads_why(session, order):
    complaint = refused(complained(order, FISH), "hàng vẫn tốt")

    assert (complaint.state, order.deducted, refunds(session)) == (ComplaintState.REFUSED, 0, [])
    assert [each[:3] for each in notices(session)] == [("complaint_refused", 0, "hàng vẫn tốt")]


@pytest.mark.parametrize(("amount", "fault"), [(0, NothingGoesBack), (-1, NothingGoesBack), (100_001, MoreThanLeft)])
def test_no_less_than_a_dong_and_no_more_than_is_left_goes_back(session, order, amount, fault):
    complaint = complained(order, FISH)
    with pytest.raises(fault):
        accepted(complaint, amount)
    session.rollback()

    assert accepted(complaint, 100_000).amount == 100_000
    with pytest.raises(MoreThanLeft):
        accepted(complained(order, "trứng gà"), 1)


def test_what_the_clerk_is_shown_is_what_the_goods_are_worth(session, order):
    fish, whole = complained(order, FISH), complained(order)
    assert (suggested(session, fish), suggested(session, whole)) == (25_000, 100_000)

    shortages.set_price(session, FISH, Unit.GRAM, 90_000, Doer("kinhte1", clock.now()))
    assert suggested(session, fish) == 45_000

    accepted(complained(order, "gạo"), 70_000)
    assert (suggested(session, fish), suggested(session, whole)) == (30_000, 30_000)


def test_what_a_shortage_has_given_back_is_not_suggested_again(session, place):
    missing(place, 1_000)  # both combos of who paid last
    late = place.orders[1]
    brought(late)

    assert suggested(session, complained(late, FISH)) in {0, 25_000}
    assert suggested(session, complained(late, "gạo")) == 25_000


def test_words_of_a_courier_about_no_line_come_from_one_line_after_the_other(session, order):
    (parcel,) = parcels_of_order(session, order.id)
    told_at_door(session, parcel, key="k", short=[{"code": "C99", "item": "x"}], at=clock.now(), by="giao1")
    (complaint,) = waiting_complaints(session, most=9)
    assert suggested(session, complaint) == 0

    accepted(complaint, 150_000)

    assert rows(session, "SELECT amount FROM deductions ORDER BY id") == [(100_000,), (50_000,)]
    assert refunds(session) == [(150_000, "proposed")]


def test_decided_it_stays_so(session, order):
    complaint = refused(complained(order, FISH))

    for again in (refused, lambda each: accepted(each, 1_000)):
        with pytest.raises(ChangedMeanwhile):
            again(complaint)


def test_who_looked_before_it_changed_is_told(session, order):
    complaint = complained(order, FISH)
    with pytest.raises(Overtaken):
        decide.refuse(session, complaint, answer="không", seen="7", doer=clerk())


@pytest.mark.parametrize("templates", ["postgresql", "sqlite"], indirect=True)
def test_of_many_clerks_at_once_one_decides(app, session, order):
    complaint_id = complained(order, FISH).id
    session.commit()
    at = clock.now()

    def act(number):
        with clock.frozen(at):
            complaint = db.session.get_one(Complaint, complaint_id)
            seen, doer = str(complaint.version), Doer(f"clerk-{number}", at)
            db.session.rollback()
            try:
                if number % 2:
                    decide.accept(db.session, complaint, 25_000, answer="", seen=seen, doer=doer)
                else:
                    decide.refuse(db.session, complaint, answer="không", seen=seen, doer=doer)
            except (ChangedMeanwhile, Overtaken):
                db.session.rollback()
                return "told"
            db.session.commit()
            return "decided"

    assert rush(app, 6, act) == {"decided": 1, "told": 5}
    session.rollback()
    assert len(notices(session)) == 1
    assert books.count(session, "deductions") in {0, 1}


def test_money_from_before_the_move_is_given_back_by_hand_once(session):
    firm = make.supplier("CA")
    order = make.paid_order(make.combo("C01", packed_by=firm, items=ITEMS))
    send(session, order.round)
    brought(order)
    complaint = accepted(complained(order, FISH), 20_000)
    assert (complaint.outside, refunds(session)) == (20_000, [])

    decide.given_back(session, complaint, clerk("tiền mặt, phiếu 12"))
    session.commit()

    assert (complaint.done_by, complaint.done_because) == ("kinhte1", "tiền mặt, phiếu 12")
    with pytest.raises(ChangedMeanwhile):
        decide.given_back(session, complaint, clerk("lần nữa"))
    with pytest.raises(PaidBack):
        undone(complaint)


def test_accepted_by_mistake_everything_is_as_before(session, order):
    before = books.balances(session)
    complaint = accepted(complained(order, FISH), 25_000, answer="đúng")

    undone(complaint, "nhầm đơn")

    assert books.balances(session) == before
    assert (order.deducted, owed_by(session, order)) == (0, 0)
    assert (complaint.undone_by, complaint.undone_because) == ("kinhte1", "nhầm đơn")
    assert refunds(session) == [(25_000, "withdrawn")]
    with pytest.raises(ChangedMeanwhile):
        undone(complaint)


def test_the_news_of_it_overtakes_what_still_waits(session, order):
    undone(accepted(complained(order, FISH), 25_000), "nhầm đơn")

    told = {each[0]: each[3] for each in notices(session)}

    assert told["complaint_accepted"] == "skipped"
    assert told["complaint_refused"] != "skipped"


def test_what_was_paid_from_before_the_move_is_the_orders_again(session):
    order = make.paid_order(make.combo("C01", packed_by=make.supplier("CA"), items=ITEMS))
    send(session, order.round)
    brought(order)
    undone(accepted(complained(order, FISH), 20_000))

    assert (order.deducted, owed_by(session, order)) == (0, 0)


def test_it_stays_once_the_refund_is_at_the_bank(session, order):
    complaint = accepted(complained(order, FISH), 25_000)
    (refund,) = session.query(Refund).all()
    steps.name(session, refund, BUOI, seen=str(refund.version), doer=Doer("kinhte1", clock.now(), ""))
    steps.approve(session, refund, seen=str(refund.version), doer=Doer("kinhte2", clock.now(), ""))
    export(session, make.bank_account(), attempt="abc", doer=Doer("kinhte2", clock.now(), ""))
    session.commit()

    with pytest.raises(PaidBack, match=refund.code):
        undone(complaint)
    session.rollback()
    assert order.deducted == 25_000


def test_the_suppliers_settlement_takes_it_off(session, place, order):
    firm, hand, today = place.supplier, Hand("kinhte1", "Mận", clock.now()), clock.today()
    first = draw(session, firm.id, Period(today, today), hand)
    assert (first.amount, first.deducted) == (200_000, 0)
    session.commit()

    accepted(complained(order, FISH), 25_000)

    assert rows(session, f"SELECT to_settle FROM parcels WHERE order_id = {order.id}") == [(True,)]
