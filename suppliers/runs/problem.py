"""A problem of routes as the sandbox's child gets it: JSON in, JSON out."""

from __future__ import annotations

from typing import TypedDict


class Tour(TypedDict):
    """A ride that may be made: ``bags`` and ``stops`` at most, within ``seconds``; ``early``: is for urgent stops."""

    bags: int
    stops: int
    seconds: int
    early: bool


class Call(TypedDict):
    """A stop to be made. ``early``: only an early tour may."""

    point: int
    bags: int
    first: bool
    early: bool


class Problem(TypedDict):
    """``points`` are latitudes and longitudes, the start the first of them if there is one (``from_start``)."""

    points: list[tuple[float, float]]
    from_start: bool
    tours: list[Tour]
    calls: list[Call]


def solve(problems: list[Problem]) -> list[list[int]]:
    """What `suppliers.runs.solver.solve` does. Runs in the child, which alone imports that."""
    from suppliers.runs import solver

    return solver.solve(problems)
