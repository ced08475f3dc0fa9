"""Places in a round: never one too many, however many people ask at once, and free again when an order ends."""

from collections.abc import Callable, Collection
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from orders import lifecycle
from orders.checkout import place_order
from orders.holds import release
from orders.models import Order, OrderState, PlaceHold
from shop.capacity import RoundFull, offers, take_places
from shop.models import Capacity, Combo, Round
from shop.queries import capacity_ids
from tests import make
from tests.rush import PATIENCE, rush

PEOPLE, PLACES = 200, 50


@pytest.fixture
def checkout(session) -> Callable[[int], str]:
    """Order one combo of a round with PLACES places: "placed" or "full"."""
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=PLACES)
    make.capacity(make.round(), combo.supplier, places=PLACES)
    session.commit()

    def act(number: int) -> str:
        return buy(db.session, delivery.id, combo.id, name=f"Nguyễn Văn {number}")

    return act


def buy(session: Session, round_id: int, combo_id: int, *, name: str) -> str:
    try:
        place_order(
            session,
            make.basket(session.get_one(Combo, combo_id)),
            make.recipient(name),
            delivery=session.get_one(Round, round_id),
            at=clock.now(),
            window=timedelta(hours=24),
        )
    except RoundFull:
        session.rollback()
        return "full"
    session.commit()
    return "placed"


def standing(session: Session) -> tuple[int, int, int]:
    """How many orders there are, how many places they hold, and how many the rounds count as held."""
    session.rollback()
    return (
        session.scalar(select(func.count()).select_from(Order)) or 0,
        session.scalar(select(func.count()).select_from(PlaceHold).where(PlaceHold.released_at.is_(None))) or 0,
        session.scalar(select(func.sum(Capacity.held))) or 0,
    )


def test_two_hundred_people_at_once_get_exactly_the_fifty_places(app, session, checkout):
    outcomes = rush(app, PEOPLE, checkout)

    assert outcomes == {"placed": PLACES, "full": PEOPLE - PLACES}
    assert standing(session) == (PLACES, PLACES, PLACES)


def test_control_without_the_guard_the_same_two_hundred_oversell(app, session, checkout, monkeypatch):
    """The race is real: a program that reads the free places, decides, and writes them back sells each place to all."""
    everybody_has_read = Barrier(PEOPLE)

    def read_decide_write(session: Session, *, round_id: int, ward_id: int, supplier_ids: Collection[int]) -> list[int]:
        (capacity_id,) = capacity_ids(session, round_id, ward_id, supplier_ids).values()
        held, places = session.execute(select(Capacity.held, Capacity.places).where(Capacity.id == capacity_id)).one()
        session.rollback()  # as with SQLite's driver as it comes: what is read is not part of the transaction
        everybody_has_read.wait(PATIENCE)
        if held >= places:
            raise RoundFull
        session.execute(update(Capacity).where(Capacity.id == capacity_id).values(held=held + 1))
        return [capacity_id]

    monkeypatch.setattr("orders.waiting.line.take_places", read_decide_write)

    outcomes = rush(app, PEOPLE, checkout)

    sold, holds, held = standing(session)
    assert outcomes == {"placed": sold}
    assert sold == holds > PLACES
    assert held < sold


def test_an_order_for_two_suppliers_takes_a_place_with_each_or_with_none(session):
    delivery, greens, meat = make.round(), make.combo(), make.combo()
    roomy = make.capacity(delivery, greens.supplier, places=1)
    make.capacity(delivery, meat.supplier, places=0)
    session.commit()

    with pytest.raises(RoundFull):
        take_places(
            session,
            round_id=delivery.id,
            ward_id=make.ward().id,
            supplier_ids={greens.supplier_id, meat.supplier_id},
        )
    session.rollback()

    session.refresh(roomy)
    assert roomy.held == 0


def test_a_ward_that_a_supplier_does_not_go_to_is_full(session):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, ward="An Bình")

    with pytest.raises(RoundFull):
        take_places(session, round_id=delivery.id, ward_id=make.ward("Bình An").id, supplier_ids=[combo.supplier_id])


