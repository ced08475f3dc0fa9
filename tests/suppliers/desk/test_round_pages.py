"""Rounds at the desk: which comes first in the list, what has to be said to send one, what is true afterwards."""

import re
from datetime import timedelta

import pytest

from kernel import clock
from people.models import Role
from tests import make
from tests.desk import rows, send
from tests.pages import Page, words

pytestmark = pytest.mark.usefixtures("stopped_clock")
LISTS = ("/desk/rounds", "/desk/admin/rounds")


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


def delivered_in(days):
    return make.round(closes_at=clock.now() + timedelta(days=days - 1))


def dispatch(client, delivery, because=""):
    page = f"/desk/rounds/{delivery.id}"
    return make.submit(client, f"{page}/dispatch", page=page, because=because)


@pytest.mark.parametrize("path", LISTS)
def test_the_nearest_round_to_come_stands_first_and_those_gone_by_last(clerk, path):
    days = (-8, 3, 0, -1, 2, -3)
    made = {days: delivered_in(days) for days in days}

    links = [re.fullmatch(rf"{path}/([0-9]+)", a.get("href", "")) for a in Page(clerk.get(path)).all("a")]

    in_order = [str(made[days].id) for days in (0, 2, 3, -1, -3, -8)]
    assert [link[1] for link in links if link] == in_order


@pytest.mark.parametrize("path", LISTS)
def test_more_rounds_than_a_page_holds_go_on_in_the_same_order(clerk, path):
    for days in range(1, 43):
        delivered_in(days)
    last = clock.today() + timedelta(days=42)

    assert f"{last:%d/%m/%Y}" not in clerk.get(path).text
    assert f"{last:%d/%m/%Y}" in clerk.get(f"{path}?page=2").text


def test_what_is_not_ready_leaves_only_with_a_reason_which_is_asked_for_beside_its_field(clerk, session):
    order = make.paid_order()

    answer = Page(dispatch(clerk, order.round))

    assert answer.status == 422
    assert "To send it before, say why." in answer.fault("because")
    assert [a.get("href") for a in answer.by_id("main").iter("a") if "say why" in words(a)] == ["#because"]
    assert rows(session, "SELECT count(*) FROM parcels") == [(0,)]
    assert dispatch(clerk, order.round, "the market closes").status_code == 303
    assert rows(session, "SELECT because FROM batches") == [("the market closes",)]


def test_where_nothing_is_paid_the_page_says_so_and_nothing_leaves(clerk):
    answer = Page(dispatch(clerk, make.order().round, "all the same"))

    assert answer.status == 422
    assert "No paid order is waiting in this round. Match the payments first." in answer.text()


def test_a_round_that_has_left_asks_nobody_to_match_payments(clerk, session):
    delivery = make.paid_order().round
    send(session, delivery)

    page = Page(clerk.get(f"/desk/rounds/{delivery.id}"))

    assert "This round has left, and no further paid order is waiting." in page.text()
    assert "Match the payments first" not in page.text()
    assert "second batch" not in page.text()
    assert "has left, and no further" in Page(dispatch(clerk, delivery, "again")).text()


def test_who_may_still_pay_is_told_of_where_the_round_has_left(clerk, session):
    order = make.paid_order()
    make.order(delivery=order.round)
    send(session, order.round)

    page = Page(clerk.get(f"/desk/rounds/{order.round.id}"))

    assert "What is paid from now on stands here and leaves in a second batch." in page.text()


@pytest.mark.parametrize("closes_in", [timedelta(days=1), timedelta(0)])
def test_that_nobody_can_order_any_more_is_told_before_an_early_dispatch(clerk, closes_in):
    opened = clock.now() - timedelta(days=1)
    order = make.paid_order(delivery=make.round(opens_at=opened, closes_at=clock.now() + closes_in))

    said = "Residents can't order in this round any more" in clerk.get(f"/desk/rounds/{order.round.id}").text

    assert said is bool(closes_in)


def test_a_supplier_sends_no_round(client, session):
    order = make.paid_order()
    make.signed_in(client, make.staff(Role.SUPPLIER))

    answer = make.submit(client, f"/desk/rounds/{order.round.id}/dispatch", page="/suppliers/", because="mine")

    assert answer.status_code == 403
