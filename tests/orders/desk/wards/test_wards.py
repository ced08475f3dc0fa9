"""Wards locked, opened or put first: refused in words before payment, told in the shop, written down, held back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.queries import changes_of
from orders.groups.place import place_group
from orders.models import OrderState
from orders.payments.late.choices import choices_of
from orders.queries import count_held_back, count_ready
from orders.waiting.jobs import tend_the_lines
from people.models import Standing
from shop.wards import WardLocked
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import pay, send
from tests.orders.shopping import check_out, pick, stocked
from tests.pages import Page

BECAUSE = "phong tỏa khu phố 3 để truy vết"


@pytest.fixture
def clerk(client, stopped_clock):
    return make.signed_in(client)


def keep(client, ward, **changed):
    path = f"/desk/admin/rounds/wards/{ward.id}"
    return make.submit(client, path, **{**Page(client.get(path)).filled(), "because": BECAUSE, **changed})


def test_the_office_locks_a_ward_with_a_reason_which_stays_in_history(client, clerk, session):
    ward = make.ward("An Bình")

    assert keep(client, ward, standing="locked").status_code == 303

    session.refresh(ward)
    assert (ward.standing, ward.standing_because, ward.standing_since) == (Standing.LOCKED, BECAUSE, clock.now())
    (line,) = changes_of(session, "ward", ward.id)
    assert (line.was, line.became, line.by, line.because) == ("open", "locked", clerk.username, BECAUSE)
    page = Page(client.get("/desk/admin/rounds/wards")).text()
    assert f"An Bình Locked {BECAUSE} (since 06/09/2021 09:00)" in page


def test_opened_again_it_keeps_no_reason_and_another_reason_keeps_the_day(client, clerk, session, stopped_clock):
    ward = make.stands("An Bình", Standing.LOCKED)
    since = ward.standing_since
    stopped_clock.forward(hours=5)

    assert keep(client, ward, standing="locked").status_code == 303
    session.refresh(ward)
    assert (ward.standing_because, ward.standing_since) == (BECAUSE, since)
    assert keep(client, ward, standing="open", because="hết phong tỏa").status_code == 303
    session.refresh(ward)
    assert (ward.standing, ward.standing_because, ward.standing_since) == (Standing.OPEN, "", None)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("because", ""), ("because", "vì"), ("because", "x" * 201)),
        *(("standing", ""), ("standing", "closed"), ("standing", "open")),
    ],
)
def test_bad_input_is_told_beside_the_field(client, clerk, session, field, typed):
    ward = make.ward("An Bình")

    page = Page(keep(client, ward, **{"standing": "locked", field: typed}))

    assert page.status == 422
    assert page.fault(field)
    session.refresh(ward)
    assert ward.standing is Standing.OPEN


def test_a_preview_shows_what_residents_read_and_saves_nothing(client, clerk, session):
    ward = make.ward("An Bình")

    page = Page(keep(client, ward, standing="prioritised", preview="yes"))

    assert page.status == 200
    assert f"An Bình comes first {BECAUSE} (since 06/09/2021 09:00)" in page.text()
    assert page.value("standing") == "prioritised"
    session.refresh(ward)
    assert ward.standing is Standing.OPEN


def test_of_two_clerks_the_second_is_told(client, clerk, session):
    ward = make.ward("An Bình")
    form: dict[str, Any] = Page(client.get(f"/desk/admin/rounds/wards/{ward.id}")).filled()
    make.stands(ward, Standing.PRIORITISED)

    page = Page(make.submit(client, f"/desk/admin/rounds/wards/{ward.id}", **{**form, "standing": "locked",
        "because": BECAUSE}))  # fmt: skip

    assert (page.status, "Somebody was quicker" in page.text()) == (409, True)


def test_a_ward_of_2025_has_no_such_page(client, clerk, session):
    ward_id = session.execute(text("SELECT max(id) FROM wards")).scalar_one()

    assert client.get(f"/desk/admin/rounds/wards/{ward_id}").status_code == 404


def test_residents_of_a_locked_ward_read_so_and_cannot_order(client, session, stopped_clock):
    combo, delivery = stocked()
    pick(client, combo)
    make.stands("Dĩ An", Standing.LOCKED, BECAUSE)

    assert f"No deliveries to Dĩ An now {BECAUSE} (since 06/09/2021 09:00)" in Page(client.get("/")).text()
    page = Page(check_out(client))

    assert page.status == 409
    assert f"Nothing is delivered to Dĩ An since 06/09/2021 09:00: {BECAUSE}" in page.fault("ward")
    assert session.execute(text("SELECT count(*) FROM orders")).scalar_one() == 0
    make.capacity(delivery, combo.supplier, ward="An Bình")
    assert check_out(client, ward="An Bình").status_code == 303


def test_nor_wait_nor_lead_a_group(client, session, stopped_clock):
    combo, delivery = stocked(places=0)
    draft = make.group_draft(delivery, combo)
    make.stands("Dĩ An", Standing.LOCKED, BECAUSE)
    pick(client, combo)
    who: dict[str, Any] = {
        "name": "Lê Thị Mận",
        "phone": "0912345678",
        "ward": "Dĩ An",
        "round": delivery.id,
        "consent": "y",
    }

    waits, leads = Page(make.submit(client, "/waiting-list", **who)), Page(make.submit(client, "/group", **who))

    assert (waits.status, BECAUSE in waits.fault("ward")) == (409, True)
    assert (leads.status, BECAUSE in leads.fault("ward")) == (422, True)
    assert BECAUSE in Page(client.get(f"/g/{draft.token}")).text()
    with pytest.raises(WardLocked):
        place_group(session, draft.token, at=clock.now(), window=timedelta(hours=24))


def test_nobody_of_a_locked_ward_is_offered_a_place(session, stopped_clock):
    combo, delivery = make.combo(), make.round()
    make.capacity(delivery, combo.supplier)
    entry = make.waiting(combo, delivery)
    ward = make.stands("Dĩ An", Standing.LOCKED)
    tend_the_lines(session)
    assert entry.status.value == "waiting"

    make.stands(ward, Standing.OPEN)
    tend_the_lines(session)

    assert entry.status.value == "offered"


def test_what_was_ordered_before_is_shown_to_the_office_and_its_resident(client, clerk, session):
    order, other = make.order(ward="An Bình"), make.order(ward="Dĩ An")
    gone = make.order(ward="An Bình", state=OrderState.CANCELLED)
    ward = make.stands("An Bình", Standing.LOCKED, BECAUSE)

    desk = Page(client.get(f"/desk/admin/rounds/wards/{ward.id}")).text()

    assert order.code in desk
    assert other.code not in desk
    assert gone.code not in desk
    assert "Your order is not lost" in Page(client.get(f"/o/{order.token}")).text()
    assert "No deliveries" not in Page(client.get(f"/o/{other.token}")).text()


def test_it_can_still_be_paid_and_is_held_back_until_the_ward_opens(client, clerk, session, right_books):
    combo, delivery = make.combo(), make.round()
    here, there = (make.order(combo, delivery=delivery, ward=ward) for ward in ("Dĩ An", "An Bình"))
    ward = make.stands("An Bình", Standing.LOCKED, BECAUSE)
    for order in (here, there):
        pay(session, make.transfer(order.total), order)
    assert (count_ready(session, delivery.id), count_held_back(session, delivery.id)) == (1, 1)
    assert "1 paid order stays here" in Page(client.get(f"/desk/rounds/{delivery.id}")).text()

    send(session, delivery)
    assert [bool(order.dispatched_at) for order in (here, there)] == [True, False]

    make.stands(ward, Standing.OPEN)
    send(session, delivery)
    assert there.dispatched_at


def test_money_that_comes_late_is_not_put_into_a_round_of_a_locked_ward(session, stopped_clock):
    combo, coming = make.combo(), make.round(closes_at=clock.now() + timedelta(days=5))
    make.capacity(coming, combo.supplier)
    order = make.order(combo, state=OrderState.EXPIRED)
    transfer = make.transfer(order.total)
    (open_,) = choices_of(session, transfer, [order], at=clock.now())
    make.stands("Dĩ An", Standing.LOCKED)

    (locked,) = choices_of(session, transfer, [order], at=clock.now())

    assert (open_.coming, locked.coming) == (coming, None)


def test_wards_that_come_first_are_first_on_the_manifest(session):
    combo, delivery = make.combo(), make.round()
    wards = ("An Bình", "Dĩ An", "Tân Bình")
    orders = [make.paid_order(combo, delivery=delivery, ward=ward) for ward in wards]
    make.stands("Tân Bình", Standing.PRIORITISED, "vừa mở lại")

    (manifest,) = send(session, delivery)

    assert [stop["ward"] for stop in manifest.snapshot["stops"]] == ["Tân Bình", "An Bình", "Dĩ An"]
    assert parcels_of_batch(session, manifest.batch_id)[1].order_id == orders[2].id


def test_who_comes_first_reads_so_in_the_shop(client, session, stopped_clock):
    make.stands("Tân Bình", Standing.PRIORITISED, "vừa mở lại sau hai tuần")

    page = Page(client.get("/")).text()

    assert "Tân Bình comes first vừa mở lại sau hai tuần" in page


def test_the_database_wants_a_reason(session):
    with pytest.raises(IntegrityError, match="standing_with_reason"):
        session.execute(text("UPDATE wards SET standing = 'locked'"))
    session.rollback()
