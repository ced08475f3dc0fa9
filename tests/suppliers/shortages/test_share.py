"""Shared out, nothing is lost or made up: what is delivered is what was supplied, whatever the order of the input."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from suppliers.shortages import share
from suppliers.shortages.share import Claim, by_payment, in_proportion

WAYS = (by_payment, in_proportion)
MONDAY = clock.now()


SIZES, SAME = st.sampled_from([200, 300, 500, 700, 1000]), st.just(500)


@st.composite
def shortages(draw, sizes=SIZES):
    """(missing, claims): something is missing, at most all that was ordered."""
    many = draw(st.integers(1, 12))
    claims = [
        Claim(
            key,
            draw(st.integers(1, 6)),
            draw(sizes),
            MONDAY + timedelta(minutes=draw(st.integers(0, 5))),
        )
        for key in range(1, many + 1)
    ]
    return draw(st.integers(1, sum(claim.quantity for claim in claims))), claims


def taken(claims, lost):
    return sum(lost.get(claim.key, 0) * claim.size for claim in claims)


@pytest.mark.parametrize("way", WAYS)
@given(case=shortages())
def test_what_is_missing_is_covered_and_no_portion_more(way, case):
    missing, claims = case
    lost = way(missing, claims)

    over = taken(claims, lost) - missing
    assert 0 <= over < min(claim.size for claim in claims if lost.get(claim.key))


@pytest.mark.parametrize("way", WAYS)
@given(case=shortages(sizes=SAME), portions=st.data())
def test_whole_portions_missing_are_the_whole_shortage(way, case, portions):
    _missing, claims = case
    missing = 500 * portions.draw(st.integers(1, sum(claim.portions for claim in claims)))

    assert taken(claims, way(missing, claims)) == missing


@pytest.mark.parametrize("way", WAYS)
@given(case=shortages())
def test_nobody_loses_more_than_was_ordered(way, case):
    missing, claims = case
    lost = way(missing, claims)

    assert all(0 < lost[claim.key] <= claim.portions for claim in claims if claim.key in lost)


@pytest.mark.parametrize("way", WAYS)
@given(case=shortages(), seed=st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(way, case, seed):
    missing, claims = case
    shuffled = list(claims)
    seed.shuffle(shuffled)

    assert way(missing, shuffled) == way(missing, claims)


@pytest.mark.parametrize("way", WAYS)
@given(case=shortages())
def test_all_that_was_ordered_missing_is_everybodys_all(way, case):
    _missing, claims = case

    assert way(sum(claim.quantity for claim in claims), claims) == {claim.key: claim.portions for claim in claims}


@given(case=shortages(sizes=SAME))
def test_who_paid_later_goes_without_before_who_paid_earlier(case):
    missing, claims = case
    lost = by_payment(missing, claims)

    for early in claims:
        for late in claims:
            if (early.paid_at, early.key) < (late.paid_at, late.key) and lost.get(early.key):
                assert lost.get(late.key) == late.portions


@given(case=shortages(sizes=SAME))
def test_in_proportion_nobody_is_further_than_a_portion_from_their_part(case):
    missing, claims = case
    lost, ordered = in_proportion(missing, claims), sum(claim.quantity for claim in claims)

    for claim in claims:
        part = missing * claim.portions / ordered
        assert part - 1 < lost.get(claim.key, 0) < part + 1


def test_three_households_under_each_rule():
    first, second, third = (
        Claim(key, many, 500, MONDAY + timedelta(hours=key)) for key, many in ((1, 2), (2, 2), (3, 4))
    )

    assert by_payment(2_000, [first, second, third]) == {3: 4}
    assert by_payment(2_100, [first, second, third]) == {3: 4, 2: 1}
    assert in_proportion(2_000, [first, second, third]) == {1: 1, 2: 1, 3: 2}
    assert in_proportion(500, [first, second, third]) == {3: 1}


def test_a_surplus_that_is_not_handed_out_is_caught(monkeypatch):
    """The control: without the last step portions of several sizes take more than is missing."""
    monkeypatch.setattr(share, "_without_surplus", lambda _missing, _claims, lost: lost)
    small, large = Claim(1, 1, 200, MONDAY), Claim(2, 1, 1_000, MONDAY - timedelta(hours=1))

    lost = by_payment(900, [small, large])

    assert taken([small, large], lost) - 900 >= small.size
