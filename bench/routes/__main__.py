"""``python -m bench.routes``: the way that the couriers go beside the plain order by block, street and house."""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bench.routes.city import fleet, start, stops, with_pins
from kernel.pins import Pin, metres
from suppliers.runs.route import Load, Ride, Visit, loads


@dataclass(frozen=True, slots=True)
class Case:
    """``teams`` of so many stops each in ``wards`` wards, with so many vehicles; ``pins``: which share has told."""

    name: str
    teams: int
    stops: int
    wards: int
    vehicles: int
    bags: int
    pins: float = 1.0


CASES = (
    Case("5 × 60 stops, 1 vehicle", 5, 60, 1, 1, 150),
    Case("5 × 60, half have pins", 5, 60, 1, 1, 150, 0.5),
    Case("5 × 60, 3 motorbikes of 20", 5, 60, 1, 3, 20),
    Case("300 stops, 5 vehicles", 1, 300, 5, 5, 150),
    Case("300, half have pins", 1, 300, 5, 5, 150, 0.5),
    Case("600 stops, 10 vehicles", 1, 600, 7, 10, 150),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(1, parser.parse_args().seeds + 1)
    print("metres as the crow flies, out and back, of all seeds; longest: the longest ride")
    print(f"{'':28}{'plain km':>9}{'ours km':>9}{'saved':>7}{'longest':>9}{'plain':>7}{'loads':>7}{'s each':>8}")
    for case in CASES:
        print(_line(case, seeds), flush=True)
    print(f"largest child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


def _line(case: Case, seeds: range) -> str:
    plain, ours, seconds = [], [], []
    for seed in (seed * 100 + team for seed in seeds for team in range(case.teams)):
        known = stops(case.stops, case.wards, seed)
        vehicles, begin = fleet(case.vehicles, case.bags), start(known)
        plain += _lengths(loads([replace(stop, pin=None) for stop in known], vehicles, start=begin), known, at=begin)
        told = with_pins(known, case.pins, seed)
        found, took = _timed(told, vehicles, at=begin)
        ours += _lengths(found, known, at=begin)
        seconds.append(took)
    saved = 1 - sum(ours) / sum(plain)
    return (
        f"{case.name:28}{sum(plain) / 1000:9.1f}{sum(ours) / 1000:9.1f}{saved:7.0%}{max(ours) / 1000:9.1f}"
        f"{max(plain) / 1000:7.1f}{len(ours):7}{sum(seconds) / len(seconds):8.2f}"
    )


def _timed(told: Sequence[Visit], vehicles: Sequence[Ride], *, at: Pin) -> tuple[list[Load], float]:
    began = time.perf_counter()
    found = loads(told, vehicles, start=at)
    if any(load.unsolved for load in found):
        raise RuntimeError("no answer came")
    return found, time.perf_counter() - began


def _lengths(found: Sequence[Load], known: Sequence[Visit], *, at: Pin) -> list[float]:
    """How far each load really goes, by the pins of all."""
    pins = {visit.key: visit.pin for visit in known}
    ways = [[at, *(pin for key in load.visits if (pin := pins[key])), at] for load in found]
    return [sum(metres(one, other) for one, other in pairwise(way)) for way in ways]


if __name__ == "__main__":
    main()
