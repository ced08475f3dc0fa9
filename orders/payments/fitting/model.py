"""Which candidate is right, or none: a conditional logit over the counts of their clues, fitted by maximum likelihood.

The prior is a bell around the weights in use, so that few data move little and nothing goes far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from orders.payments.fitting.examples import FITTED, Example
from orders.payments.matcher.weights import Weights

_BITS = 4.0  # how far, in bits, the prior thinks that a weight may be off
_SHARE = 0.25
_SHARES = frozenset({"name", "name_part", "name_like", "payer", "amount_sum"})
_MOST_STEPS = 300
_BOUNDS = {
    "code": (20, 60),
    "code_slip": (10, 45),
    "phone": (10, 45),
    "phone_slip": (5, 35),
    "alias": (1, 20),
    "phone_cut_digit": (0.5, 3.4),
    **dict.fromkeys(("name_other", "ward_other", "amount_less", "amount_more", "time_before", "closed"), (-20, -0.5)),
    "other_purpose": (-40, -0.5),
    **dict.fromkeys(_SHARES, (0.1, 1.3)),
    "nothing_fits": (-12, 4),
}
"""Wherever data lead: what speaks for an order goes on doing so, and nothing outweighs everything else."""
_LOG2 = 0.6931471805599453


@dataclass(frozen=True, slots=True)
class Table:
    """All candidates below one another, each example's behind its ``starts``; the first row of each says "none"."""

    counts: Any
    fixed: Any
    starts: Any
    right: Any


def fit(examples: Sequence[Example], weights: Weights, *, start: Weights | None = None) -> Weights:
    """The likeliest weights within their bounds. ``start`` is only where the search begins."""
    import numpy as np
    from scipy.optimize import minimize

    table = tabled([example for example in examples if example.tells_weights])
    if not table.starts.size:
        return weights
    now, spread = _values(weights), np.array([_SHARE if name in _SHARES else _BITS for name in FITTED])

    def loss(off: Any) -> tuple[float, Any]:
        surprise, slope = _surprise(table, now + off * spread)
        return surprise + float(off @ off) / 2, slope * spread + off

    bounds = (np.array([_BOUNDS[name] for name in FITTED]) - now[:, None]) / spread[:, None]
    begin = np.clip((_values(start or weights) - now) / spread, bounds[:, 0], bounds[:, 1])
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": _MOST_STEPS})
    fitted = now + found.x * spread
    return replace(weights, **{name: round(float(value), 2) for name, value in zip(FITTED, fitted, strict=True)})


def _values(weights: Weights) -> Any:
    import numpy as np

    return np.array([getattr(weights, name) for name in FITTED])


def tabled(examples: Sequence[Example]) -> Table:
    import numpy as np

    place = {name: column for column, name in enumerate(FITTED)}
    rows = sum(1 + len(example.candidates) for example in examples)
    counts, fixed, right = np.zeros((rows, len(FITTED))), np.zeros(rows), np.zeros(rows, dtype=bool)
    starts, at = [], 0
    for example in examples:
        starts.append(at)
        if example.some is None:
            counts[at, place["nothing_fits"]], right[at] = 1.0, not example.right
        else:
            fixed[at] = -np.inf
        for offset, candidate in enumerate(example.candidates):
            row = at + 1 + offset
            fixed[row], right[row] = candidate.fixed, offset in example.right
            for name, count in candidate.counts.items():
                counts[row, place[name]] = count
        at += 1 + len(example.candidates)
    return Table(counts, fixed, np.array(starts, dtype=int), right)


def _surprise(table: Table, values: Any) -> tuple[float, Any]:
    """How surprised these weights are by what is right, in nats, and its slope."""
    import numpy as np

    bits = (table.counts @ values + table.fixed) * _LOG2
    shares, whole = _softmax(bits, table.starts)
    among, certain = _softmax(np.where(table.right, bits, -np.inf), table.starts)
    return float((whole - certain).sum()), table.counts.T @ (shares - among) * _LOG2


def _softmax(bits: Any, starts: Any) -> tuple[Any, Any]:
    """Each row's share of its example, and the logarithm of the whole."""
    import numpy as np

    sizes = np.diff(starts, append=len(bits))
    top = np.maximum.reduceat(bits, starts)
    odds = np.exp(bits - np.repeat(top, sizes))
    whole = np.add.reduceat(odds, starts)
    return odds / np.repeat(whole, sizes), np.log(whole) + top


class First(NamedTuple):
    """What weights say of an example: how likely some candidate is right, and the share of the one put first in that.

    ``found`` and ``right``: whether some candidate is right, and how likely the first is, by what is known.
    """

    some: float
    share: float
    found: bool
    right: float
    pointed_by: str


def firsts(examples: Sequence[Example], weights: Weights) -> list[First]:
    """For each example, which must have candidates."""
    table = tabled(examples)
    if not table.starts.size:
        return []
    shares, _ = _softmax((table.counts @ _values(weights) + table.fixed) * _LOG2, table.starts)
    return [
        _first(example, shares[start + 1 : start + 1 + len(example.candidates)])
        for start, example in zip(table.starts, examples, strict=True)
    ]


def _first(example: Example, shares: Any) -> First:
    place, some = int(shares.round(12).argmax()), float(shares.sum())
    top = float(shares[place])
    among = float(sum(shares[other] for other in example.right)) if example.one_of else top
    right = top / among if place in example.right and among else 0.0
    stated = min(some, 1.0) if example.some is None else example.some
    return First(stated, top / some if some else 1.0, bool(example.right), right, example.pointed_by)
