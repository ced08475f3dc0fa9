"""Each stop is in one load, no load is too heavy, the way is short, and the same stops give the same loads."""

import sys
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kernel.pins import metres
from kernel.sandbox import TooSlow
from suppliers.runs import route
from suppliers.runs.route import Load, Pin, Ride, Visit, loads
from suppliers.runs.trips import by_way, fill, trips_for

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # each try starts the solver anew
START = Pin(10.9000, 106.7500)
MORNING = (7 * 60, 11 * 60)

pins = st.builds(Pin, st.floats(10.87, 10.94), st.floats(106.72, 106.80))


def visits_of(pin):
    stop = st.tuples(st.integers(1, 8), st.integers(0, 3), st.integers(1, 40), st.booleans(), pin)
    return st.lists(stop, max_size=25).map(
        lambda stops: [
            Visit(number, bags, (street, house), f"S{street}", first, pin)
            for number, (bags, street, house, first, pin) in enumerate(stops)
        ]
    )


rides = st.lists(st.tuples(st.integers(1, 30), st.integers(30, 600)), max_size=4).map(
    lambda drawn: [Ride(key, bags, 420, 420 + minutes) for key, (bags, minutes) in enumerate(drawn)]
)


def row(many, *, bags=1, street=0, pinned=True, first=(), begin=0):
    """Houses along a street, a house every 50 metres or so to the north of the start."""
    return [
        Visit(
            begin + n,
            bags,
            (street, n),
            f"S{street}",
            begin + n in first,
            Pin(10.9 + 0.0005 * (n + 1), 106.75 + 0.002 * street) if pinned else None,
        )
        for n in range(many)
    ]


def keys(found):
    return sorted(key for load in found for key in load.visits)


def check(found, visits, vehicles):
    """What holds for any loads."""
    carried, takes = {visit.key: visit.bags for visit in visits}, {ride.key: ride.bags for ride in vehicles}
    urgent = {visit.key for visit in visits if visit.first}
    assert keys(found) == sorted(carried)
    for load in found:
        assert load.visits
        assert (load.ride is None) == (not vehicles)
        if vehicles and not load.too_big:
            assert sum(carried[key] for key in load.visits) <= takes[load.ride]
        waits = [key not in urgent for key in load.visits]
        assert waits == sorted(waits)
    for load in found:
        assert load.too_big == (bool(vehicles) and carried[load.visits[0]] > max(takes.values()))


@settings(max_examples=300, deadline=None)
@given(visits_of(st.none()), rides)
def test_without_pins_each_stop_is_in_one_load_that_its_vehicle_can_carry(visits, vehicles):
    found = loads(visits, vehicles, start=START)

    check(found, visits, vehicles)
    assert all(load.metres is None for load in found)
    assert found == loads(visits[::-1], vehicles, start=START)


@settings(max_examples=15, deadline=None, phases=UNSHRUNK)
@given(visits_of(pins), rides, st.sampled_from([START, None]))
def test_with_pins_too_and_never_farther_than_by_the_plain_way(visits, vehicles, start):
    found = loads(visits, vehicles, start=start)

    check(found, visits, vehicles)
    assert all(load.metres is not None for load in found)
    assert not any(load.unsolved for load in found)
    assert sum(load.metres or 0 for load in found) <= plain_metres(visits, vehicles, start) + len(found)


@settings(max_examples=10, deadline=None, phases=UNSHRUNK)
@given(visits_of(st.one_of(st.none(), pins)), rides)
def test_where_some_have_pins_the_same_stops_give_the_same_loads(visits, vehicles):
    found = loads(visits, vehicles, start=START)

    check(found, visits, vehicles)
    assert found == loads(visits[::-1], vehicles, start=START)


def plain_metres(visits, vehicles, start):
    most = max((ride.bags for ride in vehicles), default=10_000)
    fitting = by_way([visit for visit in visits if visit.bags <= most])
    trips = fill(trips_for(sum(visit.bags for visit in fitting), vehicles), fitting, vehicles)
    loads_ = [*[trip.stops for trip in trips], *[[visit] for visit in visits if visit.bags > most]]
    total = 0.0
    for stops in loads_:
        turn = sorted(stops, key=lambda visit: not visit.first)
        way = [pin for pin in (start, *(visit.pin for visit in turn), start) if pin] if stops else []
        total += sum(metres(one, other) for one, other in pairwise(way))
    return total


def test_houses_along_a_street_are_visited_along_the_street():
    numbers = [4, 0, 3, 1, 2]
    shuffled = [
        Visit(visit.key, 1, (0, numbers[visit.key]), "S0", False, visit.pin) for visit in row(5)
    ]  # the numbers do not run as the houses stand

    (load,) = loads(shuffled, [Ride(1, 10, *MORNING)], start=START)

    farthest = load.visits.index(4)
    assert list(load.visits) == sorted(load.visits[:farthest]) + sorted(load.visits[farthest:], reverse=True)
    assert load.metres == pytest.approx(2 * 5 * 0.0005 * 111_195, rel=0.01)


