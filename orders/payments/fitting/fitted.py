"""The whole fit: examples in, weights with what was measured of them out."""

from collections.abc import Callable, Sequence
from datetime import date

from orders.payments.fitting.calibration import FOLDS, calibrate, confident, out_of_fold, tiers_measured
from orders.payments.fitting.examples import Example
from orders.payments.fitting.model import First, fit
from orders.payments.fitting.reliability import calibration_error, reliability
from orders.payments.matcher.weights import Fitted, Weights

STEPS = FOLDS + 1


def fitted(
    examples: Sequence[Example],
    weights: Weights,
    *,
    on: date,
    data: str,
    told: Callable[[int], None] = lambda step: None,
) -> tuple[Weights, Fitted]:
    """Weights fitted to all examples, calibrated on candidates that they had not seen; ``weights`` are the prior.

    Only what is weighed changes, never the rules by which a transfer is matched.
    """
    told(0)
    found, steps = fit(examples, weights), iter(range(1, STEPS + 1))
    unseen = out_of_fold(examples, weights, start=found, told=lambda: told(next(steps)))
    found = tiers_measured(examples, calibrate(unseen, found))
    bins = reliability(confident(unseen, found))
    precision, recall = _of_matches(examples)
    known = Fitted(
        on, data, len(examples), precision, recall, _first_right(unseen), calibration_error(bins), tuple(bins)
    )
    return found, known


def _of_matches(examples: Sequence[Example]) -> tuple[float, float]:
    """How many of the matches are right, and of what some candidate is right for, how much was matched."""
    matched = [example for example in examples if not example.asked]
    right = sum(bool(example.right) for example in matched)
    payable = right + sum(bool(example.right) for example in examples if example.asked and not example.one_of)
    return right / len(matched) if matched else 0.0, right / payable if payable else 0.0


def _first_right(unseen: Sequence[First]) -> float:
    found = [one for one in unseen if one.found]
    return sum(one.right for one in found) / len(found) if found else 0.0
