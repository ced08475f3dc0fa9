"""How far apart two places are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.pins import Pin, metres

pins = st.builds(Pin, st.floats(-90, 90), st.floats(-180, 180))


def test_a_degree_of_a_meridian_is_111_km():
    assert metres(Pin(10, 106), Pin(11, 106)) == pytest.approx(111_195, abs=1)


def test_a_degree_of_a_parallel_is_shorter_away_from_the_equator():
    assert metres(Pin(0, 106), Pin(0, 107)) == pytest.approx(111_195, abs=1)
    assert metres(Pin(60, 106), Pin(60, 107)) == pytest.approx(111_195 / 2, rel=0.001)


def test_opposite_ends_of_the_earth_are_half_its_round_apart():
    assert metres(Pin(10, 106), Pin(-10, -74)) == pytest.approx(20_015_115, rel=1e-6)


@given(pins, pins)
def test_there_and_back_are_the_same(one, other):
    assert metres(one, other) == pytest.approx(metres(other, one))
    assert metres(one, one) == 0
