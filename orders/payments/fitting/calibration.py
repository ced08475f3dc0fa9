"""Confidence made honest: how often a candidate with this posterior was right, where the weights had not seen it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from zlib import crc32

from orders.payments.fitting.examples import Example
from orders.payments.fitting.model import First, firsts, fit
from orders.payments.fitting.reliability import Seen
from orders.payments.matcher.facts import Tier
from orders.payments.matcher.weights import Weights, logit

FOLDS = 5
CASES = ("code", "phone", "name")
_STEEPEST, _FLATTEST = 3.0, 0.2


def out_of_fold(
    examples: Sequence[Example], weights: Weights, *, start: Weights, told: Callable[[], None] = lambda: None
) -> list[First]:
    """The first candidates of those asked, each by weights that were fitted to the other folds, from ``start``."""
    found: list[First] = []
    for fold in range(FOLDS):
        inside = [example for example in examples if _fold(example) != fold]
        asked = [e for e in examples if e.asked and e.candidates and _fold(e) == fold]
        found += firsts(asked, fit(inside, weights, start=start))
        told()
    return found


def _fold(example: Example) -> int:
    return crc32(example.transfer_id.encode()) % FOLDS


def calibrate(seen: Sequence[First], weights: Weights) -> Weights:
    """``weights`` with the curves, by what the case rests on, that say how often some candidate was right (Platt).

    Which of several it is needs no curve: that share comes from the weights as it is.
    """
    curves: dict[str, float] = {}
    for case in CASES:
        intercept, slope = _curve([(logit(one.some), one.found) for one in seen if one.pointed_by == case])
        curves |= {f"{case}_intercept": round(intercept, 3), f"{case}_slope": round(slope, 3)}
    return replace(weights, **curves)


def _curve(points: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """A logistic curve that rises, near the one that changes nothing unless the points say otherwise."""
    import numpy as np
    from scipy.optimize import minimize

    if not points:
        return 0.0, 1.0
    x, y = np.array([some for some, _ in points]), np.array([float(found) for _, found in points])

    def loss(curve: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        z = curve[0] + curve[1] * x
        return float((np.logaddexp(0, z) - y * z).sum() + (curve[0] ** 2 + (curve[1] - 1) ** 2) / 2)

    found = minimize(loss, np.array([0.0, 1.0]), method="L-BFGS-B", bounds=[(-8, 8), (_FLATTEST, _STEEPEST)])
    return float(found.x[0]), float(found.x[1])


def confident(seen: Iterable[First], weights: Weights) -> list[Seen]:
    """With the confidence that a clerk is shown."""
    return [Seen(weights.calibrated(one.some, one.pointed_by) * one.share, one.right) for one in seen]


def tiers_measured(examples: Iterable[Example], weights: Weights) -> Weights:
    """``weights`` with how often matches of each tier seen were right (Laplace's rule)."""
    matched = Counter[tuple[Tier, bool]]()
    for example in examples:
        if not example.asked:
            matched[example.tier, bool(example.right)] += 1
    shares = {
        f"{tier.name.lower()}_right": round((right + 1) / (right + wrong + 2), 5)
        for tier in Tier
        if (right := matched[tier, True]) + (wrong := matched[tier, False])
    }
    return replace(weights, **shares)
