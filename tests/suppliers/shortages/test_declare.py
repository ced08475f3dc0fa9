"""A shortage is shared out by the office's rule, each resident's choice is applied, and no đồng is lost."""

import pytest
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from orders.deductions import keep as deductions
from orders.models import IfShort, OrderState
from orders.payments.queries import owed_by
from orders.payments.settle import ChangedMeanwhile
from shop.quantities import Unit
from suppliers.models import Batch, ParcelState
from suppliers.parcels import mark
from suppliers.queries import lock_parcel, parcels_of_batch, versions_of
from suppliers.shortages.models import ItemPrice, Outcome, Rule
from suppliers.shortages.plan import MoreThanThere, NothingMissing, NotOnIt, plan_of
from suppliers.shortages.queries import lost_in, stands_of
from tests import books, make
from tests.desk import pay, rows, send
from tests.rush import rush
from tests.short import FISH, ITEMS, Town, left, missing, share_out, town

pytestmark = pytest.mark.usefixtures("right_books")

EQUIVALENT, REFUND, CALL = IfShort.EQUIVALENT, IfShort.REFUND, IfShort.CALL


def losses(place):
    """Order's place in the town → grams that it goes without."""
    numbers = {order.id: number for number, order in enumerate(place.orders)}
    found: dict[int, int] = {}
    for each in lost_in(db.session, place.batch.id):
        found[numbers[each.order_id]] = found.get(numbers[each.order_id], 0) + each.portions * 500
    return found


def became(place, shortage):
    stands = stands_of(db.session, [shortage.id])
    return [
        stands[shortage.id, order.id].became if (shortage.id, order.id) in stands else None for order in place.orders
    ]


def refunds(place):
    """Order's place in the town → đồng proposed to go back."""
    told = dict(
        rows(db.session, "SELECT order_id, SUM(amount) FROM refunds WHERE state = 'proposed' GROUP BY order_id")
    )
    return {number: told[order.id] for number, order in enumerate(place.orders) if order.id in told}


def test_who_paid_last_goes_without(session):
    place = town(REFUND, REFUND, REFUND)

    shortage = missing(place, 1_500)

    assert losses(place) == {1: 500, 2: 1_000}
    assert became(place, shortage) == [None, Outcome.REFUND, Outcome.REFUND]
    assert refunds(place) == {1: 25_000, 2: 50_000}
    assert [owed_by(session, order) for order in place.orders] == [0, 0, 0]
    assert {order.state for order in place.orders} == {OrderState.CONFIRMED}


def test_in_proportion_each_goes_without_a_part(session):
    place = town(REFUND, REFUND, REFUND, rule=Rule.PROPORTION)

    missing(place, 1_500)

    assert losses(place) == {0: 500, 1: 500, 2: 500}
    assert refunds(place) == {0: 25_000, 1: 25_000, 2: 25_000}


@pytest.mark.parametrize("rule", Rule)
def test_each_choice_is_applied(session, rule):
    place = town(EQUIVALENT, REFUND, CALL, rule=rule)

    shortage = missing(place, 3_000, instead="thịt heo 400 g")

    assert became(place, shortage) == [Outcome.EQUIVALENT, Outcome.REFUND, Outcome.CALL]
    assert refunds(place) == {1: 50_000}
    assert shortage.calls_waiting == 1
    newest = versions_of(session, place.batch.id)[0]
    lines = {stop["code"]: stop["lines"] for stop in newest.snapshot["stops"]}
    told = [lines[order.code][0] for order in place.orders]
    assert [line["without"][0]["quantity"] for line in told] == [500, 500, 500]
    assert [line.get("instead") for line in told] == [["thịt heo 400 g"], None, None]
    assert (newest.version, [each["name"] for each in newest.snapshot["items"]]) == (
        2,
        ["gạo", "rau muống", "trứng gà"],
    )


def test_delivered_is_what_was_supplied(session):
    place = town(EQUIVALENT, REFUND, CALL, REFUND, rule=Rule.PROPORTION)
    before = {each["name"]: each["quantity"] for each in place.manifest.snapshot["items"]}

    missing(place, 1_500)

    after = {each["name"]: each["quantity"] for each in versions_of(session, place.batch.id)[0].snapshot["items"]}
    assert {name: before[name] - after.get(name, 0) for name in before if before[name] != after.get(name)} == {
        FISH: 1_500
    }


def test_without_anything_to_give_instead_who_would_take_it_gets_the_money_back(session):
    place = town(EQUIVALENT)

    shortage = missing(place, 500)

    assert (became(place, shortage), refunds(place)) == ([Outcome.REFUND], {0: 25_000})


def test_what_was_wanted_stays_on_record(session):
    place = town(REFUND)
    lines = rows(session, "SELECT id, name, quantity, unit_price FROM order_lines ORDER BY id")
    total, first = place.orders[0].total, place.manifest.snapshot

    missing(place, 1_000)

    assert rows(session, "SELECT id, name, quantity, unit_price FROM order_lines ORDER BY id") == lines
    assert (place.orders[0].total, place.manifest.snapshot) == (total, first)


def test_the_offices_price_counts(session):
    place = town(REFUND)
    session.add(ItemPrice(name=FISH, unit=Unit.GRAM, price=90_001))

    missing(place, 500)

    assert refunds(place) == {0: 45_001}