def test_without_pins_they_are_by_block_street_and_house():
    (load,) = loads(row(3, pinned=False, street=1, begin=3) + row(3, pinned=False), [Ride(1, 10, *MORNING)], start=None)

    assert load == Load(1, (0, 1, 2, 3, 4, 5), None)


@pytest.mark.parametrize("pinned", [True, False])
def test_vehicles_share_the_stops_evenly(pinned):
    visits = [visit for street in range(4) for visit in row(10, street=street, pinned=pinned, begin=10 * street)]

    found = loads(visits, [Ride(1, 100, *MORNING), Ride(2, 100, *MORNING)], start=START)

    assert [load.ride for load in found] == [1, 2]
    assert max(len(load.visits) for load in found) <= 22


@pytest.mark.parametrize("pinned", [True, False])
def test_a_small_vehicle_is_filled_and_the_large_one_takes_the_rest(pinned):
    found = loads(row(30, pinned=pinned), [Ride(1, 10, *MORNING), Ride(2, 60, *MORNING)], start=START)

    assert {load.ride: len(load.visits) for load in found} in ({1: 10, 2: 20}, {1: 9, 2: 21}, {1: 8, 2: 22})


@pytest.mark.parametrize("pinned", [True, False])
def test_urgent_stops_are_on_the_first_ride(pinned):
    found = loads(row(30, pinned=pinned, first={25, 29}), [Ride(1, 10, *MORNING)], start=START)

    assert len(found) >= 3
    assert set(found[0].visits[:2]) == {25, 29}


def test_what_no_vehicle_takes_goes_alone_in_the_largest():
    found = loads(
        [*row(2), Visit(9, 70, (0, 9), "S0", False, START)], [Ride(1, 10, *MORNING), Ride(2, 60, *MORNING)], start=START
    )

    assert [load for load in found if load.too_big] == [Load(2, (9,), 0, too_big=True)]


@pytest.mark.parametrize("pinned", [True, False])
def test_a_team_without_vehicles_has_one_load(pinned):
    (load,) = loads(row(20, pinned=pinned), [], start=START)

    assert load.ride is None
    assert len(load.visits) == 20


def test_no_stops_no_loads():
    assert loads([], [Ride(1, 10, *MORNING)], start=START) == []
    assert loads([], [], start=None) == []


def test_what_does_not_fit_into_the_shift_is_not_left_out():
    found = loads(row(20), [Ride(1, 100, 420, 450)], start=START)  # 30 minutes: ten stops at the most

    assert keys(found) == list(range(20))


def test_a_shift_in_which_nothing_can_be_done_leaves_nothing_out_either():
    found = loads(row(3), [Ride(1, 100, 420, 421)], start=START)

    assert keys(found) == [0, 1, 2]
    assert not any(load.unsolved for load in found)


def test_a_house_without_a_pin_is_beside_its_nearest_pinned_neighbour():
    near, far = row(6), row(6, street=5, begin=10)
    unpinned = Visit(99, 1, (5, 2.5), "S5")

    found = loads([*near, *far, unpinned], [Ride(1, 100, *MORNING)], start=START)

    (load,) = found
    at = load.visits.index(99)
    assert {12, 13} & set(load.visits[max(0, at - 1) : at + 2])
    assert load.metres is not None


def test_a_street_without_pins_comes_after_those_with_by_the_way():
    lost = row(3, street=7, pinned=False, begin=20)

    (load,) = loads([*lost, *row(6)], [Ride(1, 100, *MORNING)], start=START)

    assert load.visits[-3:] == (20, 21, 22)
    assert load.metres is None


def test_few_pins_do_not_break_up_the_way():
    visits = [*row(2), *row(8, street=1, pinned=False, begin=5)]

    (load,) = loads(visits, [Ride(1, 100, *MORNING)], start=START)

    assert load.visits == (0, 1, *range(5, 13))


def test_without_an_answer_the_plain_way_is_taken_and_told(monkeypatch):
    def too_slow(*_args, **_limits):
        raise TooSlow("…", "CPU time")

    monkeypatch.setattr(route, "run_limited", too_slow)

    (load,) = loads(row(5), [Ride(1, 100, *MORNING)], start=START)

    assert load == Load(1, (0, 1, 2, 3, 4), None, unsolved=True)


def test_too_many_pins_are_not_asked_about(monkeypatch):
    monkeypatch.setattr(route, "MOST_PINS", 4)

    assert loads(row(5), [Ride(1, 100, *MORNING)], start=START)[0].unsolved


def test_the_solver_stays_out_of_this_process():
    loads(row(5), [Ride(1, 100, *MORNING)], start=START)

    assert "suppliers.runs.solver" not in sys.modules
