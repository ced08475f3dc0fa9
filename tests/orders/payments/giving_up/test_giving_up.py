"""A paid order given up before its round closes: the refund is proposed at once, the places are free, all is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from kernel.jobs import sweep
from kernel.notices.models import Notice
from orders.lifecycle import confirm
from orders.models import Order, OrderState
from orders.payments import ledger
from orders.payments.giving_up.act import give_up, may_give_up
from orders.payments.ledger import Hand
from orders.payments.models import Place
from orders.payments.refunds import keep
from orders.payments.refunds.models import Refund
from orders.payments.refunds.queries import lock_refunds
from orders.waiting import line
from orders.waiting.models import WaitingEntry, WaitingStatus
from shop.models import Capacity, Round
from suppliers.dispatch import NothingPaid, dispatch
from tests import books, make
from tests.desk import PATIENCE, pay, send
from tests.pages import page
from tests.refunds import two
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def delivery(session, stopped_clock):
    return make.round(closes_at=clock.now() + timedelta(hours=30))


@pytest.fixture
def order(session, delivery):
    """Paid by one transfer that brought exactly its total."""
    made = make.order(delivery=delivery, total=200_000)
    pay(session, make.transfer(200_000), made)
    return made


def cancel(client, order, **fields):
    address = f"/o/{order.token}/cancel"
    return make.submit(client, address, page="/track", follow=True, **fields)


def give_back(session, order, seen):
    return give_up(session, order, at=clock.now(), paid_seen=seen, hotline="1022")


def test_the_page_asks_first_and_says_what_comes_back(client, order):
    assert f"/o/{order.token}/cancel" in list(page(client.get(f"/o/{order.token}")).addresses())

    asked = page(client.get(f"/o/{order.token}/cancel"))

    assert "You get 200.000 ₫ back" in asked.text()
    assert order.state is OrderState.CONFIRMED


def test_a_paid_order_is_cancelled_and_its_refund_is_proposed_at_once(session, client, order, stopped_clock):
    answer = cancel(client, order, paid=200_000)

    session.expire_all()
    refund = session.scalars(select(Refund)).one()
    assert "Refund of 200.000 ₫ under way" in page(answer).text()
    assert order.state is OrderState.CANCELLED
    assert (refund.order_id, refund.amount, refund.taken_from) == (order.id, 200_000, Place.UNPLACED)
    assert (refund.proposed_by, refund.named_by) == ("resident", None)
    assert [lies["refund_due"] for lies in books.balances(session).values()] == [200_000]
    assert [hold.released_at for hold in order.holds] == [clock.now()]


def test_its_resident_is_told_how_much_comes_back(session, client, order):
    cancel(client, order, paid=200_000)

    last = session.scalars(select(Notice).where(Notice.subject == order.code).order_by(Notice.id.desc())).first()
    assert (last.event, last.params["amount"]) == ("cancelled", 200_000)


def test_who_waits_for_a_place_is_offered_it(session, client, delivery, stopped_clock):
    combo = make.combo(price=100_000)
    order = make.order(combo, delivery=delivery)
    pay(session, make.transfer(100_000), order)
    waits = make.waiting(combo, delivery)
    session.commit()
    sweep()
    assert session.get_one(WaitingEntry, waits.id).status is WaitingStatus.WAITING
    capacity = session.scalars(select(Capacity)).one()
    capacity.places, capacity.beyond = 1, 0

    cancel(client, order, paid=100_000)
    sweep()

    session.expire_all()
    assert session.get_one(WaitingEntry, waits.id).status is WaitingStatus.OFFERED
    line.leave(session, waits.id)
    session.commit()


def test_of_an_order_paid_in_part_that_part_goes_back(session, client, delivery):
    order, transfer = make.order(delivery=delivery, total=200_000), make.transfer(120_000)
    pay(session, transfer, order)

    cancel(client, order, paid=120_000)

    session.expire_all()
    assert (order.state, transfer.refund_due) == (OrderState.CANCELLED, 120_000)


def test_of_an_order_paid_by_two_each_payment_goes_back_and_what_was_credit_is_taken_from_there(session, delivery):
    first, second, order = make.transfer(120_000), make.transfer(300_000), make.order(delivery=delivery, total=200_000)
    other = make.order(delivery=delivery, total=100_000)
    pay(session, second, other)
    pay(session, first, order)
    ledger.give(session, [ledger.Gift(second.id, {order.id: 80_000}, place=Place.CREDIT)], _hand())
    _confirm(session, order)
    session.commit()

    give_back(session, order, 200_000)
    session.commit()

    session.expire_all()
    assert (first.refund_due, second.refund_due, second.credit, second.allocated) == (120_000, 80_000, 120_000, 100_000)
    taken = session.execute(select(Refund.amount, Refund.taken_from).order_by(Refund.amount))
    assert [tuple(row) for row in taken] == [(80_000, Place.CREDIT), (120_000, Place.UNPLACED)]
    assert other.state is OrderState.CONFIRMED


def _hand():
    return Hand("resident", clock.now(), "paid from credit")


def _confirm(session, order):
    confirm(session, [order.id], by="resident", at=clock.now(), because="paid from credit")


def test_money_that_came_since_the_page_was_opened_stops_it(session, client, delivery):
    order = make.order(delivery=delivery, total=200_000)
    pay(session, make.transfer(120_000), order)

    answer = cancel(client, order, paid=0)

    session.expire_all()
    assert (answer.status_code, order.state) == (409, OrderState.OPEN)


@pytest.mark.parametrize("sent", ["-5", "x", "9" * 40, "²"])
def test_a_sum_that_nobody_was_shown_stops_it(session, client, order, sent):
    assert cancel(client, order, paid=sent).status_code == 409


def test_after_the_round_has_closed_the_hotline_is_named(session, client, order, delivery, stopped_clock):
    stopped_clock.set(delivery.closes_at)

    assert "Cancel this order" not in client.get(f"/o/{order.token}").text
    assert "1022" in page(client.get(f"/o/{order.token}/cancel")).text()
    answer = cancel(client, order, paid=200_000)

    session.expire_all()
    assert (answer.status_code, order.state) == (409, OrderState.CONFIRMED)
    assert "1022" in page(answer).text()


def test_nor_once_its_round_has_left_early(session, client, delivery, order):
    other = make.order(delivery=delivery, total=50_000)
    send(session, delivery)
    pay(session, make.transfer(50_000), other)

    assert cancel(client, order, paid=200_000).status_code == 409
    assert cancel(client, other, paid=50_000).status_code == 409
    session.expire_all()
    assert (order.state, other.state) == (OrderState.CONFIRMED, OrderState.CONFIRMED)


def test_an_order_paid_before_it_came_here_is_given_up_by_phone(session, client, delivery):
    order = make.paid_order(delivery=delivery)

    assert not may_give_up(session, order, at=clock.now())
    answer = cancel(client, order, paid=order.total)

    assert (answer.status_code, "1022" in page(answer).text()) == (409, True)


def test_a_button_pressed_by_two_cancels_once(app, session, order):
    at, number = clock.now(), order.id
    session.commit()

    def act(_person: int) -> str:
        try:
            give_up(db.session, db.session.get_one(Order, number), at=at, paid_seen=200_000, hotline="1022")
            db.session.commit()
        except MarketError:
            return "refused"
        return "cancelled"

    assert rush(app, 3, act) == {"cancelled": 1, "refused": 2}
    assert books.count(session, "refunds") == 1


def test_an_order_is_either_cancelled_or_sent(app, session, delivery):
    """Whoever comes first: never both."""
    orders = [make.order(delivery=delivery, total=100_000) for _number in range(4)]
    for order in orders:
        pay(session, make.transfer(100_000), order)
    at, ids, round_id = clock.now(), [order.id for order in orders], delivery.id
    session.commit()

    def act(number: int) -> str:
        try:
            if number == len(ids):
                mine = db.session.get_one(Round, round_id)
                dispatch(db.session, mine, at=at, by="kinhte1", patience=PATIENCE, override="now")
            else:
                give_up(db.session, db.session.get_one(Order, ids[number]), at=at, paid_seen=100_000, hotline="1022")
            db.session.commit()
        except (MarketError, NothingPaid):
            db.session.rollback()
            return "refused"
        return "sent" if number == len(ids) else "cancelled"

    answers = rush(app, len(ids) + 1, act)

    session.expire_all()
    assert books.count(session, "parcels") + answers["cancelled"] == len(ids)
    for order in orders:
        assert (order.state is OrderState.CANCELLED) == (order.dispatched_at is None)


def test_a_refused_refund_leaves_the_money_for_the_desk(session, order):
    give_back(session, order, 200_000)
    session.commit()
    (refund,) = lock_refunds(session, [session.scalars(select(Refund.id)).one()]).values()

    keep.refuse(session, refund, two())
    session.commit()

    session.expire_all()
    assert (refund.transfer.unplaced, refund.transfer.by_hand) == (200_000, True)
