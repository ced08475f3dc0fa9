"""What changed from one version of a manifest to the next: pure functions on snapshots, no database.

A snapshot is its head (everything but the stops) and its stops, by code, in the order of their numbers. A delta has
the new head, the codes that are ``removed``, the ``added`` and ``changed`` stops as they are now, and, for who reads
it, the removed and changed ones as they were (``was``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Snapshot = dict[str, Any]
Delta = dict[str, Any]
Stop = dict[str, Any]


def difference(was: Snapshot, becomes: Snapshot) -> Delta:
    """What `apply` needs to make ``becomes`` of ``was``."""
    before, after = stops_by_code(was), stops_by_code(becomes)
    return {
        "head": {key: value for key, value in becomes.items() if key != "stops"},
        "removed": [code for code in before if code not in after],
        "added": [stop for code, stop in after.items() if code not in before],
        "changed": [stop for code, stop in after.items() if code in before and before[code] != stop],
        "was": [stop for code, stop in before.items() if after.get(code) != stop],
    }


def apply(delta: Delta, snapshot: Snapshot) -> Snapshot:
    """The next version's snapshot."""
    stops = stops_by_code(snapshot)
    for code in delta["removed"]:
        del stops[code]
    stops |= {stop["code"]: stop for stop in (*delta["changed"], *delta["added"])}
    return {**delta["head"], "stops": sorted(stops.values(), key=lambda stop: int(stop["stop"]))}


def stops_by_code(snapshot: Snapshot) -> dict[str, Stop]:
    return {stop["code"]: stop for stop in snapshot["stops"]}


def touched(delta: Delta) -> list[tuple[Stop | None, Stop | None]]:
    """Each stop that differs, in the order of the way: as it was, as it is."""
    before = {stop["code"]: stop for stop in delta["was"]}
    now = {stop["code"]: stop for stop in (*delta["added"], *delta["changed"])}
    pairs = [(before.get(code), now.get(code)) for code in {**before, **now}]
    return sorted(pairs, key=lambda pair: int((pair[1] or pair[0] or {})["stop"]))


def everywhere(delta: Delta, change: Callable[[Stop], Stop]) -> Delta:
    """The delta with each stop in it changed: to forget a person, or to show nobody's name."""
    return {
        **delta,
        **{name: [change(stop) for stop in delta[name]] for name in ("added", "changed", "was") if name in delta},
    }
