"""Routes by VROOM. Only the sandbox's child may import this: pandas comes with it, and takes 60 MB."""

from __future__ import annotations

import numpy as np
import vroom
from numpy.typing import NDArray
from vroom.solution.solution import Solution

from kernel.pins import EARTH_METRES
from suppliers.runs.problem import Call, Problem, Tour

CROW_TO_STREET = 1.3
METRES_PER_SECOND = 15 / 3.6
SECONDS_A_STOP = 180
OUT_OF_TURN = 100_000  # metres: what it costs to call at an urgent stop after one that can wait
SEARCHES = ((30, 16), (80, 8), (150, 2))
"""Up to how many stops VROOM begins from how many first drafts; above, from one: its time grows with the square."""


def solve(problems: list[Problem]) -> list[list[int]]:
    """The calls of each tour in their order, by their place in the list; those that fit nowhere are missing.

    The problems are the same stops under ever looser rules: the first that leaves nothing behind is answered, else the
    one that leaves the least.
    """
    best: list[list[int]] = []
    for problem in problems:
        routes = _solve(problem)
        if sum(map(len, routes)) > sum(map(len, best)) or not best:
            best = routes
        if sum(map(len, routes)) == len(problem["calls"]):
            break
    return best


def _solve(problem: Problem) -> list[list[int]]:
    """One thread and no time limit: the same problem has the same answer on any machine."""
    asked = vroom.Input()
    apart = _metres(problem)
    asked.set_durations_matrix("car", np.rint(apart * CROW_TO_STREET / METRES_PER_SECOND))
    asked.set_costs_matrix("car", np.rint(apart + _out_of_turn(problem)))
    asked.add_vehicle([_vehicle(number, tour) for number, tour in enumerate(problem["tours"])])
    asked.add_job([_job(number, call) for number, call in enumerate(problem["calls"])])
    # The one that counts searches: the public one knows levels only, and begins from four drafts at its lowest.
    answer = Solution(asked._solve(nb_searches=_searches(problem), depth=0, nb_threads=1, timeout=None))
    routes: list[list[int]] = [[] for _tour in problem["tours"]]
    if answer.routes.empty:  # and without columns
        return routes
    steps = answer.routes[answer.routes["type"] == "job"]
    for tour, call in zip(steps["vehicle_id"], steps["id"], strict=True):
        routes[int(tour)].append(int(call))
    return routes


def _searches(problem: Problem) -> int:
    return next((many for most, many in SEARCHES if len(problem["calls"]) <= most), 1)


def _vehicle(number: int, tour: Tour) -> vroom.Vehicle:
    return vroom.Vehicle(
        number,
        start=0,
        end=0,
        capacity=[tour["bags"]],
        max_tasks=tour["stops"],
        time_window=vroom.TimeWindow(0, tour["seconds"]),
        skills={1} if tour["early"] else set(),
    )


def _job(number: int, call: Call) -> vroom.Job:
    return vroom.Job(
        number,
        location=call["point"],
        default_service=SECONDS_A_STOP,
        delivery=[call["bags"]],
        priority=100 if call["first"] else 0,
        skills={1} if call["early"] else set(),
    )


def _metres(problem: Problem) -> NDArray[np.float64]:
    """Between all points, by the haversine formula. Point 0 without a start is near to everything."""
    lat, lon = np.radians(np.array(problem["points"], dtype=float)).T
    rise = np.sin((lat[:, None] - lat) / 2) ** 2
    turn = np.sin((lon[:, None] - lon) / 2) ** 2
    apart = 2 * EARTH_METRES * np.arcsin(np.sqrt(np.minimum(1, rise + np.cos(lat)[:, None] * np.cos(lat) * turn)))
    if not problem["from_start"]:
        apart[0, :] = apart[:, 0] = 0
    return np.asarray(apart)


def _out_of_turn(problem: Problem) -> NDArray[np.float64]:
    first = np.zeros(len(problem["points"]), dtype=bool)
    first[[call["point"] for call in problem["calls"] if call["first"]]] = True
    waits = ~first
    waits[0] = False
    return np.outer(waits, first) * float(OUT_OF_TURN)
