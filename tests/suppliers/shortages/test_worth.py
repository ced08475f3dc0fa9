"""What is missing of a combo is worth its part of the price, rounded for the resident, and never more than the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.quantities import Unit
from suppliers.shortages.worth import Portion, Priced, worth

FISH, EGGS, GREENS = ("cá", Unit.GRAM), ("trứng gà", Unit.PIECE), ("rau muống", Unit.GRAM)
COMBO = (Portion(FISH, 500), Portion(EGGS, 10), Portion(GREENS, 300))


def line(quantity=2, unit_price=100_000):
    return Priced(quantity, unit_price, COMBO)


@pytest.mark.parametrize(
    ("lost", "comes_to"),
    [
        ({FISH: 1}, 33_334),
        ({FISH: 2}, 66_668),
        ({FISH: 1, EGGS: 1}, 66_668),
        ({FISH: 1, EGGS: 1, GREENS: 1}, 100_000),
        ({FISH: 2, EGGS: 1, GREENS: 1}, 133_334),
        ({FISH: 2, EGGS: 2, GREENS: 2}, 200_000),
        ({FISH: 9}, 66_668),
        ({}, 0),
    ],
    ids=str,
)
def test_without_prices_a_combos_price_is_shared_evenly(lost, comes_to):
    assert worth(line(), lost, {}) == comes_to


@pytest.mark.parametrize(
    ("prices", "comes_to"),
    [({FISH: 120_000}, 60_000), ({FISH: 33_333}, 16_667), ({FISH: 900_000}, 100_000), ({EGGS: 3_500}, 33_334)],
    ids=str,
)
def test_the_offices_price_of_the_item_goes_first_up_to_the_combos(prices, comes_to):
    assert worth(line(), {FISH: 1}, prices) == comes_to


def test_pieces_are_priced_each():
    assert worth(line(), {EGGS: 1}, {EGGS: 3_500}) == 35_000


@given(
    quantity=st.integers(1, 5),
    unit_price=st.integers(1, 500_000),
    lost=st.dictionaries(st.sampled_from([FISH, EGGS, GREENS]), st.integers(0, 6)),
    prices=st.dictionaries(st.sampled_from([FISH, EGGS, GREENS]), st.integers(1, 400_000)),
    more=st.sampled_from([FISH, EGGS, GREENS]),
)
def test_never_more_than_the_line_nor_less_for_more(quantity, unit_price, lost, prices, more):
    priced = line(quantity, unit_price)
    said = worth(priced, lost, prices)

    assert 0 <= said <= priced.amount
    whole = all(lost.get(item, 0) >= quantity for item in (FISH, EGGS, GREENS))
    assert not whole or said == priced.amount
