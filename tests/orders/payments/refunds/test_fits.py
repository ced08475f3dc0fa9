"""Which debit is which refund: only what is certain, in whatever order it comes."""

from datetime import date
from itertools import permutations

import pytest

from orders.payments.refunds.codes import new_code
from orders.payments.refunds.fits import Due, Out, pairs

DAY, LATER = date(2021, 9, 6), date(2021, 9, 7)
OURS = 1


def due(number, amount=100_000, account="0071", since=DAY):
    return Due(number, new_code(), account, amount, OURS, since)


def out(number, amount=100_000, memo="hoan tien", account="", *, booked_on=DAY, payer=OURS):
    return Out(number, payer, booked_on, amount, memo, account)


def fit(refunds, debits):
    """The same pairs in whatever order both come."""
    found = [pairs(some, others) for some in permutations(refunds) for others in permutations(debits)]
    assert all(each == found[0] for each in found)
    return found[0]


def test_code_and_amount_make_a_pair():
    one, two = due(1), due(2)

    assert fit([one, two], [out(7, memo=f"{two.code} hoan tien"), out(8, memo=f"x{one.code}")]) == {7: 2, 8: 1}


@pytest.mark.parametrize("amount", [99_999, 100_001])
def test_another_amount_is_for_a_person(amount):
    refund = due(1)

    assert fit([refund], [out(7, amount, refund.code), out(8, amount, account="0071")]) == {}


def test_of_two_payments_with_one_code_the_earlier_is_the_refund():
    refund = due(1)

    assert fit([refund], [out(7, memo=refund.code, booked_on=LATER), out(8, memo=refund.code)]) == {8: 1}


def test_without_a_code_account_and_amount_do_if_nothing_else_fits():
    assert fit([due(1), due(2, account="0072")], [out(7, account="00.71"), out(8, account="0099")]) == {7: 1}


def test_two_refunds_or_two_debits_that_fit_are_for_a_person():
    assert fit([due(1), due(2)], [out(7, account="0071")]) == {}
    assert fit([due(1)], [out(7, account="0071"), out(8, account="0071")]) == {}


def test_what_the_code_has_settled_leaves_one_that_fits():
    one, two = due(1), due(2)

    assert fit([one, two], [out(7, account="0071"), out(8, memo=two.code)]) == {7: 1, 8: 2}


@pytest.mark.parametrize("memo", [new_code(), f"{new_code()} {new_code()}"], ids=["one", "two"])
def test_a_memo_with_another_code_is_not_taken_by_its_account(memo):
    assert fit([due(1)], [out(7, memo=memo, account="0071")]) == {}


def test_a_memo_with_two_codes_is_for_a_person():
    one, two = due(1), due(2)

    assert fit([one, two], [out(7, memo=f"{one.code} {two.code}")]) == {}


def test_an_account_does_not_do_before_the_export_nor_from_another_of_ours_nor_where_there_is_none():
    assert fit([due(1, since=LATER)], [out(7, account="0071")]) == {}
    assert fit([due(1)], [out(7, account="0071", payer=2)]) == {}
    assert fit([due(1, account="")], [out(7)]) == {}
