"""The line of a full round: first come, first served; a kept place is really kept; nobody is oversold."""

from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from orders import lifecycle
from orders.checkout import Recipient, RoundClosed, place_order
from orders.models import Order
from orders.waiting import line, queries
from orders.waiting.jobs import tend_the_lines
from orders.waiting.models import KeptPlace, WaitingEntry, WaitingStatus
from shop.capacity import RoundFull
from shop.models import Capacity, Combo, Round
from tests import make
from tests.rush import PATIENCE, rush


@pytest.fixture
def full(session):
    """A round of one place, which an order holds; noise beside it: another ward that is full and waits, too."""
    delivery, combo = make.round(), make.combo()
    place = make.capacity(delivery, combo.supplier, places=1)
    make.capacity(delivery, combo.supplier, ward="An Bình", places=0)
    order = make.order(combo, delivery=delivery)
    noise = make.waiting(combo, delivery, ward="An Bình")
    session.commit()
    return delivery, combo, place, order, noise


def cancel(session, order):
    lifecycle.cancel(session, order, by="resident", at=clock.now(), because="given up")
    session.commit()


def tend(session):
    tend_the_lines(session)
    session.commit()
    session.expire_all()


def buy(session, delivery, combo, *, waited=None, phone="0911111111"):
    who = make.recipient(phone=phone)
    wanted = Recipient(name=who.name, phone=who.phone, ward=who.ward, address=who.address, waited=waited)
    window = timedelta(hours=24)
    return place_order(session, make.basket(combo), wanted, delivery=delivery, at=clock.now(), window=window)


def wish(combo, *, phone="0911111111", ward="Dĩ An"):
    return line.Wish(name="Lê Thị Chờ", phone=phone, ward=make.ward(ward), basket=make.basket(combo), consent="c")


def test_the_first_of_the_line_is_offered_the_place_that_comes_free(session, stopped_clock, full):
    delivery, combo, place, order, noise = full
    first, second = make.waiting(combo, delivery), make.waiting(combo, delivery)
    tend(session)
    assert first.status is WaitingStatus.WAITING

    cancel(session, order)
    tend(session)

    assert (first.status, first.offered_until) == (WaitingStatus.OFFERED, clock.now() + timedelta(hours=2))
    assert (second.status, noise.status) == (WaitingStatus.WAITING, WaitingStatus.WAITING)
    assert (place.held, place.places) == (1, 1)


def test_a_kept_place_is_nobody_elses(session, full):
    delivery, combo, _place, order, _noise = full
    make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)

    with pytest.raises(RoundFull):
        buy(session, delivery, combo)


def test_who_comes_new_does_not_pass_the_line_even_before_anybody_has_looked(session, full):
    delivery, combo, _place, order, _noise = full
    make.waiting(combo, delivery)
    cancel(session, order)

    with pytest.raises(RoundFull):
        buy(session, delivery, combo)


def test_a_kept_place_becomes_an_order_once(session, full):
    delivery, combo, place, order, _noise = full
    entry = make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)

    made = buy(session, delivery, combo, waited=entry.id)
    session.commit()
    session.expire_all()

    assert (entry.status, entry.order_id, place.held) == (WaitingStatus.ORDERED, made.id, 1)
    assert [hold.capacity_id for hold in made.holds] == [place.id]
    assert session.scalar(select(func.count()).select_from(KeptPlace)) == 0
    with pytest.raises(RoundFull):
        buy(session, delivery, combo, waited=entry.id, phone="0922222222")


def test_what_is_not_needed_of_a_kept_offer_is_free_again(session, stopped_clock):
    delivery, greens, meat = make.round(), make.combo(), make.combo()
    places = [make.capacity(delivery, each.supplier, places=1) for each in (greens, meat)]
    entry = make.waiting(greens, delivery)
    entry.supplier_ids = [greens.supplier_id, meat.supplier_id]
    tend(session)
    assert [place.held for place in places] == [1, 1]

    buy(session, delivery, greens, waited=entry.id)
    session.commit()
    session.expire_all()

    assert [place.held for place in places] == [1, 0]


