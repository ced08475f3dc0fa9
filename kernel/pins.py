"""Points on the map and how far apart they are, as the crow flies."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_009
"""The mean radius, to which the haversine formula takes the earth for a ball."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Degrees of WGS 84, as a phone tells them."""

    lat: float
    lon: float


def metres(one: Pin, other: Pin) -> float:
    """Along the great circle between the two: no street is shorter."""
    lat, other_lat = radians(one.lat), radians(other.lat)
    rise = sin((other_lat - lat) / 2) ** 2
    turn = sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, rise + cos(lat) * cos(other_lat) * turn)))
