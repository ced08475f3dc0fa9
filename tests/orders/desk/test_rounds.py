"""Rounds planned at the desk: several at once, promises that move with a reason, places never below what is held."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.queries import changes_of
from orders.desk.rounds import plan
from orders.desk.rounds.forms import wall
from orders.models import OrderState
from shop.capacity import set_places, take_places
from shop.models import Capacity, Round
from shop.queries import capacities_of, recent_rounds
from suppliers.dispatch import readiness
from tests import make
from tests.desk import send
from tests.pages import Page
from tests.rush import rush
from tests.shop.test_prices import in_a_post

pytestmark = pytest.mark.usefixtures("stopped_clock")
WEEK = {"first": "2021-09-13", "last": "2021-09-19", "closes": "17:30", "leaves": "19:00", "open_for": "3", "like": ""}


@pytest.fixture
def clerk(client):
    return make.signed_in(client)


def create(client, **changed):
    fields = {**WEEK, "weekdays": ["0", "2", "4"], **changed}
    return make.submit(client, "/desk/admin/rounds/new", **fields)


def move(client, delivery, **changed):
    path = f"/desk/admin/rounds/{delivery.id}"
    return make.submit(client, path, **{**Page(client.get(path)).filled(), **changed})


def places(client, delivery, **changed):
    path = f"/desk/admin/rounds/{delivery.id}/places"
    return make.submit(client, path, **{"version": db.session.get_one(Round, delivery.id).version, **changed})


def cell(capacity):
    return f"p-{capacity.ward_id}-{capacity.supplier_id}"


def local(moment):
    return wall(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_week_of_rounds_is_made_at_once_with_the_places_of_another(client, clerk, session):
    model = make.round()
    make.capacity(model, make.supplier(), places=70)

    assert create(client, like=str(model.id)).status_code == 303

    made = [each for each in recent_rounds(session, 10) if each.id != model.id]
    assert [each.delivery_on for each in reversed(made)] == [date(2021, 9, day) for day in (13, 15, 17)]
    first = made[-1]
    assert (first.name, first.closes_at) == ("Đợt giao 13/09/2021", clock.at(date(2021, 9, 12), 17, 30))
    assert first.opens_at == first.closes_at - timedelta(days=3)
    assert first.dispatch_at == clock.at(date(2021, 9, 12), 19)
    assert [(each.places, each.held) for each in capacities_of(session, first.id)] == [(70, 0)]


def test_a_day_that_has_a_round_gets_no_second_one(client, clerk, session):
    create(client)

    answer = create(client, weekdays=["0", "1"])

    assert "There was a round already on 13/09/2021" in client.get(answer.location).text
    assert len(recent_rounds(session, 10)) == 4


def test_the_day_that_is_proposed_has_no_round_yet(client, clerk, session):
    assert Page(client.get("/desk/admin/rounds/new")).value("first") == "2021-09-08"
    for day in (8, 9, 11):
        make.round(closes_at=clock.at(date(2021, 9, day - 1), 18))

    page = Page(client.get("/desk/admin/rounds/new"))

    assert (page.value("first"), page.value("last")) == ("2021-09-10", "2021-09-10")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first", ""), ("first", "x"), ("first", "2021-09-06"), ("first", "0001-01-01"), ("first", "2030-01-01"),
        ("last", "2021-09-12"), ("last", "2021-12-31"), ("closes", "25:00"), ("leaves", "17:00"), ("open_for", "0"),
        ("open_for", "-1"), ("open_for", "1000000000000"), ("weekdays", []),
    ],
)  # fmt: skip
def test_bad_input_makes_no_round(client, clerk, session, field, value):
    answer = create(client, **{field: value})

    page = Page(answer)
    assert page.status == 422
    assert page.faults()
    link, *_more = page.all("div", role="alert")[0].iter("a")
    assert page.by_id(link.get("href", "").removeprefix("#")).get("name") == field
    assert not recent_rounds(session, 10)


def test_a_promise_that_moves_needs_a_reason_and_is_shown_on_the_order(client, clerk, session):
    delivery = make.round()
    order, noise = make.order(delivery=delivery), make.order()
    later = (delivery.delivery_on + timedelta(days=1)).isoformat()

    refused = Page(move(client, delivery, delivery_on=later))
    assert refused.status == 422
    assert "Say why it moves" in refused.fault("because")
    done = move(client, delivery, delivery_on=later, because="xe hàng bị chặn ở chốt")

    assert done.status_code == 303
    page = Page(client.get(f"/o/{order.token}")).text()
    assert "The office has changed this delivery" in page
    assert "xe hàng bị chặn ở chốt" in page
    assert "The office has changed" not in Page(client.get(f"/o/{noise.token}")).text()
    (line,) = changes_of(session, "round", delivery.id)
    assert (line.field, line.by) == ("delivery_on", clerk.username)


def test_who_orders_after_the_move_is_not_told_of_it(client, clerk, session, stopped_clock):
    delivery = make.round()
    move(client, delivery, delivery_on=(delivery.delivery_on + timedelta(days=1)).isoformat())
    stopped_clock.forward(minutes=5)

    order = make.order(delivery=delivery)

    assert "The office has changed" not in Page(client.get(f"/o/{order.token}")).text()


def test_a_deadline_that_was_told_is_kept_and_dispatch_waits_for_it(client, clerk, session, stopped_clock):
    delivery = make.round()
    account = make.bank_account()
    order = make.order(delivery=delivery)
    told = order.expires_at

    early = Page(move(client, delivery, closes_at=local(told - timedelta(hours=3)),
                      dispatch_at=local(told - timedelta(hours=2)), because="hết chỗ"))  # fmt: skip
    assert (early.status, "may still pay" in early.fault("dispatch_at")) == (422, True)
    assert make.submit(client, f"/desk/admin/rounds/{delivery.id}/close", page=f"/desk/admin/rounds/{delivery.id}",
                       version=delivery.version, because="kho đã đầy").status_code == 303  # fmt: skip

    session.refresh(order)
    session.refresh(delivery)
    assert (order.expires_at, delivery.closes_at) == (told, clock.now())
    account.covered_until = told - timedelta(minutes=1)
    session.flush()
    assert not readiness(session, delivery, at=told, patience=timedelta(days=9)).covered
    assert "kho đã đầy" in Page(client.get(f"/o/{order.token}")).text()


def test_a_close_in_the_past_has_to_be_said(client, clerk, session):
    delivery = make.round(opens_at=clock.now() - timedelta(days=2))
    past = local(clock.now() - timedelta(hours=1))

    asked = Page(move(client, delivery, closes_at=past))

    assert (asked.status, bool(asked.fault("closed_now"))) == (422, True)
    assert move(client, delivery, closes_at=past, closed_now="y").status_code == 303


@pytest.mark.parametrize("field", ["opens_at", "closes_at", "dispatch_at", "delivery_on"])
@pytest.mark.parametrize("value", ["", "x", "0001-01-01T00:00", "9999-12-31T23:59", "-5"])
def test_a_time_that_is_none_is_told(client, clerk, session, field, value):
    delivery = make.round()

    page = Page(move(client, delivery, **{field: value}))

    assert page.status == 422
    assert page.faults()


def test_what_has_left_stays_as_it_was(client, clerk, session):
    order = make.paid_order(make.combo())
    delivery = order.round
    form = Page(client.get(f"/desk/admin/rounds/{delivery.id}")).filled()
    send(session, delivery)

    answer = make.submit(client, f"/desk/admin/rounds/{delivery.id}", page="/track", **{
        **form, "closes_at": local(delivery.closes_at - timedelta(hours=1)), "because": "muộn rồi"})  # fmt: skip

    assert answer.status_code == 409
    assert "has left" in Page(client.get(f"/desk/admin/rounds/{delivery.id}")).text()
    assert places(client, delivery, **{cell(capacities_of(session, delivery.id)[0]): "500"}).status_code == 409


def test_of_two_clerks_the_second_is_told_and_sees_both(client, clerk, session):
    delivery = make.round()
    form: dict[str, Any] = Page(client.get(f"/desk/admin/rounds/{delivery.id}")).filled()
    moved = {**plan.facts(delivery), "opens_at": delivery.opens_at - timedelta(hours=5)}
    plan.move(session, delivery, moved, seen=str(delivery.version), doer=Doer("kinhte9", clock.now()))

    page = Page(make.submit(client, f"/desk/admin/rounds/{delivery.id}", **form))

    assert page.status == 409
    assert "Somebody was quicker" in page.text()


def test_places_are_changed_where_they_changed(client, clerk, session):
    delivery = make.round()
    firm = make.supplier()
    here, there = make.capacity(delivery, firm, places=10), make.capacity(delivery, firm, ward="Đông Hòa", places=20)
    new = f"p-{make.ward('Tân Bình').id}-{firm.id}"

    assert places(client, delivery, **{cell(here): "15", new: "5"}).status_code == 303

    session.expire_all()
    kept = {each.ward_id: each.places for each in capacities_of(session, delivery.id)}
    assert kept == {here.ward_id: 15, there.ward_id: 20, make.ward("Tân Bình").id: 5}
    assert {
        (line.about.split(",")[0], line.was, line.became) for line in changes_of(session, "round", delivery.id)
    } == {
        ("Dĩ An", "10", "15"),
        ("Tân Bình", "", "5"),
    }


@pytest.mark.parametrize("typed", ["-1", "1.5", "1000000000000", "x", "", "１２"])
def test_a_place_that_is_no_number_is_told_at_its_cell(client, clerk, session, typed):
    delivery = make.round()
    here = make.capacity(delivery, make.supplier(), places=10)

    page = Page(places(client, delivery, **{cell(here): typed}))

    assert page.status == 422
    assert "a whole number" in page.fault(cell(here))
    session.refresh(here)
    assert here.places == 10


def test_places_never_fall_below_what_is_held(client, clerk, session):
    combo, delivery = make.combo(), make.round()
    here = make.capacity(delivery, combo.supplier, places=2)
    for _ in range(3):
        make.order(combo, delivery=delivery)  # the third is beyond the plan
    session.commit()
    session.refresh(here)
    assert (here.held, here.beyond) == (3, 1)

    page = Page(places(client, delivery, **{cell(here): "1"}))
    assert (page.status, "2 places are promised" in page.fault(cell(here))) == (422, True)
    assert places(client, delivery, **{cell(here): "5"}).status_code == 303

    session.refresh(here)
    assert (here.places, here.held, here.beyond) == (5, 3, 0)
    with pytest.raises(Exception, match="never_oversold"):
        session.execute(text("UPDATE capacities SET places = 0"))
    session.rollback()


def test_bulk_fill_and_copy_show_before_they_save(client, clerk, session):
    delivery, other, firm = make.round(), make.round(), make.supplier()
    here, there = make.capacity(delivery, firm, places=1), make.capacity(delivery, firm, ward="Đông Hòa", places=1)
    make.capacity(other, firm, places=77)

    filled = Page(places(client, delivery, fill="yes", all="9", **{f"row-{here.ward_id}": "4"}))
    copied = Page(places(client, delivery, copy="yes", like=other.id))

    assert (filled.value(cell(here)), filled.value(cell(there))) == ("4", "9")
    assert (copied.value(cell(here)), copied.value(cell(there))) == ("77", "1")
    session.refresh(here)
    assert here.places == 1


def test_of_two_grids_the_second_is_told(client, clerk, session):
    delivery = make.round()
    here = make.capacity(delivery, make.supplier(), places=10)
    places(client, delivery, **{cell(here): "15"})

    page = Page(places(client, delivery, version="1", **{cell(here): "20"}))

    assert page.status == 409
    assert "15" in page.text()
    assert page.value(cell(here)) == "20"
    assert client.post(f"/desk/admin/rounds/{delivery.id}/places", data=page.filled()).status_code == 303


def test_checkouts_and_a_smaller_plan_at_once_never_oversell(app, session):
    combo, delivery = make.combo(), make.round()
    capacity = make.capacity(delivery, combo.supplier, places=10)
    ids = (delivery.id, capacity.ward_id, capacity.supplier_id, capacity.id)
    session.commit()

    def act(number: int) -> str:
        if number == 5:
            done = set_places(db.session, ids[3], 3)
        else:
            try:
                take_places(db.session, round_id=ids[0], ward_id=ids[1], supplier_ids=[ids[2]])
                done = True
            except Exception:  # noqa: BLE001  (full: what the test counts)
                db.session.rollback()
                return "full"
        db.session.commit()
        return f"{'planned' if number == 5 else 'taken'} {done}"

    found = rush(app, 10, lambda number: in_a_post(app, lambda: act(number)))

    row = session.get_one(Capacity, ids[3], populate_existing=True)
    assert row.held == found["taken True"]
    assert row.held <= row.places
    assert (row.places == 3) is (found["planned True"] == 1)


def test_cancelled_orders_are_no_promise(client, clerk, session):
    delivery = make.round()
    make.order(delivery=delivery, state=OrderState.CANCELLED)

    assert move(client, delivery, delivery_on=(delivery.delivery_on + timedelta(days=1)).isoformat()).status_code == 303
