"""A resident's own door: the code to show, who brought it, the photograph and who may look, a second attempt."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.notices.outbox import trade
from kernel.notices.queries import notices_log
from office.retention.forget import forget
from orders.notices.events import Event
from suppliers.door.keep import tell
from suppliers.door.models import DoorKind, DoorReason
from suppliers.models import ParcelState
from suppliers.parcels import mark
from tests import make
from tests.pages import Page

D, F, U = DoorKind.DELIVERED, DoorKind.FAILED, DoorKind.UNDONE
SHOW = "Show this code to who brings it"


def page(client, out, stop=1):
    answer = client.get(f"/o/{out.parcel(stop).order.token}")
    return answer, Page(answer).text()


def plain(client, out, stop=1):
    client.set_cookie("language", "en")
    return client.get(f"/o/{out.parcel(stop).order.token}.txt").text


def brought(out, stop=1, **more):
    telling = out.telling(D, stop=stop, **more)
    event = tell(out.session, telling, out.courier, heard_at=clock.now(), photo=b"RIFFphoto")
    out.session.commit()
    return event


def photo(out, event, stop=1):
    return f"/o/{out.parcel(stop).order.token}/photos/{event.key}.webp"


def test_on_its_way_the_page_has_the_code_as_a_qr_and_in_letters(client, out):
    answer, words = page(client, out)

    assert SHOW in words
    assert answer.text.count('class="qr"') == 1
    assert out.parcel().order.code in words[words.index(SHOW) :]


def test_before_it_leaves_there_is_no_code_to_show(client, session):
    order = make.paid_order()
    session.commit()

    assert SHOW not in client.get(f"/o/{order.token}").text


def test_once_delivered_it_names_team_and_time_and_shows_the_photo_not_the_courier(client, out):
    event = brought(out)

    answer, words = page(client, out)

    assert "Brought by Đội 1" in words
    assert f'src="{photo(out, event)}"' in answer.text
    assert out.courier.name not in answer.text
    assert SHOW not in words
    assert "Brought by Đội 1 at" in plain(client, out)


def test_a_photo_that_was_forgotten_is_not_shown(client, out):
    event = brought(out)
    forget(out.session, [out.parcel().order], at=clock.now())
    out.session.commit()

    assert "photos/" not in page(client, out)[0].text
    assert client.get(photo(out, event)).status_code == 404


def test_without_a_photo_none_is_shown(client, out):
    out.tell(D)

    answer, words = page(client, out)

    assert "Brought by Đội 1" in words
    assert "photos/" not in answer.text


@pytest.mark.parametrize(("reason", "says"), [("absent", "We found nobody at home"), ("locked_area", "not let into")])
def test_after_a_first_attempt_it_says_why_and_that_a_second_follows_today(client, out, stopped_clock, reason, says):
    stopped_clock.set(clock.at(out.manifest.batch.round.delivery_on, 9))
    out.tell(F, reason=DoorReason(reason))

    _answer, words = page(client, out)

    assert says in words
    assert "We try once more today" in words
    assert SHOW in words
    assert "call 1022" not in words
    assert "once more today" in plain(client, out).replace("\n", " ")


def test_after_the_second_attempt_or_the_day_it_says_to_call(client, out, stopped_clock):
    stopped_clock.set(clock.at(out.manifest.batch.round.delivery_on, 9))
    for minute in (0, 5):
        out.tell(F, at=clock.now() + timedelta(minutes=minute), heard_at=clock.now() + timedelta(minutes=minute))
    out.tell(F, stop=2)
    assert "once more today" not in page(client, out)[1]
    assert "Please call 1022" in page(client, out)[1]

    stopped_clock.set(clock.at(out.manifest.batch.round.delivery_on + timedelta(days=1), 0))

    assert "Please call 1022" in page(client, out, stop=2)[1]
    assert "once more today" not in plain(client, out, stop=2)


def test_what_a_supplier_marked_failed_is_not_promised_again(client, out):
    mark(out.session, out.parcel(), ParcelState.FAILED, by="rau", at=clock.now(), because="đường bị chặn")
    out.session.commit()

    assert "Please call 1022" in page(client, out)[1]


def test_the_photo_is_private_and_no_engine_keeps_it(client, out):
    answer = client.get(photo(out, brought(out)))

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"RIFFphoto", "image/webp")
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_orders_link_and_no_orders_link_open_no_photo(client, out):
    event = brought(out, stop=1)

    other = client.get(photo(out, event, stop=2))
    nobodys = client.get(f"/o/{'x' * 32}/photos/{event.key}.webp")
    none = client.get(f"/o/{out.parcel(1).order.token}/photos/{'0' * 36}.webp")

    assert [each.status_code for each in (other, nobodys, none)] == [404, 404, 404]


def test_a_telling_that_was_taken_back_or_did_not_count_shows_no_photo(client, out):
    first = brought(out)
    second = brought(out, at=clock.now() + timedelta(0), key="f" * 8 + "-ffff-4fff-8fff-" + "f" * 12)
    counts, aside = (first, second) if first.outcome.value == "applied" else (second, first)
    assert client.get(photo(out, counts)).status_code == 200
    assert client.get(photo(out, aside)).status_code == 404

    for event in (first, second):
        out.tell(U, undoes=event.key)

    assert [client.get(photo(out, each)).status_code for each in (first, second)] == [404, 404]


def test_a_delivery_that_its_supplier_took_back_shows_no_photo(client, out):
    event = brought(out)
    mark(out.session, out.parcel(), ParcelState.DISPATCHED, by="rau", at=clock.now(), because="nhầm")
    out.session.commit()

    assert client.get(photo(out, event)).status_code == 404
    assert SHOW in page(client, out)[1]


def test_a_first_failure_is_told_with_a_second_attempt_a_second_one_with_the_hotline(client, out, session):
    out.tell(F)
    later = clock.now() + timedelta(minutes=5)
    out.tell(F, at=later, heard_at=later)

    told = [each for each in notices_log(session, subject=out.parcel().order.code) if each.event == Event.FAILED]
    first, second = (trade().words(each).text for each in sorted(told, key=lambda each: each.id))
    assert ("giao lại một lần" in first, "1022" in first) == (True, False)
    assert ("giao lại một lần" in second, "1022" in second) == (False, True)
