"""A resident's way over the waiting list, page by page."""

import pytest
from sqlalchemy import select

from kernel import clock
from orders.models import Order
from orders.waiting.jobs import tend_the_lines
from orders.waiting.models import WaitingEntry, WaitingStatus
from tests import make
from tests.orders.shopping import FILLED, check_out, pick, stocked
from tests.pages import Page

WHO = {"name": "Lê Thị Chờ", "phone": "+84 987 654 321", "ward": "Dĩ An", "consent": "y"}


@pytest.fixture
def full(session, client):
    """A basket in hand, and the round is full."""
    combo, delivery = stocked(places=0)
    make.waiting(combo, delivery)
    make.waiting(combo, make.round())
    pick(client, combo)
    return combo, delivery


def join(client, **changed):
    return client.post("/waiting-list", data={**Page(client.get("/waiting-list")).filled(), **WHO, **changed})


def offered(session, entry):
    for capacity in entry.round.capacities:
        capacity.places = 2
    session.flush()
    tend_the_lines(session)
    session.commit()
    session.refresh(entry)
    assert entry.status is WaitingStatus.OFFERED


def test_a_full_round_leads_from_the_checkout_to_the_list_with_what_was_typed(client, full):
    refused = check_out(client, round=str(full[1].id))
    assert refused.status_code == 409
    assert "Join the waiting list" in Page(refused).text()

    token = make.csrf_token(client, "/checkout")
    page = Page(client.post("/waiting-list", data={**FILLED, "wait_for": full[1].id, "csrf_token": token}))

    assert page.status == 200
    assert page.faults() == {}
    assert {name: page.value(name) for name in ("name", "phone", "ward", "round", "consent")} == {
        "name": FILLED["name"],
        "phone": FILLED["phone"],
        "ward": FILLED["ward"],
        "round": str(full[1].id),
        "consent": "",
    }


def test_who_joins_sees_their_place_behind_those_who_came_before(client, full):
    answer = join(client)
    assert answer.status_code == 303

    shown = client.get(answer.location)

    assert "You are number 2" in Page(shown).text()
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in shown.headers["X-Robots-Tag"]


@pytest.mark.parametrize("missing", ["name", "phone", "ward", "consent"])
def test_what_is_missing_is_asked_for_and_nobody_is_put_on_the_list(session, client, full, missing):
    answer = join(client, **{missing: ""})

    assert (answer.status_code, list(Page(answer).faults())) == (422, [missing])
    assert session.scalars(select(WaitingEntry.id).where(WaitingEntry.phone == "0987654321")).all() == []


def test_a_second_time_with_the_same_phone_is_told_so_and_shows_nobodys_page(client, full):
    first = join(client)

    again = join(client, phone="0987654321")

    assert again.status_code == 409
    assert "on the list of this round already" in Page(again).text()
    assert first.location.split("/")[-1] not in again.text


def test_a_kept_place_is_ordered_through_the_checkout_with_what_we_know(session, client, stopped_clock, full):
    combo, delivery = full
    path = join(client).location
    entry = session.scalars(select(WaitingEntry).where(WaitingEntry.phone == "0987654321")).one()
    offered(session, entry)
    assert "A place is kept for you" in Page(client.get(path)).text()

    to_checkout = make.submit(client, f"{path}/order", page=path)
    page = Page(client.get(to_checkout.location))
    assert (page.value("name"), page.value("phone"), page.value("round")) == (
        WHO["name"],
        "0987654321",
        str(delivery.id),
    )
    form = {**page.filled(), "address": "5 Trần Hưng Đạo, KP Đông Tân", "consent": "y"}
    placed = client.post("/checkout", data=form)

    assert placed.status_code == 303
    order = session.scalars(select(Order)).one()
    assert (order.phone, order.lines[0].combo_id, len(order.holds)) == ("0987654321", combo.id, 1)
    assert client.get(path).location == placed.location


def test_a_kept_place_is_ordered_though_the_round_left_early_and_only_that_one(session, client, full):
    _combo, delivery = full
    path = join(client).location
    offered(session, session.scalars(select(WaitingEntry).where(WaitingEntry.phone == "0987654321")).one())
    delivery.dispatched_at = clock.now()
    session.commit()
    assert not Page(client.get("/checkout")).all("input", name="round", value=str(delivery.id))

    make.submit(client, f"{path}/order", page=path)
    page = Page(client.get("/checkout"))
    placed = client.post("/checkout", data={**page.filled(), "address": "5 Trần Hưng Đạo", "consent": "y"})

    assert page.value("round") == str(delivery.id)
    assert placed.status_code == 303


def test_a_visitor_without_the_kept_place_finds_the_round_full(session, client, full):
    entry = make.waiting(*full)
    offered(session, entry)
    for capacity in entry.round.capacities:
        session.refresh(capacity)
        assert capacity.held == capacity.places

    assert check_out(client, round=str(full[1].id)).status_code == 409


def test_an_offer_that_ran_out_is_not_ordered(session, client, stopped_clock, full):
    path = join(client).location
    entry = session.scalars(select(WaitingEntry).where(WaitingEntry.phone == "0987654321")).one()
    offered(session, entry)
    stopped_clock.forward(hours=3)

    answer = make.submit(client, f"{path}/order", page="/track")

    assert answer.location == path
    assert "has gone to the next" in Page(client.get(path)).text()


def test_who_leaves_is_deleted_and_the_link_is_dead(session, client, full):
    path = join(client).location

    make.submit(client, f"{path}/leave", page=path)

    assert client.get(path).status_code == 404
    assert session.scalars(select(WaitingEntry).where(WaitingEntry.phone == "0987654321")).all() == []


def test_the_office_sees_the_list_with_its_counts(client, full):
    join(client)
    make.signed_in(client)

    page = Page(client.get(f"/desk/rounds/{full[1].id}")).text()

    assert "On the waiting list2" in page
    assert "0987 654 321" in page


def test_a_round_that_takes_no_orders_has_no_list(client, full):
    full[1].closes_at = clock.now()
    assert join(client, round=str(full[1].id)).status_code == 409
