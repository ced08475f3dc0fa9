"""What weights are fitted on: candidates as counts of clues, and which of them somebody knows to be right."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from orders.payments.matcher.facts import Clue, ClueKind, Tier
from orders.payments.matcher.weights import Weights

FITTED = ("nothing_fits",) + tuple(
    field.name
    for field in fields(Weights)
    if field.name == "phone_cut_digit" or field.name in set(ClueKind) - {ClueKind.AMOUNT, ClueKind.WARD}
)
"""The weights that are fitted. What sums and wards say is counted in the orders themselves, thresholds are rules."""


class Vector(NamedTuple):
    """A candidate: how much of each clue speaks for it, and the bits that are not fitted."""

    counts: dict[str, float]
    fixed: float


@dataclass(frozen=True, slots=True)
class Example:
    """``right`` are places in ``candidates``, best first as they were shown; none if none of them is right.

    ``asked``: a human was asked. Else the matcher matched by ``tier``, and ``right`` says whether it did well.
    ``one_of``: just one of them is right, and nobody can tell which. ``some``: how likely some candidate was right by
    the matcher's own word then; where that is kept, the weights learn only which of them was, if any.
    """

    transfer_id: str
    candidates: tuple[Vector, ...]
    right: frozenset[int]
    pointed_by: str
    asked: bool = True
    tier: Tier = Tier.NONE
    one_of: bool = False
    some: float | None = None

    @property
    def tells_weights(self) -> bool:
        return bool(self.candidates and (self.right or self.some is None))


def vector(clues: Iterable[Clue], weights: Weights, *, fixed: float = 0.0) -> Vector:
    """A clue's count is its weight in units of what one of it weighs now."""
    counts: dict[str, float] = {}
    for clue in clues:
        name = "phone_cut_digit" if clue.kind is ClueKind.PHONE_CUT else clue.kind.value
        if name in FITTED:
            counts[name] = counts.get(name, 0.0) + clue.weight / getattr(weights, name)
        else:
            fixed += clue.weight
    return Vector(counts, fixed)
