"""Who goes without: a shortage shared out over the portions of an item, whole portions only. Plain values, no database.

Both rules give the same answer whatever the order of their input, take no more than was ordered, and take so many
portions that what is missing is covered and no portion taken could be handed out after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """``portions`` of ``size`` grams, millilitres or pieces each that somebody is to get, and when it was paid for."""

    key: int
    portions: int
    size: int
    paid_at: datetime

    @property
    def quantity(self) -> int:
        return self.portions * self.size


Lost = Mapping[int, int]
"""Claim's key → portions that it goes without; those that lose nothing are left out."""

Way = Callable[[int, Sequence[Claim]], Lost]


def by_payment(missing: int, claims: Sequence[Claim]) -> Lost:
    """Who paid first gets theirs: those who paid last go without."""
    lost: dict[int, int] = {}
    rest = missing
    for claim in reversed(_in_turn(claims)):
        if rest > 0:
            lost[claim.key] = min(claim.portions, -(-rest // claim.size))
            rest -= lost[claim.key] * claim.size
    return _without_surplus(missing, claims, lost)


def in_proportion(missing: int, claims: Sequence[Claim]) -> Lost:
    """Everybody goes without the same part; what is left over of whole portions falls on the largest remainders."""
    ordered = sum(claim.quantity for claim in claims)
    lost = {claim.key: missing * claim.portions // ordered for claim in claims}
    rest = missing - sum(lost[claim.key] * claim.size for claim in claims)
    latest_first = list(reversed(_in_turn(claims)))
    for claim in sorted(latest_first, key=lambda each: -(missing * each.portions % ordered)):
        if rest > 0 and lost[claim.key] < claim.portions:
            lost[claim.key] += 1
            rest -= claim.size
    return _without_surplus(missing, claims, lost)


def _in_turn(claims: Iterable[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (claim.paid_at, claim.key))


def _without_surplus(missing: int, claims: Sequence[Claim], lost: Mapping[int, int]) -> Lost:
    """Portions of several sizes may cover more than is missing: what can be handed out is, to who paid first."""
    kept = dict(lost)
    surplus = sum(kept.get(claim.key, 0) * claim.size for claim in claims) - missing
    for claim in _in_turn(claims):
        back = min(kept.get(claim.key, 0), surplus // claim.size)
        if back > 0:
            kept[claim.key] -= back
            surplus -= back * claim.size
    return {key: portions for key, portions in kept.items() if portions}
