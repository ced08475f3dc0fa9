"""A supplier's links to files end 48 hours after delivery; the office's do not."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.jobs import sweep
from people.models import Role
from suppliers.models import ParcelState
from suppliers.parcels import advance
from suppliers.queries import parcels_of_batch
from tests import books, make
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("stopped_clock")
FILES = (".pdf", ".csv", ".xlsx", ".json", "/labels.pdf")


def deliver(session, sent, many=3):
    for parcel in list(parcels_of_batch(session, sent.manifest.batch_id).values())[:many]:
        advance(parcel, ParcelState.DELIVERED, by="rau", at=clock.now(), because="")
    session.commit()


def end_of_day(sent, **later):
    return clock.at(sent.manifest.batch.round.delivery_on + timedelta(days=1), 0) + timedelta(**later)


@pytest.mark.parametrize("form", FILES)
def test_two_days_after_the_day_of_delivery_it_is_over_for_the_supplier(client, session, sent, stopped_clock, form):
    sweep()
    stopped_clock.set(end_of_day(sent, hours=-9))
    deliver(session, sent)
    stopped_clock.set(end_of_day(sent, hours=47, minutes=59))
    make.signed_in(client, sent.staff)
    assert client.get(sent.path + form).status_code in (200, 303)
    seen = books.count(session, "manifest_views")

    stopped_clock.set(end_of_day(sent, hours=48))
    late = Page(client.get(sent.path + form))

    assert late.status == 410
    assert "Delivery is over" in late.text()
    assert "ask the office" in late.text()
    assert books.count(session, "manifest_views") == seen
    make.submit(client, "/sign-out", page="/track")
    make.signed_in(client, make.staff())
    assert client.get(sent.path + form).status_code in (200, 303)


def test_a_late_mark_gives_two_days_from_then_on(client, session, sent, stopped_clock):
    stopped_clock.set(end_of_day(sent, hours=60))
    deliver(session, sent)

    stopped_clock.set(end_of_day(sent, hours=107, minutes=59))
    make.signed_in(client, sent.staff)
    assert client.get(sent.path + ".csv").status_code == 200
    stopped_clock.set(end_of_day(sent, hours=108))
    assert client.get(sent.path + ".csv").status_code == 410


@pytest.mark.parametrize(("days", "status"), [(6, 200), (7, 410)])
def test_while_a_stop_is_not_marked_it_ends_after_a_week(client, session, sent, stopped_clock, days, status):
    deliver(session, sent, many=2)
    stopped_clock.set(end_of_day(sent, days=days))
    make.signed_in(client, sent.staff)

    assert client.get(sent.path + ".csv").status_code == status


def test_the_page_stays_without_the_people(client, session, sent, stopped_clock):
    deliver(session, sent)
    stopped_clock.set(end_of_day(sent, hours=49))

    make.signed_in(client, sent.staff)
    page = Page(client.get(sent.path)).text()
    changes = client.get(sent.path + "/changes")

    assert "residents’ data are no longer shown" in page
    for order in sent.orders:
        assert order.code in page
        assert order.name not in page
        assert order.address not in page
    assert changes.status_code == 200
    make.submit(client, "/sign-out", page="/track")
    make.signed_in(client, make.staff(Role.OFFICE))
    assert sent.orders[0].name in client.get(sent.path).text
