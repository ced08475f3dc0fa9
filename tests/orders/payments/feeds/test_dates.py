"""A date is read day first or refused; a file that shows the month first is not trusted with 03/04."""

from datetime import date, datetime, time, timedelta

import pytest

from kernel.clock import VIETNAM
from orders.payments.feeds.amounts import CellFault
from orders.payments.feeds.columns import Order
from orders.payments.feeds.dates import DateStyle, date_style, read_day, read_when
from orders.payments.feeds.statement import Reason

USUAL = DateStyle(month_first=False, converted=False)
DAY = date(2021, 8, 30)
NAIVE = datetime.fromisoformat("2021-08-30T06:21:08")
MOMENT = NAIVE.replace(tzinfo=VIETNAM)


def reason_of(cell, clock="", style=USUAL):
    with pytest.raises(CellFault) as refusal:
        read_when(cell, clock, style)
    return refusal.value.reason


@pytest.mark.parametrize(
    "cell", ["30/08/2021", "30-08-2021", "30.08.2021", "2021-08-30", " 30/8/2021 ", DAY, 44438, 44438.0]
)
def test_a_date_alone_is_a_day_without_a_moment(cell):
    assert read_when(cell, "", USUAL) == (DAY, None)


@pytest.mark.parametrize(
    "cell",
    [
        "30/08/2021 06:21:08",
        "30/08/2021\n06:21:08",
        "30/08/2021 - 06:21:08",
        "30/08/2021 6:21:08.250",
        "2021-08-30 06:21:08",
        "2021-08-30T06:21:08",
        "2021-08-30T06:21:08+07:00",
        "2021-08-29T23:21:08Z",
        "06:21:08 30/08/2021",
        "06:21:08, 30-08-2021",
        "2021/08/30 06:21:08",
        "30-Aug-2021 06:21:08",
        "30/08/2021 06:21:08 AM",
        "30/08/2021 6:21:08 SA",
        NAIVE,
        (NAIVE - datetime.fromisoformat("1899-12-30")) / timedelta(days=1),
    ],
)
def test_a_time_makes_it_a_moment_in_vietnam(cell):
    assert read_when(cell, "", USUAL) == (DAY, MOMENT)


@pytest.mark.parametrize(
    ("clock", "hour"),
    [("12:05:00 AM", 0), ("12:05:00 PM", 12), ("06:05:00 PM", 18), ("6:05:00 CH", 18), ("18:05:00", 18)],
)
def test_halves_of_the_day_are_known_in_either_language(clock, hour):
    _day, moment = read_when(f"30/08/2021 {clock}", "", USUAL)

    assert moment is not None
    assert moment.hour == hour


def test_where_a_person_said_so_the_month_comes_first():
    style = date_style(["08/30/2021", "09/01/2021"], Order.MONTH)

    assert read_when("08/30/2021", "", style)[0] == DAY
    assert read_when("09/01/2021", "", style)[0] == date(2021, 9, 1)
    assert reason_of("30/08/2021", style=style) is Reason.UNREADABLE_DATE


def test_what_stands_below_a_date_is_told_apart_from_its_time():
    assert read_day("30/08/2021\n06:21:08", "", USUAL) == (DAY, MOMENT, "")
    assert read_day("30/08/2021\n06:21:08\nFT 1", "", USUAL) == (DAY, MOMENT, "FT 1")
    assert read_day("30/08/2021\n5243.65937", "", USUAL) == (DAY, None, "5243.65937")


@pytest.mark.parametrize("clock", ["06:21:08", "6:21:08", time(6, 21, 8)])
def test_a_time_may_stand_in_a_cell_of_its_own(clock):
    assert read_when("30/08/2021", clock, USUAL) == (DAY, MOMENT)


@pytest.mark.parametrize("cell", ["30/08/2021 00:00:00", datetime.fromisoformat("2021-08-30T00:00")])
def test_midnight_is_no_time(cell):
    assert read_when(cell, "", USUAL) == (DAY, None)


@pytest.mark.parametrize(
    ("cell", "clock", "reason"),
    [
        ("", "", Reason.NO_DATE),
        ("   ", "", Reason.UNREADABLE_DATE),
        ("08/30/2021", "", Reason.UNREADABLE_DATE),
        ("31/02/2021", "", Reason.UNREADABLE_DATE),
        ("30/08/21", "", Reason.UNREADABLE_DATE),
        ("30/08-2021", "", Reason.UNREADABLE_DATE),
        ("30 tháng 8", "", Reason.UNREADABLE_DATE),
        ("20210830", "", Reason.UNREADABLE_DATE),
        ("2021-W35-1", "", Reason.UNREADABLE_DATE),
        ("2021-13-01", "", Reason.UNREADABLE_DATE),
        ("30/08/2021 25:00:00", "", Reason.UNREADABLE_DATE),
        ("30/08/2021", "25:00", Reason.UNREADABLE_DATE),
        ("30/08/2021 13:00 PM", "", Reason.UNREADABLE_DATE),
        ("30-Xyz-2021", "", Reason.UNREADABLE_DATE),
        ("30/08/2021", "noon", Reason.UNREADABLE_DATE),
        ("30/08/2021", 0.5, Reason.UNREADABLE_DATE),
        (5.0, "", Reason.UNREADABLE_DATE),
        (float("nan"), "", Reason.UNREADABLE_DATE),
        (float("inf"), "", Reason.UNREADABLE_DATE),
        (True, "", Reason.UNREADABLE_DATE),
        (time(6, 21), "", Reason.UNREADABLE_DATE),
        ("30/08/1921", "", Reason.UNLIKELY_DATE),
        ("9999-12-31T23:59:59-23:00", "", Reason.UNREADABLE_DATE),
        ("30/08/0000", "", Reason.UNREADABLE_DATE),
    ],
)
def test_anything_else_is_refused_with_its_reason(cell, clock, reason):
    assert reason_of(cell, clock) is reason


def test_a_file_that_shows_the_month_first_is_not_trusted_where_it_reads_both_ways():
    style = date_style(["08/30/2021", "09/01/2021"])

    assert style.month_first
    assert reason_of("09/01/2021", style=style) is Reason.AMBIGUOUS_DATE
    assert reason_of("08/30/2021", style=style) is Reason.UNREADABLE_DATE
    assert read_when("09/09/2021", "", style)[0] == date(2021, 9, 9)
    assert read_when("30/08/2021", "", style)[0] == DAY


def test_texts_that_a_spreadsheet_turned_into_dates_are_not_trusted():
    turned = date(2021, 1, 9)  # 01/09/2021, taken for the ninth of January
    style = date_style(["30/08/2021", "31/08/2021", turned])

    assert style.converted
    assert reason_of(turned, style=style) is Reason.AMBIGUOUS_DATE
    assert read_when("30/08/2021", "", style)[0] == DAY


@pytest.mark.parametrize(
    "cells", [[], ["30/08/2021", "01/09/2021"], [DAY, "31/08/2021"], [date(2021, 9, 1)], ["x", 44438.0]]
)
def test_honest_files_are_trusted(cells):
    assert date_style(cells) == USUAL
