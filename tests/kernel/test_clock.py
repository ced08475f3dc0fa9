"""Vietnam's time, and a clock that can be stopped."""

from datetime import UTC, date, datetime, timedelta

from kernel import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_day_in_vietnam_begins_seven_hours_before_the_one_in_utc():
    with clock.frozen(datetime(2021, 9, 5, 17, tzinfo=UTC)):
        assert clock.today() == date(2021, 9, 6)
        assert clock.local(clock.now()).hour == 0
    assert clock.at(date(2021, 9, 6), 0) == datetime(2021, 9, 5, 17, tzinfo=UTC)


def test_a_whole_day_touches_the_next_and_does_not_overlap_it():
    first, last = clock.whole_day(date(2021, 9, 6))

    assert clock.whole_day(date(2021, 9, 7))[0] - last == timedelta(microseconds=1)
    assert last - first < timedelta(days=1)


def test_a_stopped_clock_goes_on_from_where_it_stood():
    noon, evening = clock.at(date(2021, 9, 6), 12), clock.at(date(2021, 9, 6), 18)

    with clock.frozen(noon):
        with clock.frozen(evening):
            assert clock.now() == evening
        assert clock.now() == noon
    assert clock.now() > evening
