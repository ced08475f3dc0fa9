"""A household orders once in so many days of delivery: refused in words, freed by cancelling, one of two at once."""

from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from kernel import clock
from kernel.database import db
from office.retention.forget import forget
from orders import lifecycle
from orders.checkout import place_order
from orders.groups.place import place_group
from orders.groups.queries import orders_of
from orders.models import Order, OrderState
from orders.rota import turns
from orders.rota.queries import delivery_days
from orders.rota.turns import NotYourTurn, first_free, household_of
from orders.waiting import line
from shop.models import Combo, Round
from shop.rounds import round_promise
from tests import make
from tests.desk import pay
from tests.orders.shopping import check_out, pick
from tests.pages import Page
from tests.rush import PATIENCE, rush

WINDOW = timedelta(hours=24)
MONDAY = date(2021, 9, 6)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("wanted", "taken", "days", "free"),
    [
        (9, [], 7, 9), (9, [3], 7, 10), (9, [2], 7, 9), (3, [9], 7, 16), (2, [9], 7, 2), (5, [3, 10], 7, 17),
        (3, [3], 1, 4), (4, [3], 1, 4),
    ],
)  # fmt: skip
def test_the_first_free_day(wanted, taken, days, free):
    assert first_free(day(wanted), [day(each) for each in taken], days) == day(free)


@pytest.fixture
def combo(session, stopped_clock):
    return make.combo()


@pytest.fixture
def rounds(session, combo):
    """Delivered on the 9th, 12th, 16th and 19th."""
    return [delivered(combo, number) for number in (3, 6, 10, 13)]


def delivered(combo, number, ward="Dĩ An", places=50):
    made = make.round(opens_at=clock.now(), closes_at=clock.at(day(number - 1), 18))
    make.capacity(made, combo.supplier, ward=ward, places=places)
    return made


def place(session, combo, delivery, phone="0912345678", **about):
    who = make.recipient(phone=phone, **about)
    return place_order(session, make.basket(combo), who, delivery=delivery, at=clock.now(), window=WINDOW)


def test_without_a_rota_a_household_orders_as_often_as_it_likes(session, combo, rounds):
    place(session, combo, rounds[0])
    place(session, combo, rounds[0])
    place(session, combo, rounds[1])


def test_a_second_order_is_refused_and_the_next_possible_round_offered(session, combo, rounds):
    make.rota(7)
    place(session, combo, rounds[0])

    with pytest.raises(NotYourTurn) as refusal:
        place(session, combo, rounds[1])

    assert "gets an order on 09/09/2021 already" in str(refusal.value)
    assert "possible for 16/09/2021 or later" in str(refusal.value)
    assert round_promise(rounds[2]) in str(refusal.value)
    assert refusal.value.instead is rounds[2]
    place(session, combo, rounds[1], phone="0912345679")  # a neighbour
    place(session, combo, rounds[2])


def test_it_counts_in_both_directions_and_skips_what_is_full(session, combo, stopped_clock):
    make.rota(7)
    early, later, full, free = (delivered(combo, number, places=places) for number, places in
                                ((3, 9), (8, 9), (15, 0), (16, 9)))  # fmt: skip
    place(session, combo, later)

    with pytest.raises(NotYourTurn) as refusal:
        place(session, combo, early)

    assert refusal.value.instead is free
    assert full is not free


def test_where_nothing_is_open_then_it_says_so(session, combo, rounds):
    make.rota(30)
    place(session, combo, rounds[0])

    with pytest.raises(NotYourTurn, match="look here again later"):
        place(session, combo, rounds[1])


@pytest.mark.parametrize("end", [OrderState.CANCELLED, OrderState.EXPIRED])
def test_an_order_that_ended_frees_the_turn(session, combo, rounds, end):
    make.rota(7)
    first = place(session, combo, rounds[0])
    if end is OrderState.CANCELLED:
        lifecycle.cancel(session, first, by="resident", at=clock.now(), because="given up")
    else:
        lifecycle.expire(session, first, at=clock.now())

    assert place(session, combo, rounds[1]).state is OrderState.OPEN


def test_a_rota_never_blocks_paying(session, combo, rounds, right_books):
    first, second = place(session, combo, rounds[0]), place(session, combo, rounds[1])
    make.rota(7)

    for order in (first, second):
        pay(session, make.transfer(order.total), order)

    assert [order.state for order in (first, second)] == [OrderState.CONFIRMED] * 2


def test_a_wards_own_rule_goes_before_the_citys(session, combo, rounds):
    make.rota(7)
    make.rota(0, ward="Dĩ An")
    make.rota(3, ward="An Bình")
    for each in rounds:
        make.capacity(each, combo.supplier, ward="An Bình")

    place(session, combo, rounds[0])
    place(session, combo, rounds[0])
    place(session, combo, rounds[0], phone="0987654321", ward="An Bình")
    place(session, combo, rounds[1], phone="0987654321", ward="An Bình")
    with pytest.raises(NotYourTurn, match="once in 3 days"):
        place(session, combo, rounds[1], phone="0987654321", ward="An Bình")