def test_an_unused_offer_goes_to_the_next(session, stopped_clock, full):
    delivery, combo, place, order, _noise = full
    first, second = make.waiting(combo, delivery), make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)

    stopped_clock.forward(hours=2)
    tend(session)

    assert (first.status, second.status, place.held) == (WaitingStatus.PASSED, WaitingStatus.OFFERED, 1)


def test_places_that_the_office_adds_are_offered_too(session, full):
    delivery, combo, place, _order, _noise = full
    entries = [make.waiting(combo, delivery) for _each in range(3)]
    place.places = 3
    tend(session)

    assert [entry.status.value for entry in entries] == ["offered", "offered", "waiting"]
    assert place.held == 3


def test_the_first_who_fits_is_served_where_the_first_needs_more_than_there_is(session):
    delivery, greens, meat = make.round(), make.combo(), make.combo()
    make.capacity(delivery, greens.supplier, places=1)
    make.capacity(delivery, meat.supplier, places=0)
    both, one = make.waiting(greens, delivery), make.waiting(greens, delivery)
    both.supplier_ids = [greens.supplier_id, meat.supplier_id]
    tend(session)

    assert (both.status, one.status) == (WaitingStatus.WAITING, WaitingStatus.OFFERED)


def test_one_phone_waits_once_in_a_round(session, full):
    delivery, combo, _place, _order, _noise = full
    line.join(session, delivery, wish(combo), at=clock.now())

    with pytest.raises(line.AlreadyWaiting):
        line.join(session, delivery, wish(combo), at=clock.now())
    assert line.join(session, delivery, wish(combo, phone="0922222222"), at=clock.now())


def test_while_there_is_room_nobody_waits(session):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=1)

    with pytest.raises(line.ThereIsRoom):
        line.join(session, delivery, wish(combo), at=clock.now())


def test_at_the_rounds_close_nothing_is_left_of_anybody(session, stopped_clock, full):
    delivery, combo, place, order, _noise = full
    make.waiting(combo, delivery)
    kept = make.waiting(combo, make.round(closes_at=delivery.closes_at + timedelta(days=1)))
    cancel(session, order)
    tend(session)
    stopped_clock.set(delivery.closes_at)
    tend(session)

    assert session.scalars(select(WaitingEntry.id)).all() == [kept.id]
    assert session.scalar(select(func.count()).select_from(KeptPlace)) == 0
    assert place.held == 0


def test_a_round_that_left_early_offers_nothing_more_and_forgets_who_waits(session, full):
    delivery, combo, _place, order, noise = full
    waiting = make.waiting(combo, delivery)
    elsewhere = make.waiting(combo, make.round())
    delivery.dispatched_at = clock.now()
    cancel(session, order)

    tend(session)

    left = list(session.scalars(select(WaitingEntry.id)))
    assert left == [elsewhere.id]
    assert waiting.id not in left
    assert noise.id not in left
    with pytest.raises(MarketError, match="just closed"):
        line.join(session, delivery, wish(combo), at=clock.now())


def test_a_place_that_is_kept_stays_kept_where_the_round_leaves_early(session, stopped_clock, full):
    delivery, combo, _place, order, _noise = full
    entry = make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)
    delivery.dispatched_at = clock.now()
    tend(session)

    with pytest.raises(RoundClosed):
        buy(session, delivery, combo)
    assert buy(session, delivery, combo, waited=entry.id).round_id == delivery.id


def test_a_kept_place_of_another_round_or_one_that_ran_out_opens_no_round_that_left(session, stopped_clock, full):
    delivery, combo, _place, order, _noise = full
    entry = make.waiting(combo, delivery)
    other = make.round()
    make.capacity(other, combo.supplier)
    cancel(session, order)
    tend(session)
    delivery.dispatched_at = other.dispatched_at = clock.now()
    session.commit()

    with pytest.raises(RoundClosed):
        buy(session, other, combo, waited=entry.id)
    stopped_clock.forward(hours=4)
    with pytest.raises(RoundClosed):
        buy(session, delivery, combo, waited=entry.id)


def test_who_leaves_is_forgotten_and_gives_the_place_back(session, full):
    delivery, combo, place, order, _noise = full
    entry = make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)
    number = entry.id

    for _again in range(2):
        line.leave(session, number)
        session.commit()
    session.expire_all()

    assert session.get(WaitingEntry, number) is None
    assert place.held == 0