@pytest.mark.parametrize("end", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_order_that_ends_gives_its_place_to_the_next(session, end):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=1)
    noise = make.order(make.combo(packed_by=combo.supplier))
    first = make.order(combo, delivery=delivery)
    session.commit()
    assert buy(session, delivery.id, combo.id, name="Lê Thị Hai") == "full"

    if end is OrderState.EXPIRED:
        lifecycle.expire(session, first, at=clock.now())
    else:
        lifecycle.cancel(session, first, by="resident", at=clock.now(), because="given up")
    session.commit()

    assert buy(session, delivery.id, combo.id, name="Lê Thị Hai") == "placed"
    assert [hold.released_at for hold in noise.holds] == [None]


def test_a_place_is_given_back_once_however_often_it_is_released(session):
    delivery, combo = make.round(), make.combo()
    place = make.capacity(delivery, combo.supplier, places=2)
    order, _other = make.order(combo, delivery=delivery), make.order(combo, delivery=delivery)

    for _again in range(2):
        release(session, order, at=clock.now())

    session.refresh(place)
    assert place.held == 1


def test_a_revived_order_takes_its_place_again_or_stays_expired(session):
    delivery, combo = make.round(), make.combo()
    make.capacity(delivery, combo.supplier, places=1)
    order = make.order(combo, delivery=delivery, state=OrderState.EXPIRED)
    how: dict[str, Any] = {
        "expires_at": delivery.closes_at,
        "by": "clerk",
        "at": clock.now(),
        "because": "paid in time",
    }
    session.commit()

    lifecycle.revive(session, order, **how)
    assert (order.state, standing(session)) == (OrderState.OPEN, (1, 0, 0))  # not committed: all of it is undone

    assert buy(session, delivery.id, combo.id, name="Lê Thị Hai") == "placed"
    with pytest.raises(RoundFull):
        lifecycle.revive(session, order, **how)
    session.rollback()
    assert order.state is OrderState.EXPIRED


def test_an_offer_shows_the_scarcest_supplier_and_only_rounds_that_all_serve(session):
    now = clock.now()
    delivery, next_one = make.round(), make.round(closes_at=now + timedelta(days=5))
    closed = make.round(closes_at=now - timedelta(hours=1))
    greens, meat = make.supplier(), make.supplier()
    for each, supplier, places in (
        (delivery, greens, 7),
        (delivery, meat, 3),
        (next_one, greens, 9),
        (closed, meat, 9),
    ):
        make.capacity(each, supplier, places=places)
    make.capacity(delivery, greens, ward="An Bình", places=1)

    offered = offers(session, [make.ward()], supplier_ids={greens.id, meat.id}, at=now)

    assert [(offer.round, offer.places_left) for offer in offered] == [(delivery, 3), (next_one, 0)]


def test_while_the_ward_is_not_known_an_offer_names_the_wards_that_are_full(session):
    delivery, nowhere, combo = make.round(), make.round(), make.combo()
    for ward, places in (("Dĩ An", 2), ("An Bình", 0), ("Bình An", 1)):
        make.capacity(delivery, combo.supplier, ward=ward, places=places)
    wards = [make.ward(name) for name in ("Dĩ An", "An Bình", "Bình An", "Đông Hòa")]

    partly, wholly = offers(session, wards, supplier_ids=[combo.supplier_id], at=clock.now())

    assert (partly.round, partly.full, partly.places_left, partly.full_for) == (
        delivery,
        False,
        None,
        ("An Bình", "Đông Hòa"),
    )
    assert (wholly.round, wholly.full) == (nowhere, True)


def test_places_let_in_beyond_the_plan_are_not_offered_and_go_first_when_given_back(session):
    delivery, combo = make.round(), make.combo()
    place = make.capacity(delivery, combo.supplier, places=1)
    first, second = make.order(combo, delivery=delivery), make.order(combo, delivery=delivery)
    session.refresh(place)
    assert (place.held, place.places, place.beyond) == (2, 1, 1)

    release(session, first, at=clock.now())
    session.refresh(place)
    assert (place.held, place.beyond) == (1, 0)
    session.commit()
    assert buy(session, delivery.id, combo.id, name="Lê Thị Hai") == "full"

    release(session, second, at=clock.now())
    session.refresh(place)
    assert (place.held, place.beyond) == (0, 0)
