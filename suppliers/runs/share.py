"""Who brings what: stops shared out among teams by their blocks, even in stops and load. Plain values, no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

PIECES_A_TEAM = 4
"""A block that several teams serve is cut into about so many pieces for each of them; neighbours stay together."""

Block = tuple[int, str]
"""A ward's id and the block as it is compared; an empty one for all of the ward."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One parcel to bring: where, and how many bags."""

    key: int
    block: Block
    bags: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Team → its stops in the order they were given; ``unserved``: those in blocks that no team has named."""

    by_team: Mapping[int, Sequence[int]]
    unserved: Sequence[int]


def share(stops: Sequence[Stop], teams: Mapping[int, frozenset[Block]]) -> Shared:
    """Give each stop, in the order of the way, to one of the ``teams``, by what blocks each serves.

    A team that names the block comes before one that has the whole ward. Where several serve it alike, the one with the
    least so far gets the next piece, the largest pieces first. A stop that nobody serves goes to who has the least:
    food is not left behind.
    """
    all_bags = sum(stop.bags for stop in stops) or 1
    load = dict.fromkeys(sorted(teams), 0.0)
    given: dict[int, list[Stop]] = defaultdict(list)
    unserved: list[int] = []
    for piece, willing in sorted(_pieces(stops, teams), key=lambda each: (len(each[1]) or len(teams), -len(each[0]))):
        team = min(willing or load, key=lambda each: (load[each], each))
        given[team] += piece
        load[team] += len(piece) / len(stops) + sum(stop.bags for stop in piece) / all_bags
        unserved += [] if willing else [stop.key for stop in piece]
    place = {stop.key: number for number, stop in enumerate(stops)}
    ordered = {team: sorted((stop.key for stop in those), key=place.__getitem__) for team, those in given.items()}
    return Shared(ordered, sorted(unserved, key=place.__getitem__))


def _pieces(stops: Sequence[Stop], teams: Mapping[int, frozenset[Block]]) -> Iterator[tuple[list[Stop], Sequence[int]]]:
    """Blocks, those of several teams in pieces, each with who serves it."""
    blocks: dict[Block, list[Stop]] = defaultdict(list)
    for stop in stops:
        blocks[stop.block].append(stop)
    longest = max(1, -(-len(stops) // (len(teams) * PIECES_A_TEAM)))
    for block, those in blocks.items():
        willing = _serving(block, teams)
        size = len(those) if len(willing) == 1 else longest
        for begin in range(0, len(those), size):
            yield those[begin : begin + size], willing


def _serving(block: Block, teams: Mapping[int, frozenset[Block]]) -> Sequence[int]:
    ward = (block[0], "")
    named = [team for team, blocks in teams.items() if block in blocks and block != ward]
    return named or [team for team, blocks in teams.items() if ward in blocks]