def test_a_combo_of_which_nothing_comes_is_worth_its_whole_price_over_several_shortages(session):
    place = town(REFUND, quantity=1, price=99_999)

    for quantity, item, unit in ((500, FISH, Unit.GRAM), (10, "trứng gà", Unit.PIECE), (300, "rau muống", Unit.GRAM)):
        missing(place, quantity, item=item, unit=unit)
    assert place.orders[0].deducted == 75_000
    missing(place, 2_000, item="gạo")

    assert (place.orders[0].deducted, place.orders[0].due) == (99_999, 0)
    assert sum(refunds(place).values()) == 99_999
    (parcel,) = parcels_of_batch(session, place.batch.id).values()
    assert parcel.state is ParcelState.FAILED


def test_a_second_shortage_falls_on_what_is_left(session):
    place = town(REFUND, REFUND)

    missing(place, 1_000)
    missing(place, 500)

    assert losses(place) == {0: 500, 1: 1_000}
    with pytest.raises(MoreThanThere, match="500 g"):
        missing(place, 501)


def test_what_is_delivered_is_left_alone(session):
    place = town(REFUND, REFUND)
    last = next(
        each for each in parcels_of_batch(session, place.batch.id).values() if each.order_id == place.orders[1].id
    )
    mark(session, last, ParcelState.DELIVERED, by="ca", at=clock.now(), because="")

    missing(place, 500)

    assert losses(place) == {0: 500}
    with pytest.raises(MoreThanThere):
        missing(place, 501)


@pytest.mark.parametrize(
    ("item", "quantity", "refusal"), [("cá lóc", 1, NotOnIt), (FISH, 0, NothingMissing), (FISH, 1_001, MoreThanThere)]
)
def test_what_cannot_be_is_refused_in_words(session, item, quantity, refusal):
    place = town(REFUND)

    with pytest.raises(refusal) as told:
        missing(place, quantity, item=item)

    assert len(str(told.value)) > 20
    assert books.count(session, "shortages") == 0


def test_an_item_in_another_unit_is_another_item(session):
    place = town(REFUND)

    with pytest.raises(NotOnIt):
        missing(place, 5, unit=Unit.PIECE)


def test_the_same_form_twice_declares_once(session):
    place = town(REFUND)

    first, second = (missing(place, 500, attempt="abc") for _time in range(2))

    assert (first.id, books.count(session, "shortages"), losses(place)) == (second.id, 1, {0: 500})


def test_what_was_seen_is_what_is_declared(session):
    place = town(REFUND, REFUND)
    seen = plan_of(session, place.batch.id, (FISH, Unit.GRAM), 500).digest
    share_out(Rule.PROPORTION)

    with pytest.raises(ChangedMeanwhile):
        missing(place, 500, seen=seen)
    session.rollback()

    assert books.count(session, "shortages") == 0


def test_money_from_before_the_city_moved_in_is_listed_to_be_given_back_by_hand(session):
    supplier = make.supplier("CA")
    order = make.paid_order(make.combo("C01", packed_by=supplier, items=ITEMS))
    batch = left(order.round)
    missing(Town(supplier, [order], [], batch), 500)

    assert rows(session, "SELECT order_id, amount, done_at FROM returns_by_hand") == [(order.id, 25_000, None)]
    assert (books.count(session, "refunds"), owed_by(session, order), order.due) == (0, 0, 75_000)


def test_an_order_of_two_suppliers_loses_only_what_this_one_brings(session):
    ours, theirs = make.supplier("CA"), make.supplier("RAU")
    order = make.order(make.combo("C01", packed_by=ours, items=ITEMS), make.combo("C02", packed_by=theirs, items=ITEMS))
    pay(session, make.transfer(order.total), order)
    manifests = send(session, order.round)
    batch = next(each.batch for each in manifests if each.supplier_id == ours.id)
    missing(Town(ours, [order], [], batch), 500)

    assert order.due == 175_000
    assert {len(versions_of(session, each.batch_id)) for each in manifests} == {1, 2}


def test_two_declarations_at_once_share_out_one_after_the_other(app, session):
    place = town(REFUND, REFUND)
    batch_id = place.batch.id

    def declare_it(number):
        batch = db.session.get_one(Batch, batch_id)
        try:
            missing(Town(place.supplier, [], [], batch), 1_500)
        except MoreThanThere:
            db.session.rollback()
            return "refused"
        return "declared"

    told = rush(app, 2, declare_it)

    session.expire_all()
    assert told == {"declared": 1, "refused": 1}
    assert rows(session, "SELECT SUM(quantity) FROM shortage_shares") == [(1_500,)]


def test_a_parcel_marked_at_the_same_moment_is_either_left_alone_or_has_lost(app, session):
    place = town(REFUND)
    batch_id = place.batch.id
    (parcel,) = parcels_of_batch(session, batch_id).values()
    parcel_id = parcel.id
    session.commit()

    def act(number):
        if number:
            found = lock_parcel(db.session, parcel_id)
            assert found
            mark(db.session, found, ParcelState.DELIVERED, by="ca", at=clock.now(), because="")
            db.session.commit()
            return "marked"
        try:
            missing(Town(place.supplier, [], [], db.session.get_one(Batch, batch_id)), 500)
        except MoreThanThere:
            db.session.rollback()
            return "too late"
        return "declared"

    told = rush(app, 2, act)

    session.expire_all()
    assert told["marked"] == 1
    assert books.count(session, "shortages") == told["declared"]
    assert books.count(session, "deductions") == told["declared"]


def test_a_deduction_without_the_money_going_back_is_refused_by_the_tables(session, monkeypatch):
    place = town(REFUND)
    monkeypatch.setattr(deductions, "_free", lambda *_args: [])

    with pytest.raises(IntegrityError):
        missing(place, 500)
    session.rollback()
