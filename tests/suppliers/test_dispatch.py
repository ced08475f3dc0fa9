"""When a round leaves, and what leaves with it."""

from collections import Counter
from datetime import timedelta

import pytest

from kernel import clock
from kernel.database import db
from kernel.jobs import sweep
from orders.desk.combos import give_combos
from orders.models import OrderState
from orders.payments.queries import owed_by
from shop.models import Round
from shop.quantities import Unit
from suppliers.dispatch import NothingPaid, NotYet, dispatch, readiness
from tests import books, make
from tests.desk import PATIENCE, pay, rows, send, take_back
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")

CLOSES = timedelta(hours=8)
DISPATCH = timedelta(hours=10)


@pytest.fixture
def delivery(session, stopped_clock):
    """A round that closes in eight hours and leaves in ten."""
    return make.round(closes_at=clock.now() + CLOSES, dispatch_at=clock.now() + DISPATCH)


@pytest.fixture
def paid(delivery):
    return make.paid_order(delivery=delivery)


def try_to_send(session, delivery, **how):
    return dispatch(session, delivery, at=clock.now(), by="kinhte1", patience=PATIENCE, **how)


def covered(account, moment):
    account.covered_until = moment
    return account


def test_not_before_its_time(session, delivery, paid, stopped_clock):
    covered(make.bank_account(), delivery.closes_at)
    stopped_clock.forward(hours=9, minutes=59)

    with pytest.raises(NotYet):
        try_to_send(session, delivery)


def test_at_its_time_where_every_feed_covers_the_last_payment(session, delivery, paid, stopped_clock):
    covered(make.bank_account(), delivery.closes_at)
    covered(make.bank_account("AGR"), delivery.closes_at + timedelta(hours=1))
    stopped_clock.forward(hours=10)

    assert len(try_to_send(session, delivery)) == 1


@pytest.mark.parametrize("reaches", [None, timedelta(seconds=-1)])
def test_not_where_one_feed_falls_short(session, delivery, paid, stopped_clock, reaches):
    covered(make.bank_account(), delivery.closes_at)
    covered(make.bank_account("AGR"), None if reaches is None else delivery.closes_at + reaches)
    stopped_clock.forward(hours=10)

    with pytest.raises(NotYet):
        try_to_send(session, delivery)


def test_a_silent_feed_holds_nobodys_food_back_for_ever(session, delivery, paid, stopped_clock):
    covered(make.bank_account(), None)
    stopped_clock.set(delivery.closes_at + PATIENCE - timedelta(seconds=1))
    with pytest.raises(NotYet):
        try_to_send(session, delivery)

    stopped_clock.set(delivery.closes_at + PATIENCE)

    assert len(try_to_send(session, delivery)) == 1


def test_the_office_may_send_it_before_and_its_reason_is_kept(session, delivery, paid):
    manifests = try_to_send(session, delivery, override="the road closes tonight")

    assert manifests[0].batch.because == "the road closes tonight"
    assert rows(session, "SELECT because FROM parcel_events") == [("the road closes tonight",)]


def test_readiness_says_what_is_missing(session, delivery, stopped_clock):
    covered(make.bank_account(), delivery.closes_at - timedelta(hours=1))
    session.flush()
    state = readiness(session, delivery, at=clock.now(), patience=PATIENCE)

    assert (state.due, state.covered, state.waited_long_enough, state.ready) == (False, False, False, False)
    assert state.covered_until == delivery.closes_at - timedelta(hours=1)


def test_a_job_sends_what_is_due_and_covered(session, delivery, paid, stopped_clock):
    covered(make.bank_account(), delivery.closes_at)
    session.commit()
    sweep()
    assert books.count(session, "parcels") == 0

    stopped_clock.forward(hours=10)
    sweep()
    sweep()

    assert books.count(session, "parcels") == 1
    assert rows(session, "SELECT dispatched_by FROM batches") == [("system",)]
    assert delivery.dispatched_at == clock.now()


def test_the_job_waits_for_the_feeds(session, delivery, paid, stopped_clock):
    make.bank_account()
    session.commit()
    stopped_clock.forward(hours=10)

    sweep()

    assert books.count(session, "parcels") == 0


def test_a_round_without_paid_orders_is_closed_by_the_job(session, delivery, stopped_clock):
    covered(make.bank_account(), delivery.closes_at)
    make.order(delivery=delivery)
    session.commit()
    stopped_clock.forward(hours=10)

    sweep()
    session.refresh(delivery)

    assert (delivery.dispatched_at, books.count(session, "parcels")) == (clock.now(), 0)


def test_a_round_sent_early_leaves_once_more_at_its_time(session, delivery, paid, stopped_clock):
    covered(make.bank_account(), delivery.closes_at)
    send(session, delivery)
    make.paid_order(delivery=delivery)
    session.commit()

    stopped_clock.forward(hours=10)
    sweep()

    assert books.count(session, "parcels") == 2


@pytest.mark.parametrize("state", [OrderState.OPEN, OrderState.EXPIRED, OrderState.CANCELLED])
def test_what_is_not_paid_never_leaves(session, delivery, paid, state):
    left_behind = make.order(delivery=delivery, state=state)

    send(session, delivery)

    assert left_behind.dispatched_at is None
    assert rows(session, "SELECT order_id FROM parcels") == [(paid.id,)]


def test_nor_does_what_is_paid_in_part(session, delivery):
    order = make.order(delivery=delivery, total=200_000)
    pay(session, make.transfer(199_999), order)

    with pytest.raises(NothingPaid):
        send(session, delivery)


