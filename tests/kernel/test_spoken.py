"""Numbers, days and hours as a loudspeaker says them."""

from datetime import date

import pytest

from kernel import clock, spoken


@pytest.mark.parametrize(
    ("many", "words"),
    [
        (0, "không"),
        (1, "một"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (91, "chín mươi mốt"),
        (100, "một trăm"),
        (101, "một trăm lẻ một"),
        (104, "một trăm lẻ bốn"),
        (105, "một trăm lẻ năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (555, "năm trăm năm mươi lăm"),
        (1000, "một ngàn"),
        (1005, "một ngàn không trăm lẻ năm"),
        (1015, "một ngàn không trăm mười lăm"),
        (1100, "một ngàn một trăm"),
        (2021, "hai ngàn không trăm hai mươi mốt"),
        (10_000, "mười ngàn"),
        (21_001, "hai mươi mốt ngàn không trăm lẻ một"),
        (100_000, "một trăm ngàn"),
        (105_000, "một trăm lẻ năm ngàn"),
        (1_000_000, "một triệu"),
        (1_000_005, "một triệu không trăm lẻ năm"),
        (1_250_000, "một triệu hai trăm năm mươi ngàn"),
        (1_005_000, "một triệu không trăm lẻ năm ngàn"),
        (2_000_000_000, "hai tỷ"),
    ],
)
def test_a_number_is_said_as_people_say_it(many, words):
    assert spoken.number(many) == words


def test_no_two_numbers_sound_alike():
    assert len({spoken.number(many) for many in range(20_000)}) == 20_000


def test_no_number_is_said_with_a_word_left_out_or_twice():
    for many in range(1, 3000):
        words = spoken.number(many).split()
        assert "  " not in spoken.number(many)
        assert words.count("mươi") <= 1
        assert "mươi một" not in spoken.number(many)
        assert "mươi năm" not in spoken.number(many)
        assert "mười năm" not in spoken.number(many)


@pytest.mark.parametrize("many", [-1, spoken.MOST + 1])
def test_what_has_no_words_is_refused(many):
    with pytest.raises(ValueError, match="from 0"):
        spoken.number(many)


def test_english_keeps_its_figures():
    assert spoken.number(1234, "en") == "1,234"
    assert spoken.day(date(2021, 9, 2), "en") == "Thursday, 2 September"
    assert spoken.hour(clock.at(date(2021, 9, 2), 18), "en") == "18:00"
    assert spoken.digits("1022", "en") == "1 0 2 2"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1022", "một không hai hai"),
        ("1900 1022", "một chín không không, một không hai hai"),
        ("0274.3790.115", "không hai bảy bốn, ba bảy chín không, một một năm"),
        ("", ""),
        ("gọi phường", ""),
    ],
)
def test_a_phone_is_read_figure_by_figure(text, words):
    assert spoken.digits(text) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2021, 9, 2), "thứ Năm, ngày hai tháng Chín"),
        (date(2021, 9, 5), "Chủ nhật, ngày năm tháng Chín"),
        (date(2021, 4, 15), "thứ Năm, ngày mười lăm tháng Tư"),
        (date(2021, 12, 31), "thứ Sáu, ngày ba mươi mốt tháng Mười Hai"),
        (date(2021, 1, 4), "thứ Hai, ngày bốn tháng Một"),
    ],
)
def test_a_day_is_said_with_its_weekday_and_month(on, words):
    assert spoken.day(on) == words


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (18, 0, "mười tám giờ"),
        (6, 30, "sáu giờ ba mươi phút"),
        (21, 5, "hai mươi mốt giờ năm phút"),
        (0, 0, "không giờ"),
    ],
)
def test_an_hour_is_that_of_a_clock_in_vietnam(hour, minute, words):
    assert spoken.hour(clock.at(date(2021, 9, 2), hour, minute)) == words
