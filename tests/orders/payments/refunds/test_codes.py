"""A refund's code in a bank's memo."""

import pytest

from orders.payments.refunds.codes import codes_in, new_code
from orders.reference import ALPHABET
from orders.reference import new_code as order_code

CODE, ANOTHER = new_code(), order_code()  # drawn anew each time: tests are named by what is done with them
WRONG = CODE[:-1] + ALPHABET[(ALPHABET.index(CODE[-1]) + 1) % len(ALPHABET)]


@pytest.mark.parametrize(
    "memo",
    [CODE, f"MBVCB.1.{CODE} hoan tien DC2CYTZ9S.CT tu", f"{CODE[:5]} {CODE[5:]}", CODE.lower(), f"HT{CODE}X"],
    ids=["alone", "in a wrapper", "with a blank", "in small letters", "among letters"],
)
def test_it_is_found_whatever_stands_around_it(memo):
    assert CODE in set(codes_in(memo))


@pytest.mark.parametrize(
    "memo",
    ["", "hoan tien", ANOTHER, CODE[:-1], WRONG],
    ids=["nothing", "words", "an order's", "cut", "with a wrong symbol"],
)
def test_what_is_no_whole_code_is_none(memo):
    assert list(codes_in(memo)) == []
