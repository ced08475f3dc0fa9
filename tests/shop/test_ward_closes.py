"""The last order of a ward: before the round's or after it, never out of the round, the same in Python and in SQL."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import Moment
from shop.queries import rounds_taking_orders, rounds_to_dispatch
from shop.rounds import round_delivering, shifted_close
from tests import make

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def delivery(session):
    """Closes in ten hours, leaves in twelve; An Bình closes four hours before it, Bình An one hour after."""
    made = make.round(closes_at=clock.now() + 10 * HOUR, dispatch_at=clock.now() + 12 * HOUR)
    make.ward_close(made, "An Bình", made.closes_at - 4 * HOUR)
    make.ward_close(made, "Bình An", made.closes_at + HOUR)
    return made


@pytest.mark.parametrize(
    ("hours", "open_for"),
    [
        (0, {"An Bình", "Bình An", "Dĩ An"}), (6, {"Bình An", "Dĩ An"}), (9, {"Bình An", "Dĩ An"}), (10, {"Bình An"}),
        (11, set()),
    ],
)  # fmt: skip
def test_each_ward_orders_until_its_own_last_moment(session, delivery, hours, open_for):
    at = clock.now() + hours * HOUR
    wards = {name: make.ward(name).id for name in ("An Bình", "Bình An", "Dĩ An")}

    assert {name for name, ward_id in wards.items() if delivery.takes_orders(at, ward_id)} == open_for
    assert {name for name, ward_id in wards.items() if rounds_taking_orders(session, at, ward_id=ward_id)} == open_for
    assert bool(rounds_taking_orders(session, at)) is delivery.takes_orders(at) is bool(open_for)


def test_the_round_is_open_for_nobody_once_it_has_left(session, delivery):
    delivery.dispatched_at = clock.now()

    assert not delivery.takes_orders(clock.now(), make.ward("Bình An").id)
    assert not rounds_taking_orders(session, clock.now(), ward_id=make.ward("Bình An").id)


def test_one_that_left_before_its_last_ward_closed_leaves_once_more(session, delivery):
    late = delivery.dispatch_at + HOUR

    delivery.dispatched_at = delivery.closes_at + HOUR / 2
    session.flush()
    assert rounds_to_dispatch(session, late) == [delivery]

    delivery.dispatched_at = delivery.last_close
    session.flush()
    assert rounds_to_dispatch(session, late) == []


MOVES = {
    "a ward to the opening": "UPDATE ward_closes SET closes_at = :opens WHERE ward_id = :ward",
    "a ward behind the dispatch": "UPDATE ward_closes SET closes_at = :after WHERE ward_id = :ward",
    "a new ward behind the dispatch": "INSERT INTO ward_closes (round_id, ward_id, closes_at)"
    " SELECT round_id, ward_id + 1, :after FROM ward_closes WHERE ward_id = :ward",
    "the opening behind a ward": "UPDATE rounds SET opens_at = :own",
    "the dispatch before a ward": "UPDATE rounds SET closes_at = :early, dispatch_at = :early",
}


@pytest.mark.parametrize("move", MOVES)
def test_the_database_keeps_a_wards_last_order_within_its_round(session, delivery, move):
    ward_id = make.ward("An Bình").id
    own = delivery.own_closes[ward_id]
    moments = {"opens": delivery.opens_at, "after": delivery.dispatch_at + HOUR, "own": own, "early": own - HOUR}
    session.commit()
    used = [bindparam(name, value, type_=Moment) for name, value in moments.items() if f":{name}" in MOVES[move]]
    used += [bindparam("ward", ward_id)] if ":ward" in MOVES[move] else []

    with pytest.raises(IntegrityError, match="a ward closes after its round opens"):
        session.execute(text(MOVES[move]).bindparams(*used))
    session.rollback()


def test_a_round_like_another_shifts_its_wards_and_keeps_them_within(session):
    like = round_delivering(clock.today() + timedelta(days=2))
    fresh = round_delivering(clock.today() + timedelta(days=9))

    assert shifted_close(fresh, like, like.closes_at - HOUR) == fresh.closes_at - HOUR
    assert shifted_close(fresh, like, like.closes_at + 9 * HOUR) == fresh.dispatch_at
    assert shifted_close(fresh, like, like.closes_at - timedelta(days=90)) > fresh.opens_at
