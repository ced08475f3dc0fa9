"""A team's stops shared out among its vehicles, each load in the order of the way: by VROOM where there are pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import structlog

from kernel.pins import Pin, metres
from kernel.sandbox import SandboxFault, run_limited
from suppliers.runs.problem import Call, Problem, Tour, solve
from suppliers.runs.trips import Ride, Trip, Visit, by_way, fill, shares, trips_for

__all__ = ["Load", "Pin", "Ride", "Visit", "loads"]

MEMORY_MB = 1536  # of addresses: VROOM itself stays under 120 MB
CPU_SECONDS = 30
WALL_SECONDS = 60.0
MOST_PINS = 1_000
SLACKS = (1.1, 1.4)  # so much fuller than its share a trip may be if that shortens the way; the second if it must

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Load:
    """What a vehicle takes out at once; ``ride`` None: on foot. ``visits``: keys, in the order of the way.

    ``metres``: from the start over all stops and back, as the crow flies; None where a stop's place is not known.
    ``too_big``: its one visit is more than any vehicle takes. ``unsolved``: there are pins enough, but no answer came.
    """

    ride: int | None
    visits: tuple[int, ...]
    metres: int | None
    too_big: bool = False
    unsolved: bool = False


def loads(visits: Sequence[Visit], rides: Sequence[Ride], *, start: Pin | None) -> list[Load]:
    """Every visit in one load; the same for the same visits, in whatever order they come.

    Urgent stops lead in their load and, if vehicles go out several times, are on the first rides as far as these take
    them. A vehicle's loads stand in the order of its rides. What does not fit into the shifts comes last, never away.
    """
    rides = [ride for ride in rides if ride.bags > 0]
    most = max((ride.bags for ride in rides), default=None)
    too_big = [visit for visit in by_way(visits) if most is not None and visit.bags > most]
    fitting = [visit for visit in by_way(visits) if most is None or visit.bags <= most]
    places = _places(fitting)
    placed = [visit for visit in fitting if visit.key in places]
    plain = fill(trips_for(_bags(fitting), rides), fitting, rides)
    unsolved = False
    if placed and len(placed) * 2 >= len(fitting):
        solved = _solved(fitting, rides, places=places, start=start)
        unsolved = solved is None
        plain = _shorter(plain, solved, places=places, start=start) if solved else plain
    made = [_load(trip, {} if unsolved else places, start=start, unsolved=unsolved) for trip in plain if trip.stops]
    return made + [_alone(visit, rides, start=start) for visit in too_big]


def _places(visits: Sequence[Visit]) -> dict[int, Pin]:
    """Where each visit is: at its pin, or at that of the nearest house of its street that has one."""
    ranked = list(enumerate(visits))
    pinned: dict[str, list[tuple[int, Pin]]] = {}
    for rank, visit in ranked:
        if visit.pin and visit.street:
            pinned.setdefault(visit.street, []).append((rank, visit.pin))
    places = {visit.key: visit.pin for visit in visits if visit.pin}
    for rank, visit in ranked:
        if visit.key not in places and visit.street in pinned:
            places[visit.key] = min(pinned[visit.street], key=lambda known: (abs(known[0] - rank), known[0]))[1]
    return places


def _solved(
    visits: Sequence[Visit], rides: Sequence[Ride], *, places: Mapping[int, Pin], start: Pin | None
) -> list[Trip] | None:
    """Trips as VROOM makes them, filled up by the way with what has no place. None: it has not answered."""
    trips = trips_for(_bags(visits), rides)
    placed = [visit for visit in visits if visit.key in places]
    if len(placed) > MOST_PINS:
        log.warning("routes_unsolved", stops=len(placed), why="too many pins")
        return None
    try:
        routes = _routes(trips, visits, placed=placed, places=places, start=start)
    except SandboxFault as fault:
        log.warning("routes_unsolved", stops=len(placed), because=fault.detail)
        return None
    for trip, route in zip(trips, routes, strict=True):
        trip.stops = [placed[call] for call in route]
    met = {visit.key for trip in trips for visit in trip.stops}
    return fill(trips, [visit for visit in visits if visit.key not in met], rides)


def _routes(
    trips: Sequence[Trip],
    visits: Sequence[Visit],
    *,
    placed: Sequence[Visit],
    places: Mapping[int, Pin],
    start: Pin | None,
) -> list[list[int]]:
    """Asked of the child: first for even loads with urgent stops on first rides, then for any that hold all stops."""
    points = [start or places[placed[0].key], *(places[visit.key] for visit in placed)]
    several = any(trip.nth for trip in trips)
    calls = _calls(placed, early=several)
    ways = [(_even_tours(trips, visits, many=len(placed), slack=slack), calls) for slack in SLACKS]
    any_way = [_tour(trip, trip.bags, stops=len(placed), early=False) for trip in trips]
    ways.append((any_way, _calls(placed, early=False)))
    problems = [
        Problem(points=[(pin.lat, pin.lon) for pin in points], from_start=start is not None, tours=tours, calls=calls)
        for tours, calls in ways
    ]
    return run_limited(
        solve,
        problems,
        memory_mb=MEMORY_MB,
        cpu_seconds=CPU_SECONDS,
        wall_seconds=WALL_SECONDS,
    )


def _even_tours(trips: Sequence[Trip], visits: Sequence[Visit], *, many: int, slack: float) -> list[Tour]:
    bags, largest = _bags(visits), max(visit.bags for visit in visits)
    part = many / len(visits)
    tours = []
    for trip, share in zip(trips, shares(trips, bags), strict=True):
        full = min(trip.bags, _at_most(share * part * slack) + largest - 1)
        tours.append(_tour(trip, full, stops=_at_most(many * share / bags * slack), early=trip.nth == 0))
    return tours


def _at_most(number: float) -> int:
    return ceil(number - 1e-6)  # the shares are halved together, not counted


def _tour(trip: Trip, bags: int, *, stops: int, early: bool) -> Tour:
    return Tour(bags=bags, stops=stops, seconds=trip.seconds, early=early)


def _calls(placed: Sequence[Visit], *, early: bool) -> list[Call]:
    return [
        Call(point=number, bags=visit.bags, first=visit.first, early=early and visit.first)
        for number, visit in enumerate(placed, start=1)
    ]


def _shorter(plain: list[Trip], solved: list[Trip], *, places: Mapping[int, Pin], start: Pin | None) -> list[Trip]:
    """Where every stop has a place, the plain way is taken if it happens to be the shorter one."""
    lengths = [[_length(trip, places, start=start) for trip in each if trip.stops] for each in (plain, solved)]
    if any(length is None for each in lengths for length in each):
        return solved
    whole_plain, whole_solved = (sum(length or 0 for length in each) for each in lengths)
    return plain if whole_plain <= whole_solved else solved


def _load(trip: Trip, places: Mapping[int, Pin], *, start: Pin | None, unsolved: bool) -> Load:
    length = _length(trip, places, start=start)
    keys = tuple(visit.key for visit in _in_turn(trip))
    return Load(trip.ride, keys, None if length is None else round(length), unsolved=unsolved)


def _in_turn(trip: Trip) -> list[Visit]:
    return sorted(trip.stops, key=lambda visit: not visit.first)


def _length(trip: Trip, places: Mapping[int, Pin], *, start: Pin | None) -> float | None:
    pins = [places.get(visit.key) for visit in _in_turn(trip)]
    way = [pin for pin in (start, *pins, start) if pin]
    return None if None in pins else sum(metres(one, other) for one, other in pairwise(way))


def _alone(visit: Visit, rides: Sequence[Ride], *, start: Pin | None) -> Load:
    largest = max(rides, key=lambda ride: (ride.bags, -ride.key))
    trip = Trip(largest.key, largest.bags, stops=[visit])
    length = _length(trip, {visit.key: visit.pin} if visit.pin else {}, start=start)
    return Load(largest.key, (visit.key,), None if length is None else round(length), too_big=True)


def _bags(visits: Sequence[Visit]) -> int:
    return sum(visit.bags for visit in visits)
