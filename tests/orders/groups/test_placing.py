"""Neighbours of a draft become orders all together or not at all, once, however many press the button at once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from orders.checkout import PriceChanged, RoundClosed, place_order
from orders.consent import LEADER, NEIGHBOUR
from orders.groups import draft as drafts
from orders.groups.draft import DraftGone, Entry, GroupFull
from orders.groups.jobs import forget_old_drafts
from orders.groups.models import GroupDraft, Neighbour
from orders.groups.place import place_group
from orders.groups.queries import MOST, orders_of
from orders.models import Order, OrderGroup, OrderState
from orders.reference import is_valid
from orders.waiting.models import WaitingStatus
from shop.capacity import RoundFull
from shop.models import Combo, Round
from tests import books, make
from tests.rush import rush

WINDOW = timedelta(hours=24)


def place(session, token, **about):
    return place_group(session, token, at=clock.now(), window=WINDOW, **about)


def counted(session):
    """How many groups, orders and drafts there are."""
    return tuple(session.scalar(select(func.count()).select_from(each)) for each in (OrderGroup, Order, GroupDraft))


def refused(session, token, kind, **about):
    session.commit()
    with pytest.raises(kind) as refusal:
        place(session, token, **about)
    session.rollback()
    return str(refusal.value)


@pytest.fixture
def greens(session):
    return make.combo("C01", price=130_000)


@pytest.fixture
def meat(session):
    return make.combo("C02", price=250_000)


@pytest.fixture
def delivery(session):
    return make.round()


def test_fifty_neighbours_are_ordered_for_at_once(session, stopped_clock, greens, meat, delivery):
    held = [make.capacity(delivery, each.supplier, places=25) for each in (greens, meat)]
    draft = make.group_draft(delivery, greens, meat, many=MOST)

    group = place(session, draft.token)

    orders = orders_of(session, group.code)
    assert (len(orders), counted(session)) == (50, (1, 50, 0))
    assert all(is_valid(code) for code in {group.code, *(order.code for order in orders)})
    assert len({group.code, *(order.code for order in orders)}) == 51
    assert {order.state for order in orders} == {OrderState.OPEN}
    assert {order.expires_at for order in orders} == {clock.now() + WINDOW}
    assert [order.total for order in orders[:3]] == [130_000, 250_000, 130_000]
    session.expire_all()
    assert [each.held for each in held] == [25, 25]
    assert session.scalar(select(func.count()).select_from(Neighbour)) == 0
    books.check(session)


def test_who_has_no_phone_is_reached_by_the_leaders_and_each_ones_consent_is_kept(
    session, stopped_clock, greens, delivery
):
    draft = make.group_draft(delivery, greens, phone="0909123456")
    make.capacity(delivery, greens.supplier)

    group = place(session, draft.token)

    first, _second, third = orders_of(session, group.code)
    assert (first.phone == "0909123456", third.phone) == (False, "0909123456")
    assert {(each.consent_wording, each.consent_at) for each in (first, third)} == {(NEIGHBOUR, clock.now())}
    assert (group.consent_wording, group.leader_phone, group.token) == (LEADER, "0909123456", draft.token)


@pytest.mark.parametrize("short", [0, 1])
def test_a_round_that_is_full_half_way_through_takes_nobody(session, greens, meat, delivery, short):
    held = [
        make.capacity(delivery, each.supplier, places=6 if place == short else 20)
        for place, each in enumerate((greens, meat))
    ]
    draft = make.group_draft(delivery, greens, meat, many=14)

    refused(session, draft.token, RoundFull)

    for each in held:
        session.refresh(each)
    assert [each.held for each in held] == [0, 0]
    assert counted(session) == (0, 0, 1)


def test_a_supplier_who_does_not_come_to_the_ward_takes_nobody(session, greens, meat, delivery):
    make.capacity(delivery, greens.supplier)
    make.capacity(delivery, meat.supplier, ward="An Bình")

    refused(session, make.group_draft(delivery, greens, meat).token, RoundFull)

    assert counted(session) == (0, 0, 1)


def test_who_waits_in_the_line_comes_before_a_group(session, greens, delivery):
    capacity = make.capacity(delivery, greens.supplier, places=3)
    entry = make.waiting(greens, delivery)

    refused(session, make.group_draft(delivery, greens, many=3).token, RoundFull)
    place(session, make.group_draft(delivery, greens, many=2).token)

    for each in (entry, capacity):
        session.refresh(each)
    assert (entry.status, capacity.held) == (WaitingStatus.OFFERED, 3)


def test_the_price_is_that_of_the_moment_if_the_leader_has_seen_it(session, greens, delivery):
    make.capacity(delivery, greens.supplier)
    draft = make.group_draft(delivery, greens)
    make.reprice(greens, 140_000)

    refused(session, draft.token, PriceChanged, seen_total="390000")
    group = place(session, draft.token, seen_total="420000")

    assert {order.total for order in orders_of(session, group.code)} == {140_000}


def test_where_something_is_no_longer_sold_nothing_is_ordered(session, greens, meat, delivery):
    make.capacity(delivery, greens.supplier)
    draft = make.group_draft(delivery, greens, meat)
    meat.on_sale = False

    assert "no longer sold" in refused(session, draft.token, MarketError)
    assert counted(session) == (0, 0, 1)


def test_a_round_that_has_closed_takes_no_group(session, stopped_clock, greens, delivery):
    make.capacity(delivery, greens.supplier)
    draft = make.group_draft(delivery, greens)
    stopped_clock.set(delivery.closes_at)

    refused(session, draft.token, RoundClosed)


def test_a_group_of_nobody_is_refused(session, greens, delivery):
    refused(session, make.group_draft(delivery, greens, many=0).token, MarketError)


def test_the_fifty_first_neighbour_is_refused_and_a_table_is_taken_whole_or_not(session, greens, delivery):
    draft = make.group_draft(delivery, greens, many=49)
    one = Entry(name="Một Người", phone="", address="1 Hẻm Nhỏ", picked={"C01": 1}, consent=NEIGHBOUR)

    with pytest.raises(GroupFull):
        drafts.add(session, draft.token, [one, one], at=clock.now())
    drafts.add(session, draft.token, [one], at=clock.now())
    with pytest.raises(GroupFull):
        drafts.add(session, draft.token, [one], at=clock.now())

    assert len(draft.neighbours) == 50


def test_placed_twice_it_is_one_group(session, greens, delivery):
    make.capacity(delivery, greens.supplier)
    token = make.group_draft(delivery, greens).token

    first = place(session, token)
    session.commit()

    assert place(session, token) is first
    assert counted(session) == (1, 3, 0)


def test_a_button_pressed_by_eight_at_once_makes_one_group(app, session, greens, delivery):
    capacity = make.capacity(delivery, greens.supplier)
    token = make.group_draft(delivery, greens).token
    session.commit()

    def press(_number):
        code = place(db.session, token).code
        db.session.commit()
        return code

    answers = rush(app, 8, press)

    session.refresh(capacity)
    assert (len(answers), counted(session), capacity.held) == (1, (1, 3, 0), 3)


def test_of_leaders_who_race_for_the_last_places_each_gets_all_or_nothing(app, session, greens, meat, delivery):
    """They want the same two suppliers, the one first what the other wants last: nobody waits for ever."""
    held = [make.capacity(delivery, each.supplier, places=20) for each in (greens, meat)]
    tokens = [
        make.group_draft(delivery, *pair, many=12, phone=f"090900000{number}").token
        for number, pair in enumerate([(greens, meat), (meat, greens)] * 3)
    ]
    session.commit()

    def press(number):
        try:
            place(db.session, tokens[number])
        except RoundFull:
            db.session.rollback()
            return "full"
        db.session.commit()
        return "placed"

    outcomes = rush(app, len(tokens), press)

    for each in held:
        session.refresh(each)
    assert outcomes == {"placed": 3, "full": 3}
    assert [each.held for each in held] == [18, 18]
    assert counted(session) == (3, 36, 3)
    books.check(session)


def test_a_leader_and_single_residents_never_oversell(app, session, greens, delivery):
    capacity = make.capacity(delivery, greens.supplier, places=12)
    tokens = [make.group_draft(delivery, greens, many=5).token for _ in range(3)]
    session.commit()

    def order_alone(number):
        basket = make.basket(db.session.get_one(Combo, greens.id))
        there = db.session.get_one(Round, delivery.id)
        place_order(
            db.session, basket, make.recipient(f"Người {number}"), delivery=there, at=clock.now(), window=WINDOW
        )
        return "single"

    def act(number):
        try:
            done = "group" if number < len(tokens) and place(db.session, tokens[number]) else order_alone(number)
        except RoundFull:
            db.session.rollback()
            return "full"
        db.session.commit()
        return done

    outcomes = rush(app, 15, act)

    session.refresh(capacity)
    assert capacity.held == 5 * outcomes["group"] + outcomes["single"] <= 12
    books.check(session)


@pytest.mark.parametrize("table", ["orders", "order_groups"])
def test_the_database_lets_no_code_name_an_order_and_a_group(session, table):
    group, order = make.group(), make.order()
    copied = dict(session.execute(text(f"SELECT * FROM {table} ORDER BY id LIMIT 1")).mappings().one())
    taken = group.code if table == "orders" else order.code
    fresh = {**copied, "id": 10_000, "code": taken, "token": "another"}
    columns = [name for name in fresh if fresh[name] is not None]

    with pytest.raises(IntegrityError, match="in use"):
        session.execute(
            text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES (:{', :'.join(columns)})"),
            {name: fresh[name] for name in columns},
        )


def test_a_draft_is_deleted_after_a_day_with_all_who_stand_in_it(session, stopped_clock, greens, delivery):
    old = make.group_draft(delivery, greens).token
    stopped_clock.forward(hours=12)
    young = make.group_draft(delivery, greens).token
    session.commit()
    session.expunge_all()
    stopped_clock.forward(hours=11, minutes=59)
    forget_old_drafts(session)
    assert counted(session)[2] == 2

    stopped_clock.forward(minutes=1)
    forget_old_drafts(session)

    assert [draft.token for draft in session.scalars(select(GroupDraft))] == [young]
    assert session.scalar(select(func.count()).select_from(Neighbour)) == 3
    with pytest.raises(DraftGone):
        place(session, old)