def test_ahead_are_those_of_the_same_ward_and_round_that_still_wait(session, full):
    delivery, combo, _place, _order, _noise = full
    gone, before, mine, _behind = (make.waiting(combo, delivery) for _each in range(4))
    gone.status = WaitingStatus.PASSED
    make.waiting(combo, make.round())
    session.flush()

    assert queries.ahead_of(session, mine) == 1
    assert queries.ahead_of(session, before) == 0


def test_who_tells_of_offers_is_told_once_of_each(session, full, monkeypatch):
    delivery, combo, _place, order, _noise = full
    told: list[int] = []
    monkeypatch.setattr(line, "_tellers", [lambda _session, entry: told.append(entry.id)])
    entry = make.waiting(combo, delivery)
    cancel(session, order)
    tend(session)
    tend(session)

    assert told == [entry.id]


PEOPLE, FREE = 24, 5


@pytest.fixture
def crowd(session):
    """FREE places that came free while PEOPLE wait, each with a page of their own."""
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=FREE)
    entries = [make.waiting(combo, delivery).id for _each in range(PEOPLE)]
    session.commit()
    return delivery.id, combo.id, entries


def kept_and_held(session):
    session.rollback()
    session.expire_all()
    return (
        session.scalar(select(func.count()).select_from(KeptPlace)),
        session.scalar(select(func.count()).select_from(Order)),
        session.scalar(select(func.sum(Capacity.held))),
    )


def serve_or_buy(round_id, combo_id, number):
    """Half of them are workers that tend the line, half are people who come new."""
    session = db.session
    if number % 2:
        tend_the_lines(session)
    else:
        try:
            buy(session, session.get_one(Round, round_id), session.get_one(Combo, combo_id), phone=f"09{number:08d}")
        except RoundFull:
            session.rollback()
            return "full"
    session.commit()
    return "done"


def test_many_workers_and_newcomers_at_once_offer_each_place_once_and_to_the_first(app, session, crowd):
    round_id, combo_id, entries = crowd

    outcomes = rush(app, PEOPLE, lambda number: serve_or_buy(round_id, combo_id, number))

    assert outcomes == {"done": PEOPLE / 2, "full": PEOPLE / 2}
    assert kept_and_held(session) == (FREE, 0, FREE)
    offered = select(WaitingEntry.id).where(WaitingEntry.status == WaitingStatus.OFFERED).order_by(WaitingEntry.id)
    assert list(session.scalars(offered)) == entries[:FREE]


def test_control_without_the_guard_the_same_places_are_offered_twice(app, session, crowd, monkeypatch):
    """The race is real: workers that read who waits and what is free, and then write, keep more than there is."""
    all_have_read = Barrier(PEOPLE)

    def read_then_write(session, delivery, ward_id, *, at):
        (capacity_id, held, places) = session.execute(select(Capacity.id, Capacity.held, Capacity.places)).one()
        waiting = [entry.id for entry in queries.line_of(session, delivery.id, ward_id)][: places - held]
        session.rollback()
        all_have_read.wait(PATIENCE)
        session.execute(update(Capacity).where(Capacity.id == capacity_id).values(held=held + len(waiting)))
        return len(waiting)

    monkeypatch.setattr("orders.waiting.line.serve", read_then_write)
    offered = []

    def act(_number):
        offered.append(line.serve(db.session, db.session.get_one(Round, crowd[0]), make.ward().id, at=clock.now()))
        db.session.commit()
        return "done"

    rush(app, PEOPLE, act)

    assert sum(offered) > FREE


def test_a_kept_place_is_used_by_one_of_many_that_send_it_at_once(app, session, crowd):
    round_id, combo_id, entries = crowd
    tend(session)

    def act(number):
        try:
            delivery, combo = db.session.get_one(Round, round_id), db.session.get_one(Combo, combo_id)
            buy(db.session, delivery, combo, waited=entries[0], phone=f"09{number:08d}")
        except RoundFull:
            db.session.rollback()
            return "full"
        db.session.commit()
        return "placed"

    assert rush(app, 8, act) == {"placed": 1, "full": 7}
    assert kept_and_held(session) == (FREE - 1, 1, FREE)
