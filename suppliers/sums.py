"""A snapshot's sums: what to pick, and how much of each thing goes to each block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from people.blocks import place_of
from suppliers.manifest import Items, Snapshot, Stop, totals


@dataclass(frozen=True)
class Matrix:
    """One ward's goods by block. ``rows``: what, whether it stays cold, how much for each block, how much in all."""

    ward: str
    blocks: Sequence[str]
    rows: Sequence[tuple[str, bool, Sequence[str], str]]


def contents_of(snapshot: Snapshot) -> Items:
    """What is in each combo. Where an old snapshot does not say, a combo counts as one thing of its own name."""
    return {
        combo["code"]: combo.get("items")
        or [{"name": combo["name"], "quantity": 1, "unit": "piece", "measure": "combo"}]
        for combo in snapshot["combos"]
    }


def cold_of(snapshot: Snapshot) -> set[str]:
    return {combo["code"] for combo in snapshot["combos"] if combo.get("cold")}


def block_of(stop: Stop) -> str:
    """A stop's block; old snapshots have it in the address alone."""
    return str(stop["block"]) if "block" in stop else place_of(stop.get("address", "")).block


def matrices(snapshot: Snapshot, stops: Sequence[Stop] | None = None) -> Iterator[Matrix]:
    """Ward by ward in the order of the way, of all stops or of some."""
    contents, cold = contents_of(snapshot), cold_of(snapshot)
    for ward, those in groupby(snapshot["stops"] if stops is None else stops, key=lambda stop: str(stop["ward"])):
        yield _matrix(ward, list(those), contents, cold)


def _matrix(ward: str, stops: list[Stop], contents: Items, cold: set[str]) -> Matrix:
    by_block: dict[str, list[Stop]] = {}
    for stop in stops:
        by_block.setdefault(block_of(stop), []).append(stop)
    cells = [_shown(totals(those, contents, cold)) for those in by_block.values()]
    rows = [
        (str(key[0]), bool(key[3]), [of_block.get(key, "") for of_block in cells], shown)
        for key, shown in _shown(totals(stops, contents, cold)).items()
    ]
    return Matrix(ward, list(by_block), rows)


def _shown(listed: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], str]:
    return {(each["name"], each["unit"], each["measure"], each["cold"]): each["shown"] for each in listed}
