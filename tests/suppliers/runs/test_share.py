"""Stops go to the teams of their blocks, evenly, and none is left behind."""

import itertools
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from suppliers.runs.share import Stop, share

EAST, WEST, WARD = (1, "KP DONG"), (1, "KP TAY"), (1, "")


def stops(*blocks, bags=1):
    return [Stop(number, block, bags) for number, block in enumerate(blocks)]


def test_each_block_goes_to_its_team():
    shared = share(stops(EAST, WEST, EAST), {1: frozenset([EAST]), 2: frozenset([WEST])})

    assert (shared.by_team, shared.unserved) == ({1: [0, 2], 2: [1]}, [])


def test_who_names_the_block_comes_before_who_has_the_whole_ward():
    shared = share(stops(EAST, WEST), {1: frozenset([WARD]), 2: frozenset([WEST])})

    assert shared.by_team == {1: [0], 2: [1]}


def test_a_block_of_several_teams_is_shared_evenly_and_neighbours_stay_together():
    shared = share(stops(*[EAST] * 80), {1: frozenset([EAST]), 2: frozenset([EAST])})

    assert [len(those) for those in shared.by_team.values()] == [40, 40]
    for those in shared.by_team.values():
        assert sum(later - sooner > 1 for sooner, later in itertools.pairwise(those)) <= 4


def test_who_has_a_block_of_their_own_gets_less_of_what_is_shared():
    shared = share(stops(*[EAST] * 30, *[WEST] * 30), {1: frozenset([EAST, WEST]), 2: frozenset([WEST])})

    assert [len(shared.by_team[team]) for team in (1, 2)] == [30, 30]


def test_load_counts_beside_stops():
    heavy = [Stop(0, EAST, 50), *stops(*[EAST] * 11)[1:]]

    shared = share(heavy, {1: frozenset([EAST]), 2: frozenset([EAST])})

    of_heavy = next(those for those in shared.by_team.values() if 0 in those)
    assert len(of_heavy) < 6


def test_what_nobody_serves_goes_to_who_has_least_and_is_told():
    shared = share(stops(EAST, EAST, WEST), {1: frozenset([EAST]), 2: frozenset([(2, "")])})

    assert (shared.by_team, shared.unserved) == ({1: [0, 1], 2: [2]}, [2])


blocks = st.tuples(st.integers(1, 2), st.sampled_from(["", "A", "B"]))


@given(
    st.lists(st.tuples(blocks, st.integers(1, 9)), min_size=1, max_size=40),
    st.dictionaries(st.integers(1, 4), st.frozensets(blocks, max_size=3), min_size=1),
)
def test_every_stop_has_exactly_one_team(described, teams):
    given_ = [Stop(number, block, bags) for number, (block, bags) in enumerate(described)]

    shared = share(given_, teams)

    assert Counter(key for those in shared.by_team.values() for key in those) == Counter(range(len(given_)))
    assert all(those == sorted(those) for those in shared.by_team.values())
