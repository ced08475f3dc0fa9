"""The best assignment: each row gets a column of its own, at the least cost in all (Jonker and Volgenant's way).

Costs are tuples, compared from the left: no second part, however large, ever outweighs a first. SciPy solves the same
for floats, but takes two seconds to load, and groups here are two or three transfers.
"""

from collections.abc import Sequence

Cost = tuple[int, ...]


def assigned(costs: Sequence[Sequence[Cost]]) -> list[int]:
    """The column of each row; there are at least as many columns as rows, and one cost at least."""
    zero = (0,) * len(costs[0][0])
    columns = len(costs[0])
    rises, falls = [zero] * len(costs), [zero] * columns  # what each row pays, and each column gives back
    holder = [-1] * columns
    for row in range(len(costs)):
        _augment(costs, rises, falls, holder=holder, row=row)
    return [holder.index(row) for row in range(len(costs))]


def _augment(
    costs: Sequence[Sequence[Cost]], rises: list[Cost], falls: list[Cost], *, holder: list[int], row: int
) -> None:
    """Give ``row`` a column by the cheapest chain of rows that each take the next one's."""
    best: dict[int, tuple[Cost, int]] = {}  # column → the way's cost, and the column before it
    done: dict[int, Cost] = {}
    at, spent, last = row, (0,) * len(rises[0]), -1
    while True:
        for column, cost in enumerate(costs[at]):
            way = _plus(spent, _minus(_minus(cost, rises[at]), falls[column]))
            if column not in done and (column not in best or way < best[column][0]):
                best[column] = way, last
        last = min((c for c in best if c not in done), key=lambda c: (best[c][0], c))
        spent = done[last] = best[last][0]
        if holder[last] < 0:
            break
        at = holder[last]
    rises[row] = _plus(rises[row], spent)
    for column, way in done.items():
        if holder[column] >= 0:
            rises[holder[column]] = _plus(rises[holder[column]], _minus(spent, way))
        falls[column] = _minus(falls[column], _minus(spent, way))
    while last >= 0:
        before = best[last][1]
        holder[last] = holder[before] if before >= 0 else row
        last = before


def _plus(one: Cost, other: Cost) -> Cost:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _minus(one: Cost, other: Cost) -> Cost:
    return tuple(a - b for a, b in zip(one, other, strict=True))
