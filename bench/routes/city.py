"""A made-up city's stops, the same for the same seed: streets around the wards' centres, a house every few metres."""

from __future__ import annotations

import random
from dataclasses import replace
from math import cos, radians, sin

from kernel.pins import Pin
from people.blocks import place_of, way_order
from people.wards import WARDS_2021, Ward
from suppliers.runs.route import Ride, Visit

BLOCKS = ("Bình Minh", "Thống Nhất", "Chiêu Liêu", "Nhị Đồng", "Tân Quý")
STREETS = ("Lý Thường Kiệt", "Nguyễn An Ninh", "Trần Hưng Đạo", "Võ Thị Sáu", "Lê Hồng Phong", "Hai Bà Trưng")
DEGREE = 111_195  # metres of a degree of a meridian
RADIUS = 1_200  # metres around a ward's centre in which its streets begin


def stops(many: int, wards: int, seed: int) -> list[Visit]:
    """So many houses of so many wards, each with its pin."""
    chance = random.Random(seed)
    areas = chance.sample(WARDS_2021, k=wards)
    streets = {
        (area, block, street): _street(areas[area], chance)
        for area in range(wards)
        for block in BLOCKS
        for street in chance.sample(STREETS, k=3)
    }
    return [_house(number, streets, chance=chance) for number in range(many)]


def with_pins(visits: list[Visit], share: float, seed: int) -> list[Visit]:
    """The same stops; only a share of them has told its pin."""
    chance = random.Random(seed)
    return [visit if chance.random() < share else replace(visit, pin=None) for visit in visits]


def fleet(many: int, bags: int) -> list[Ride]:
    return [Ride(number, bags, 7 * 60, 17 * 60) for number in range(1, many + 1)]


def start(visits: list[Visit]) -> Pin:
    """Where the goods are handed to the couriers: at the ward's centre nearest to the middle of all stops."""
    lats, lons = zip(*((visit.pin.lat, visit.pin.lon) for visit in visits if visit.pin), strict=True)
    middle = (sum(lats) / len(lats), sum(lons) / len(lons))
    ward = min(WARDS_2021, key=lambda each: (each.lat - middle[0]) ** 2 + (each.lon - middle[1]) ** 2)
    return Pin(ward.lat, ward.lon)


Street = tuple[float, float, float]  # where it begins, and in which direction it goes


def _street(ward: Ward, chance: random.Random) -> Street:
    away, about = RADIUS * chance.random() ** 0.5, radians(chance.uniform(0, 360))
    lat, lon = _moved(ward.lat, ward.lon, away * cos(about), east=away * sin(about))
    return lat, lon, radians(chance.choice((0, 90, 180, 270)) + chance.gauss(0, 12))


def _house(number: int, streets: dict[tuple[int, str, str], Street], *, chance: random.Random) -> Visit:
    """Odd numbers on one side, even ones on the other, four metres apart; some in an alley off the street."""
    ward, block, name = chance.choice(list(streets))
    lat, lon, towards = streets[ward, block, name]
    house, alley = chance.randint(1, 180), chance.choice((0, 0, 0, chance.randint(1, 30)))
    along, aside = house * 4.0, (6 + alley * 5) * (1 if house % 2 else -1)
    north = along * cos(towards) - aside * sin(towards)
    at = Pin(*_moved(lat, lon, north, east=along * sin(towards) + aside * cos(towards)))
    address = f"{house}{f'/{alley}' if alley else ''} {name}, KP {block}"
    place = place_of(address)
    return Visit(
        number,
        chance.choice((1, 1, 1, 2, 3)),
        (ward, way_order(address)),
        f"{ward} {place.block} {place.street}",
        chance.random() < 0.05,
        at,
    )


def _moved(lat: float, lon: float, north: float, *, east: float) -> tuple[float, float]:
    return lat + north / DEGREE, lon + east / (DEGREE * cos(radians(lat)))