def test_at_the_checkout_the_possible_round_is_chosen_already(session, client, combo, rounds):
    make.rota(7)
    make.bank_account()
    pick(client, combo)
    assert "each household orders once in 7 days" in Page(client.get("/checkout")).text()
    assert check_out(client, round=str(rounds[0].id)).status_code == 303
    pick(client, combo)

    refused = Page(check_out(client, round=str(rounds[1].id)))

    assert refused.status == 409
    assert "16/09/2021 or later" in refused.fault("round")
    assert (refused.value("round"), refused.value("name")) == (str(rounds[2].id), "Trần Thị Bưởi")
    assert client.post("/checkout", data={**refused.filled(), "consent": "y"}).status_code == 303


def test_whoever_tries_many_phones_is_stopped(session, client, combo, rounds):
    make.rota(7)
    place(session, combo, rounds[0])
    pick(client, combo)

    answers = [check_out(client, round=str(rounds[1].id)).status_code for _try in range(21)]

    assert answers == [409] * 20 + [429]


def test_who_may_not_order_yet_does_not_wait_either(session, combo, rounds):
    make.rota(7)
    place(session, combo, rounds[0])
    full = delivered(combo, 5, places=0)
    wish = line.Wish(name="Trần Thị Bưởi", phone="0912345678", ward=make.ward(), basket=make.basket(combo), consent="x")

    with pytest.raises(NotYourTurn):
        line.join(session, full, wish, at=clock.now())


def test_in_a_group_who_has_no_phone_is_known_by_the_address(session, combo, rounds):
    group = place_group(session, make.group_draft(rounds[0], combo).token, at=clock.now(), window=WINDOW)
    made = orders_of(session, group.code)
    assert [each.household for each in made[:2]] == [each.phone for each in made[:2]]
    assert made[2].phone == group.leader_phone
    assert made[2].household == household_of("", group.ward_id, "3 lý thường kiệt")
    make.rota(7)

    again = make.group_draft(rounds[1], combo)
    with pytest.raises(NotYourTurn) as refusal:
        place_group(session, again.token, at=clock.now(), window=WINDOW)

    assert "Hàng Xóm Không Hai may have the next one for 16/09/2021 or later" in str(refusal.value)
    assert "Hàng Xóm Không Một" not in str(refusal.value)  # another phone than in the first group


def test_two_of_one_household_in_a_group_are_one_too_many(session, combo, rounds):
    make.rota(7)
    draft = make.group_draft(rounds[0], combo)
    draft.neighbours[1].phone = draft.neighbours[0].phone

    with pytest.raises(NotYourTurn, match="Hàng Xóm Không Không, Hàng Xóm Không Một are one household"):
        place_group(session, draft.token, at=clock.now(), window=WINDOW)


def test_a_forgotten_order_knows_no_household(session, combo, rounds):
    group = place_group(session, make.group_draft(rounds[0], combo).token, at=clock.now(), window=WINDOW)
    made = [place(session, combo, rounds[0]), *orders_of(session, group.code)]

    forget(session, made, at=clock.now())

    assert {order.household for order in made} == {""}


@pytest.fixture
def hurry(session):
    """Order in one of two rounds of the same week, all with one phone."""
    make.rota(7)
    combo, rounds = make.combo(), [make.round(), make.round()]
    for each in rounds:
        make.capacity(each, combo.supplier)
    ids, combo_id = [each.id for each in rounds], combo.id
    session.commit()

    def act(number: int) -> str:
        delivery = db.session.get_one(Round, ids[number % 2])
        try:
            place(db.session, db.session.get_one(Combo, combo_id), delivery)
        except NotYourTurn:
            db.session.rollback()
            return "refused"
        db.session.commit()
        return "placed"

    return act


def many(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Order))


def test_of_many_at_once_one_household_gets_one(app, session, hurry):
    assert rush(app, 10, hurry) == {"placed": 1, "refused": 9}
    assert many(session) == 1


def test_control_without_the_lock_it_gets_many(app, session, hurry, monkeypatch):
    """The race is real: who reads what a household gets, and then orders, is as late as all the others."""
    everybody_has_read = Barrier(10)
    look = delivery_days

    def read_then_wait(session, households, since):
        found = look(session, households, since)
        session.rollback()
        everybody_has_read.wait(PATIENCE)
        return found

    monkeypatch.setattr(turns, "take_turns", lambda *_args: None)
    monkeypatch.setattr(turns, "delivery_days", read_then_wait)

    assert rush(app, 10, hurry) == {"placed": 10}
    assert many(session) == 10
