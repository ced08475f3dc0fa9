"""A delta applied to the version before gives the next one, whatever changed."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from suppliers.delta import apply, difference, everywhere, touched

CODES = [f"DC{number}" for number in range(6)]
WORDS = st.text(max_size=4)


@st.composite
def snapshots(draw):
    """A few stops of the same few codes, in the order of their numbers, and a head."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True))
    numbers = sorted(draw(st.lists(st.integers(1, 99), unique=True, min_size=len(codes), max_size=len(codes))))
    stops = [
        {"stop": number, "code": code, "name": draw(WORDS), "lines": draw(st.lists(WORDS, max_size=2))}
        for number, code in zip(numbers, codes, strict=True)
    ]
    return {"number": draw(WORDS), "items": draw(st.lists(WORDS, max_size=3)), "stops": stops}


@given(snapshots(), snapshots())
def test_the_delta_applied_to_the_one_before_gives_the_next(was, becomes):
    kept = deepcopy(was)

    assert apply(difference(was, becomes), was) == becomes
    assert was == kept


@given(snapshots(), snapshots())
def test_each_stop_that_differs_is_told_once_as_it_was_and_as_it_is(was, becomes):
    before, after = ({stop["code"]: stop for stop in each["stops"]} for each in (was, becomes))

    told = touched(difference(was, becomes))

    wanted = [(before.get(code), after.get(code)) for code in CODES if before.get(code) != after.get(code)]
    assert sorted(told, key=str) == sorted(wanted, key=str)


@given(snapshots(), snapshots(), st.sampled_from(CODES))
def test_who_is_forgotten_in_both_versions_is_forgotten_in_the_delta(was, becomes, code):
    def blank(stop):
        return {**stop, "name": ""} if stop["code"] == code else stop

    delta = everywhere(difference(was, becomes), blank)
    forgotten = [{**each, "stops": [blank(stop) for stop in each["stops"]]} for each in (was, becomes)]

    assert apply(delta, forgotten[0]) == forgotten[1]
