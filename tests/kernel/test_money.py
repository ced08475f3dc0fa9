"""Money as people write and read it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import MoneyFault, format_dong, parse_dong

SHOWN = {0: "0", 999: "999", 100_000: "100.000", 12_345_678: "12.345.678"}
WRONG = ("", "k", "-100000", "+5", "100.00", "100.5", "1.00.000", "100,5k", "1e5", "0x10", "một trăm", "100 usd", "1 2")


@pytest.mark.parametrize(("amount", "shown"), SHOWN.items())
def test_money_is_shown_in_groups_of_three(amount, shown):
    assert format_dong(amount) == f"{shown}\u00a0₫"


@pytest.mark.parametrize(
    "text",
    ["100000", "100.000", "100,000", "100 000", "100k", "100 K", " 100.000 ₫", "100.000đ", "100000 VND", "100.000 đồng"]
    + ["100.000\u00a0₫", "100.000\u00a0dong"],
)
def test_every_usual_way_to_write_it_is_read(text):
    assert parse_dong(text) == 100_000


@pytest.mark.parametrize("text", WRONG)
def test_decimals_and_what_is_no_amount_are_refused(text):
    with pytest.raises(MoneyFault):
        parse_dong(text)


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_shown_is_read_back(amount):
    assert parse_dong(format_dong(amount)) == amount


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    with suppress(MoneyFault):
        assert parse_dong(text) >= 0
