"""Who waits for a place in a full round is told when one is kept, once an offer, and forgotten when they are gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.jobs import sweep
from kernel.notices.config import Notices, SmsGateway
from kernel.notices.models import Notice
from orders.notices.events import Event
from orders.notices.jobs import forget_offers_of_who_left
from orders.notices.judging import overtaken
from orders.waiting import line
from orders.waiting.jobs import tend_the_lines
from orders.waiting.models import WaitingEntry, WaitingStatus
from tests import make
from tests.gateways import gateway
from tests.orders.shopping import pick, stocked
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def full(session):
    """A round without a free place, for which two wait."""
    delivery, combo = make.round(), make.combo()
    place = make.capacity(delivery, combo.supplier, places=0)
    first, second = (make.waiting(combo, delivery, phone=f"091111111{number}") for number in (1, 2))
    second.language = "en"
    session.commit()
    return place, first, second


def tend(session, place, places):
    place.places = places
    session.flush()
    tend_the_lines(session)
    session.commit()
    session.expire_all()


def told(session, *columns):
    found = session.scalars(select(Notice).where(Notice.event == Event.PLACE_KEPT).order_by(Notice.id))
    return [tuple(getattr(row, name) for name in columns or ("address", "language", "state")) for row in found]


def the_notice(session):
    session.expire_all()
    return session.scalars(select(Notice).where(Notice.event == Event.PLACE_KEPT)).one()


def test_each_is_told_once_in_their_language_when_a_place_is_kept(session, full):
    place, _first, _second = full

    tend(session, place, 1)
    tend(session, place, 1)
    assert told(session) == [("0911111111", "vi", "waiting")]
    tend(session, place, 2)

    assert told(session) == [("0911111111", "vi", "waiting"), ("0911111112", "en", "waiting")]


def test_an_offer_that_was_not_made_is_not_told(session, full):
    place, _first, _second = full
    place.places = 1
    session.flush()

    tend_the_lines(session)
    session.rollback()

    assert told(session) == []


def test_it_holds_as_long_as_the_place_is_kept(session, full, stopped_clock):
    place, first, _second = full
    tend(session, place, 1)
    assert overtaken(session, the_notice(session)) == ""

    stopped_clock.forward(hours=2)
    assert overtaken(session, the_notice(session)) == "place-gone"

    first.status = WaitingStatus.ORDERED
    session.commit()
    assert overtaken(session, the_notice(session)) == "place-gone"


def test_who_leaves_is_told_nothing_and_no_number_is_left(session, full):
    place, first, _second = full
    tend(session, place, 1)

    line.leave(session, first.id)
    session.commit()

    assert told(session) == []


def test_what_is_being_sent_while_they_leave_is_forgotten_afterwards(session, full, stopped_clock):
    place, first, _second = full
    order = make.order()
    noise = {"key": "n", "subject": order.code, "topic": "money", "event": "placed", "sense": "placed", "turn": 0}
    session.add(
        Notice(
            **noise,
            channel="hand",
            address="09",
            language="vi",
            params={},
            created_at=clock.now(),
            not_before=clock.now(),
        )
    )
    tend(session, place, 1)
    the_notice(session).lease_until = clock.now() + timedelta(minutes=5)
    session.commit()
    line.leave(session, first.id)
    session.commit()
    assert overtaken(session, the_notice(session)) == "no-entry"

    forget_offers_of_who_left(session)
    assert len(told(session)) == 1  # still being sent
    stopped_clock.forward(minutes=6)
    forget_offers_of_who_left(session)
    session.commit()

    assert told(session) == []
    assert session.scalar(select(Notice.subject)) == order.code


def test_who_still_waits_is_not_forgotten(session, full):
    place, _first, _second = full
    tend(session, place, 1)

    forget_offers_of_who_left(session)
    session.commit()

    assert len(told(session)) == 1


def test_at_the_rounds_close_nothing_that_was_told_is_left(session, full, stopped_clock):
    place, first, _second = full
    tend(session, place, 2)

    stopped_clock.set(first.round.closes_at)
    tend(session, place, 2)

    assert told(session) == []


@pytest.mark.parametrize(("hour", "until"), [(9, (0, 11)), (20, (0, 22)), (22, (1, 9)), (3, (0, 9))])
def test_what_comes_free_at_night_is_kept_until_people_have_heard_of_it(session, full, stopped_clock, hour, until):
    place, first, _second = full
    today = clock.today()
    stopped_clock.set(clock.at(today, hour))

    tend(session, place, 1)

    days, ends = until
    assert first.offered_until == clock.at(today + timedelta(days=days), ends)
    assert the_notice(session).not_before <= first.offered_until - timedelta(hours=2)


def test_a_city_that_rings_at_night_keeps_it_for_two_hours(app, session, full, stopped_clock):
    settings = app.extensions["settings"]
    urgent = Notices(urgent=frozenset({"place_kept"}))
    app.extensions["settings"] = replace(settings, notices=urgent)
    place, first, _second = full
    stopped_clock.set(clock.at(clock.today(), 22))

    tend(session, place, 1)

    assert first.offered_until == clock.now() + timedelta(hours=2)


def test_no_offer_outlasts_the_round(session, full, stopped_clock):
    place, first, _second = full
    stopped_clock.set(first.round.closes_at - timedelta(minutes=30))

    tend(session, place, 1)

    assert first.offered_until == first.round.closes_at


def test_who_joins_on_the_english_page_is_told_in_english(session, client):
    combo, _delivery = stocked(places=0)
    pick(client, combo)
    who = {"name": "Lê Thị Chờ", "phone": "0987654321", "ward": "Dĩ An", "consent": "y"}

    client.post("/waiting-list", data={**Page(client.get("/waiting-list")).filled(), **who})

    entry = session.scalars(select(WaitingEntry)).one()
    assert (entry.language, entry.consent_wording) == ("en", "2026-12-waiting")


def test_the_office_tells_it_by_hand_and_is_led_to_the_round(session, client, full):
    place, first, _second = full
    tend(session, place, 1)
    make.signed_in(client)

    by_hand = Page(client.get("/desk/notices/by-hand"))
    assert by_hand.all("a", href=f"/desk/rounds/{first.round_id}")
    assert "có suất" in by_hand.text()
    page = f"/desk/notices/{the_notice(session).id}/done"
    answer = make.submit(client, page, page="/desk/notices/by-hand", follow=True, did="told")

    assert "Waiting list: done." in Page(answer).text()
    assert Page(client.get("/desk/notices")).all("a", href=f"/desk/rounds/{first.round_id}")


def test_from_a_free_place_to_the_phone(app, session):
    with gateway() as there:
        rules = Notices(sms=SmsGateway(url=there.url), public_url="https://cho.example")
        app.extensions["settings"] = replace(app.extensions["settings"], notices=rules)
        delivery, combo = make.round(), make.combo()
        make.capacity(delivery, combo.supplier, places=1)
        entry = make.waiting(combo, delivery, phone="0911111111")
        session.commit()
        sweep()
        sweep()

    (heard,) = there.heard
    assert heard.json["to"] == "84911111111"
    assert heard.json["text"].endswith(f"https://cho.example/w/{entry.token}")
