"""A payment lies within an interval; a statement covers its account up to a moment, and not further."""

from datetime import date, datetime, timedelta

import pytest

from kernel.clock import VIETNAM
from orders.payments.intervals import covers_until, interval
from tests.orders.payments.feeds.files import paid, statement

DAY = date(2021, 8, 30)
PERIOD = [["Tu ngay 29/08/2021 den ngay 30/08/2021"]]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def test_a_date_alone_is_the_whole_day_in_vietnam():
    earliest, latest = interval(DAY, None)

    assert (earliest, latest) == (at("2021-08-30"), at("2021-08-31") - timedelta(microseconds=1))
    assert earliest.isoformat() == "2021-08-29T17:00:00+00:00"


def test_a_time_to_the_second_is_that_second():
    assert interval(DAY, at("2021-08-30T06:21:08")) == (at("2021-08-30T06:21:08"), at("2021-08-30T06:21:08"))


def test_a_time_to_the_minute_is_that_minute():
    earliest, latest = interval(DAY, at("2021-08-30T06:21"))

    assert earliest == at("2021-08-30T06:21")
    assert latest == at("2021-08-30T06:22") - timedelta(microseconds=1)


@pytest.mark.parametrize("stamp", ["2021-08-30T00:00:01", "2021-08-30T23:59:59", "2021-08-29T16:00:01"])
def test_a_stamp_of_the_day_or_the_evening_before_narrows_it(stamp):
    assert interval(DAY, None, at(stamp)) == (at(stamp), at(stamp))


@pytest.mark.parametrize("stamp", ["2021-08-31T00:00:00", "2021-08-29T15:59:59", "2020-08-30T12:00:01"])
def test_a_stamp_from_elsewhere_narrows_nothing(stamp):
    assert interval(DAY, None, at(stamp)) == interval(DAY, None)


def test_the_bank_s_own_time_goes_before_a_stamp():
    booked_at = at("2021-08-30T06:21:08")

    assert interval(DAY, booked_at, at("2021-08-30T05:00:01")) == (booked_at, booked_at)


def test_a_statement_covers_its_stated_period():
    assert covers_until(statement(paid(day="29/08/2021"), above=PERIOD)) == at("2021-08-31")
    assert covers_until(statement(above=PERIOD)) == at("2021-08-31")


def test_a_period_that_had_not_ended_when_the_file_was_read_proves_nothing():
    read = statement(paid(day="29/08/2021"), above=PERIOD)

    assert covers_until(read, read_at=at("2021-08-30T12:00")) == at("2021-08-29")
    assert covers_until(read, read_at=at("2021-08-31")) == at("2021-08-31")


def test_without_a_period_it_covers_up_to_the_start_of_its_last_day():
    rows = [paid(day="30/08/2021"), paid(day="31/08/2021")]

    assert covers_until(statement(*rows)) == covers_until(statement(*rows[::-1])) == at("2021-08-31")


def test_a_time_or_a_stamp_carries_further():
    assert covers_until(statement(paid(day="30/08/2021 06:21:08"))) == at("2021-08-30T06:21:08")
    assert covers_until(statement(paid()), stamps={2: at("2021-08-30T07:00:01")}) == at("2021-08-30T07:00:01")


def test_a_stamp_of_the_evening_before_does_not_carry_back():
    assert covers_until(statement(paid()), stamps={2: at("2021-08-29T20:00:01")}) == at("2021-08-30")


def test_a_statement_without_rows_and_period_covers_nothing():
    assert covers_until(statement()) is None


def test_from_a_refused_row_on_nothing_is_sure():
    early, broken, late = paid(day="29/08/2021"), paid("broken"), paid(day="31/08/2021")

    assert covers_until(statement(early, broken, late, above=PERIOD)) == at("2021-08-29")
    assert covers_until(statement(late, broken, early)) == at("2021-08-29")
    assert covers_until(statement(broken, late)) is None


def test_a_refused_row_without_money_leaves_the_cover_whole():
    assert covers_until(statement(paid(), paid("0"), paid(day="31/08/2021"))) == at("2021-08-31")
