"""What the notices say: in both languages, whole, and short enough for a phone."""

from dataclasses import replace
from datetime import datetime

import pytest

from kernel import clock
from kernel.notices.config import Notices
from kernel.notices.gsm import segments, without_tones
from kernel.notices.models import Channel, Notice
from orders.notices.events import Event
from orders.notices.telling import LONGEST_REASON, _cut
from orders.notices.wording import EVENTS, SAYINGS, fault_words, fields, words

SITE = "https://dichothay.dian.example"
WORST = {
    "token": "x" * 32,
    "total": 12_345_678,
    "paid": 11_345_678,
    "owed": 11_345_678,
    "amount": 12_345_678,
    "deadline": datetime(2021, 9, 6, 14, 50, tzinfo=clock.VIETNAM).isoformat(),
    "delivery": "2021-12-31",
    "slot": "all_day",
    "reason": _cut("không có ai ở nhà, gọi điện nhiều lần không được, hàng xóm không nhận hộ " * 4),
    "answer": _cut("hàng giao đủ cân, còn tươi, người giao và tổ trưởng đã cùng xem lại " * 4),
    "item": _cut("tôm thẻ chân trắng loại nhỏ đã làm sạch " * 4),
    "missing": _cut("tôm thẻ chân trắng loại nhỏ đã làm sạch 1,25 kg " * 4),
    "instead": _cut("thịt heo ba chỉ 500 g và hai bó rau muống " * 4),
    "gets": "equivalent",
}
NAME_WHAT = {Event.FAILED, Event.SHORT, Event.NOT_SHORT, Event.COMPLAINT_ACCEPTED, Event.COMPLAINT_REFUSED}


@pytest.fixture
def site(app):
    def at(url):
        settings = app.extensions["settings"]
        app.extensions["settings"] = replace(settings, notices=Notices(public_url=url))

    at(SITE)
    return at


def notice(event, language="vi", **changed):
    plain = {"subject": "DC2CYTZ9S", "event": event, "language": language, "params": WORST, "channel": Channel.SMS}
    return Notice(**{**plain, **changed})


pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize("event", [event for event in Event if event is not Event.PLACE_KEPT])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_names_the_order_what_happened_and_the_page(session, event, language):
    said = words(notice(event, language))

    assert "DC2CYTZ9S" in said.text
    assert said.text.endswith(f"{SITE}/o/{'x' * 32}")
    assert "%(" not in said.text + said.title
    assert said.link == f"{SITE}/o/{'x' * 32}"


@pytest.mark.parametrize(("language", "begins"), [("vi", "Đi Chợ Thay: có suất"), ("en", "Đi Chợ Thay: a place")])
def test_an_offer_names_day_and_end_and_leads_to_the_place_in_the_line(session, language, begins):
    offer = {"place": "y" * 32, "round": 1, "deadline": WORST["deadline"], "delivery": WORST["delivery"]}

    said = words(notice(Event.PLACE_KEPT, language, subject="W7", params=offer))

    assert said.text.startswith(begins)
    assert "31/12" in said.text
    assert "14:50 06/09" in said.text
    assert said.text.endswith(f"{SITE}/w/{'y' * 32}")
    assert "W7" not in said.text + said.title


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_fits_one_message_without_its_link_and_two_with_it(session, site, event, language):
    assert segments(without_tones(words(notice(event, language)).text)) <= 2
    site("")
    bare = words(notice(event, language))

    # A reason, and what goods are called, may be long, and is cut; it may cost a second message.
    assert segments(without_tones(bare.text)) <= (2 if event in NAME_WHAT else 1)
    assert bare.link == ""


@pytest.mark.parametrize(("gets", "says"), [("refund", "12.345.678"), ("call", "12.345.678"), ("nothing", "1022")])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_missing_is_told_with_what_one_gets_for_it(session, language, gets, says):
    said = words(notice(Event.SHORT, language, params={**WORST, "gets": gets}))

    assert str(WORST["missing"]) in said.text
    assert says in said.text or gets == "nothing"
    assert "%(" not in said.text
    assert segments(without_tones(said.text)) <= 2


def test_every_event_has_words_and_a_title(session):
    assert set(SAYINGS) == set(EVENTS) == set(Event)


def test_sums_times_and_days_as_people_write_them(session):
    said = words(notice(Event.PART_PAID, "en")).text

    assert "11.345.678\u00a0₫ has come" in said
    assert "before 14:50 06/09" in said


def test_an_e_mail_says_how_to_stop_it(session):
    assert "stop it" in words(notice(Event.PAID, "en", channel=Channel.EMAIL)).text
    assert "stop it" not in words(notice(Event.PAID, "en")).text


def test_a_long_reason_is_cut_and_a_short_one_is_not():
    assert len(_cut("x" * 500)) == LONGEST_REASON
    assert _cut("nobody home") == "nobody home"


def test_what_fills_a_template_is_text_and_names_nobody(session):
    filled = fields(notice(Event.PART_PAID))

    assert all(isinstance(value, str) for value in filled.values())
    assert set(filled) == {
        *("code", "total", "paid", "owed", "amount", "deadline", "delivery", "slot", "reason", "hotline", "link"),
        *("item", "missing", "instead", "gets", "answer"),
    }


def test_a_fault_without_words_keeps_its_code(session):
    assert (fault_words(""), fault_words("smtp-554")) == ("", "fault smtp-554")
    assert fault_words("http-410") == "the address is no more"
