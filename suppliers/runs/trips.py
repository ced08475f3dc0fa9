"""Stops, vehicles, and the trips among which stops are shared out evenly by street and number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import ceil
from typing import Any

from kernel.pins import Pin

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop: ``bags`` combos for it. ``key`` is the caller's, one each.

    ``way``: sorts it by block, street and house, as `people.blocks.way_order` does. ``street``: what the stops of one
    street of one block have in common. ``first``: urgent, or of a ward that comes first.
    """

    key: int
    bags: int
    way: Any
    street: str
    first: bool = False
    pin: Pin | None = None

    @property
    def place(self) -> tuple[Any, int]:
        return self.way, self.key


@dataclass(frozen=True, slots=True)
class Ride:
    """A vehicle with its shift, in minutes since midnight: it takes ``bags`` combos at once."""

    key: int
    bags: int
    begins: int
    ends: int

    @property
    def minutes(self) -> int:
        return self.ends - self.begins if self.ends > self.begins else DAY


@dataclass(slots=True)
class Trip:
    """One time that a vehicle goes out, as number ``nth`` of its rides. ``seconds``: its part of the shift."""

    ride: int | None
    bags: int
    seconds: int = DAY * 60
    nth: int = 0
    stops: list[Visit] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(visit.bags for visit in self.stops)

    @property
    def room(self) -> int:
        return self.bags - self.taken


def trips_for(bags: int, rides: Sequence[Ride]) -> list[Trip]:
    """As few rides of every vehicle as take so many bags; without vehicles, one trip on foot that takes all."""
    if not rides:
        return [Trip(None, bags)]
    many = max(1, ceil(bags / sum(ride.bags for ride in rides)))
    return [Trip(ride.key, ride.bags, ride.minutes * 60 // many, nth) for nth in range(many) for ride in rides]


def by_way(visits: Sequence[Visit]) -> list[Visit]:
    return sorted(visits, key=lambda visit: visit.place)


def fill(trips: list[Trip], visits: Sequence[Visit], rides: Sequence[Ride]) -> list[Trip]:
    """Put the visits into trips, each a stretch of the way after what it holds; further rides where these have no room.

    Where vehicles go out more than once, urgent stops are on their first rides.
    """
    if not visits:
        return trips
    several = any(trip.nth for trip in trips)
    queue = sorted(visits, key=lambda visit: (several and not visit.first, visit.place))
    before = [len(trip.stops) for trip in trips]
    left = _squeeze(trips, _cut(trips, queue))
    for trip, known in zip(trips, before, strict=True):
        trip.stops[known:] = by_way(trip.stops[known:])
    return trips + fill(trips_for(_bags(left), rides), left, rides) if left else trips


def _cut(trips: Sequence[Trip], queue: Sequence[Visit]) -> list[Visit]:
    """Cut the way into stretches after the trips' shares, by bags and stops alike. Answers what has found no room."""
    bounds = list(accumulate(shares(trips, _bags(queue))))
    bags, many = bounds[-1] or 1, len(queue)
    left: list[Visit] = []
    at, done = 0, 0.0
    for visit in queue:
        part = (visit.bags / bags + 1 / many) / 2
        while at < len(trips) - 1 and (done + part / 2) * bags > bounds[at]:
            at += 1
        done += part
        trip = next((trip for trip in trips[at : at + 2] if trip.room >= visit.bags), None)
        (left if trip is None else trip.stops).append(visit)
    return left


def _squeeze(trips: Sequence[Trip], visits: Sequence[Visit]) -> list[Visit]:
    """Put each into the first trip that has room. Answers what has found none."""
    left: list[Visit] = []
    for visit in sorted(visits, key=lambda visit: (-visit.bags, visit.place)):
        trip = next((trip for trip in trips if trip.room >= visit.bags), None)
        (left if trip is None else trip.stops).append(visit)
    return left


def shares(trips: Sequence[Trip], bags: int) -> list[float]:
    """How many of so many further bags each trip should take, that all are equally full as far as each has room."""
    low, high = 0.0, float(max(trip.bags for trip in trips))
    for _halving in range(40):
        level = (low + high) / 2
        low, high = (low, level) if sum(_up_to(level, trips)) > bags else (level, high)
    return list(_up_to(high, trips))


def _up_to(level: float, trips: Sequence[Trip]) -> Iterable[float]:
    return (max(0.0, min(trip.bags, level) - trip.taken) for trip in trips)


def _bags(visits: Sequence[Visit]) -> int:
    return sum(visit.bags for visit in visits)