def test_nor_another_rounds_orders(session, delivery, paid):
    make.paid_order()

    send(session, delivery)

    assert rows(session, "SELECT order_id FROM parcels") == [(paid.id,)]


def test_a_second_dispatch_sends_only_what_was_paid_since(session, delivery, paid):
    first = send(session, delivery)
    with pytest.raises(NothingPaid):
        send(session, delivery)
    late = make.paid_order(*[line.combo for line in paid.lines], delivery=delivery)

    second = send(session, delivery)

    assert [stop["code"] for stop in second[0].snapshot["stops"]] == [late.code]
    assert second[0].number == first[0].number[:-1] + "2"


def test_an_order_whose_match_was_undone_stays_here(session, delivery):
    transfer, order = make.transfer(), make.order(delivery=delivery)
    pay(session, transfer, order)
    take_back(session, transfer)

    with pytest.raises(NothingPaid):
        send(session, delivery)


def test_an_order_of_several_suppliers_becomes_a_parcel_of_each(session, delivery):
    greens, meat = make.combo(price=100_000), make.combo(price=200_000)
    both, one = make.paid_order(greens, meat, delivery=delivery), make.paid_order(meat, delivery=delivery)

    manifests = send(session, delivery)

    stops = {m.supplier_id: [stop["code"] for stop in m.snapshot["stops"]] for m in manifests}
    assert stops == {greens.supplier_id: [both.code], meat.supplier_id: [both.code, one.code]}
    assert books.count(session, "parcels") == 3


def test_an_order_taken_elsewhere_waits_until_it_has_its_combos(session, delivery, paid):
    combo = paid.lines[0].combo
    elsewhere = make.paid_order(delivery=delivery, elsewhere=True)

    first = send(session, delivery)
    assert elsewhere.dispatched_at is None
    give_combos(session, elsewhere, {combo.code: 1}, at=clock.now())
    session.commit()
    second = send(session, delivery)

    assert [[stop["code"] for stop in m.snapshot["stops"]] for m in (*first, *second)] == [
        [paid.code],
        [elsewhere.code],
    ]


def test_an_order_of_which_nobody_packs_a_part_waits_whole(session, delivery):
    order = make.paid_order(delivery=delivery)
    order.lines.append(make.taken_elsewhere(50_000))
    session.flush()

    with pytest.raises(NothingPaid):
        send(session, delivery)


def test_totals_are_what_the_paid_orders_hold(session, delivery):
    supplier = make.supplier()
    small = make.combo(packed_by=supplier, price=100_000, items=["rau muống 0,5 kg", "trứng gà 10 quả"])
    large = make.combo(packed_by=supplier, price=250_000, items=["rau muống 1 kg", "dầu ăn 1 lít"])
    other = make.combo(price=50_000, items=["rau muống 9 kg"])
    for combos in [(small,), (small, large), (large, other), (small,)]:
        make.paid_order(*combos, delivery=delivery)
    make.order(large, delivery=delivery)

    manifest = next(m for m in send(session, delivery) if m.supplier_id == supplier.id)

    held: Counter[tuple[str, str]] = Counter()
    for name, unit, quantity in rows(
        session,
        "SELECT i.name, i.unit, i.quantity * l.quantity FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " JOIN combo_items i ON i.combo_id = l.combo_id WHERE o.state = 'confirmed' AND l.supplier_id = :supplier",
        supplier=supplier.id,
    ):
        held[name, unit] += quantity
    assert {(i["name"], i["unit"]): i["quantity"] for i in manifest.snapshot["items"]} == dict(held)
    assert held["rau muống", Unit.GRAM] == 3 * 500 + 2 * 1000
    assert {c["code"]: c["quantity"] for c in manifest.snapshot["combos"]} == {small.code: 3, large.code: 2}
    assert manifest.snapshot["amount"] == 3 * 100_000 + 2 * 250_000


def test_stops_go_by_ward_then_by_house_number(session, delivery):
    combo = make.combo()
    wanted = [("An Bình", "7 Lê Lợi"), ("Bình An", "2 Lê Lợi"), ("Bình An", "12 Lê Lợi"), ("Dĩ An", "12²")]
    for ward, address in reversed(wanted):
        make.paid_order(combo, delivery=delivery, ward=ward, address=address)

    stops = send(session, delivery)[0].snapshot["stops"]

    assert [(stop["ward"], stop["address"]) for stop in stops] == wanted
    assert [stop["stop"] for stop in stops] == [1, 2, 3, 4]


def test_a_manifest_stays_what_it_was_whatever_becomes_of_the_order(session, delivery):
    transfer, order = make.transfer(), make.order(delivery=delivery)
    pay(session, transfer, order)
    manifest = send(session, delivery)[0]
    before = manifest.snapshot

    take_back(session, transfer)
    order.address = "elsewhere"
    session.commit()
    session.refresh(manifest)

    assert (manifest.snapshot, owed_by(session, order)) == (before, order.total)


def test_two_who_send_at_once_send_each_order_once(app, session, delivery):
    orders = [make.paid_order(delivery=delivery) for _number in range(3)]
    session.commit()
    at = clock.now()

    def act(_number: int) -> str:
        try:
            mine = db.session.get_one(Round, delivery.id)
            dispatch(db.session, mine, at=at, by="kinhte1", patience=PATIENCE, override="now")
            db.session.commit()
        except NothingPaid:
            return "nothing left"
        return "sent"

    answers = rush(app, 4, act)

    assert answers == {"sent": 1, "nothing left": 3}
    assert books.count(session, "parcels") == len(orders)
