"""The loudspeaker's script: days and numbers in words, the ward's announcements, nobody's name."""

from datetime import date

import pytest

from kernel import clock
from tests import make
from tests.pages import Page


@pytest.fixture
def busy(stopped_clock, session, client):
    """Twenty-one households in Dĩ An (one with two orders), one in An Bình; one in Dĩ An has not paid."""
    closes = clock.at(date(2021, 9, 8), 18)
    delivery, combo = make.round(closes_at=closes), make.combo()
    for number in range(21):
        make.paid_order(combo, delivery=delivery, phone=f"09{number:08d}", name="Nguyễn Bí Mật")
    make.paid_order(combo, delivery=delivery, phone="0900000000")
    make.paid_order(combo, delivery=delivery, ward="An Bình")
    make.order(combo, delivery=delivery, phone="0988888888", name="Lê Chưa Trả")
    make.paid_order(combo)
    make.announcement("Đổi cổng nhận hàng", ward="Dĩ An", body="Nhận ở cổng số 3")
    make.announcement("Chỉ An Bình", ward="An Bình")
    make.signed_in(client)
    return delivery


def text(client, delivery, language="vi", ward="Dĩ An"):
    client.set_cookie("language", language)
    query = f"?ward={make.ward(ward).id}" if ward else ""
    return client.get(f"/desk/rounds/{delivery.id}/loudspeaker.txt{query}")


def test_it_says_day_households_deadline_and_hotline_in_words(client, busy):
    answer = text(client, busy)

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for words in (
        "thứ Năm, ngày chín tháng Chín",
        "hai mươi mốt",
        "mười tám giờ",
        "thứ Tư, ngày tám tháng Chín",
        "một không hai hai",
        "Đổi cổng nhận hàng. Nhận ở cổng số 3.",
    ):
        assert words in answer.text
    assert "Chỉ An Bình" not in answer.text


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("ward", ["Dĩ An", ""])
def test_it_names_nobody_and_reads_no_private_number(client, busy, language, ward):
    said = text(client, busy, language, ward).text
    for secret in ("Bí Mật", "Chưa Trả", "0900000000", "0988888888", "Lý Thường Kiệt"):
        assert secret not in said


def test_for_the_whole_city_each_ward_has_its_number(client, busy):
    said = text(client, busy, "en", "").text
    assert "Households that will receive their goods: 22." in said
    assert "An Bình, 1; Dĩ An, 21." in said


def test_the_page_shows_the_same(client, busy):
    client.set_cookie("language", "en")
    page = Page(client.get(f"/desk/rounds/{busy.id}/loudspeaker?ward={make.ward().id}"))
    assert "Thursday, 9 September, from the morning on" in page.text("script")


def test_in_an_english_script_a_vietnamese_announcement_is_marked_as_such(client, busy):
    make.announcement("Giao chậm một giờ")
    client.set_cookie("language", "en")

    page = Page(client.get(f"/desk/rounds/{busy.id}/loudspeaker?ward={make.ward().id}"))

    lines = {line.text or "": line.get("lang") for line in page.by_id("script")}
    assert [lang for text, lang in lines.items() if text.startswith("Giao chậm")] == ["vi"]
    assert lines["Thank you for listening."] == "en"


@pytest.mark.parametrize("over", ["closes_at", "dispatched_at"])
def test_after_the_close_or_an_early_dispatch_nobody_is_asked_to_order(client, busy, over):
    setattr(busy, over, clock.now())
    assert "takes no more orders" in text(client, busy, "en").text
