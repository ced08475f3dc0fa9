"""What a bank states of a day: from the rows' balances in their order, or from the head of its statement."""

from datetime import timedelta

import pytest

from orders.payments.close.moved.queries import StatementSays, Told
from orders.payments.close.stated import Stated, end_of, stated
from tests.orders.payments.close.days import MONDAY


def says(key=1, *, until=None, **more):
    told = {"period_from": None, "period_to": None, "opening": None, "closing": None, "first": None, "last": None}
    return StatementSays(id=key, filename=f"{key}.csv", covers_until=until or end_of(MONDAY), **{**told, **more})


def rows(*movements, key=1):
    """(what it adds, the balance after it) each, in the order of the file."""
    return [Told(key, number, signed, balance) for number, (signed, balance) in enumerate(movements, start=2)]


def test_the_first_row_tells_the_opening_and_the_last_the_closing():
    assert stated(MONDAY, rows((100, 1100), (-50, 1050)), {1: says()}) == Stated("1.csv", 1000, 1050)


def test_a_statement_with_the_newest_row_first_is_read_from_its_end():
    assert stated(MONDAY, rows((-50, 1050), (100, 1100)), {1: says()}) == Stated("1.csv", 1000, 1050)


@pytest.mark.parametrize(
    ("first", "last", "closing"), [("2021-09-01", "2021-09-30", 1000), ("2021-09-30", "2021-09-01", 1100)]
)
def test_where_the_balances_lead_both_ways_the_whole_statement_decides(first, last, closing):
    there_and_back = rows((100, 1100), (-100, 1000))

    found = stated(MONDAY, there_and_back, {1: says(first=first, last=last)})

    assert found is not None
    assert found.closing == closing


def test_a_statement_that_ends_within_the_day_states_nothing_of_its_end():
    early = says(until=end_of(MONDAY) - timedelta(seconds=1))

    assert stated(MONDAY, rows((100, 1100)), {1: early}) is None
    assert stated(MONDAY, rows((100, 1100)), {1: says()._replace(covers_until=None)}) is None


def test_the_statement_that_tells_the_most_is_asked_and_of_equals_the_newest():
    few, many, newer = rows((100, 1)), rows((100, 2), (100, 102), key=2), rows((100, 3), (100, 103), key=3)

    found = stated(MONDAY, [*newer, *few, *many], {1: says(1), 2: says(2), 3: says(3)})

    assert found == Stated("3.csv", -97, 103)


def test_without_balances_the_head_speaks_for_the_ends_of_its_period():
    head = says(period_from="2021-09-06", period_to="2021-09-06", opening=1000, closing=1200)

    assert stated(MONDAY, rows((100, None), (100, None)), {1: head}) == Stated("1.csv", 1000, 1200)


def test_the_head_says_nothing_of_a_day_in_between():
    head = says(period_from="2021-09-01", period_to="2021-09-30", opening=1000, closing=1200)

    assert stated(MONDAY, rows((100, None)), {1: head}) == Stated("1.csv", None, None)


def test_no_statement_no_word():
    assert stated(MONDAY, [], {}) is None
