"""Of those given 0.9, are nine in ten right? Confidence against what was seen, in bins."""

from collections.abc import Iterable
from typing import NamedTuple

from orders.payments.matcher.weights import Bin

EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_Z = 1.96  # 95 %


class Seen(NamedTuple):
    """A first candidate: how sure of it the matcher was, and how likely it was right by what is known."""

    confidence: float
    right: float


def reliability(seen: Iterable[Seen]) -> list[Bin]:
    """The bins that hold anything, from the least sure to the surest."""
    bins: dict[float, list[Seen]] = {}
    for one in seen:
        bins.setdefault(max(edge for edge in EDGES[:-1] if edge <= max(one.confidence, 0.0)), []).append(one)
    return [_bin(start, bins[start]) for start in sorted(bins)]


def _bin(start: float, seen: list[Seen]) -> Bin:
    right = sum(one.right for one in seen)
    least, most = wilson(right, len(seen))
    mean = sum(one.confidence for one in seen) / len(seen)
    return Bin(start, len(seen), *(round(part, 4) for part in (mean, right / len(seen), least, most)))


def wilson(right: float, count: int) -> tuple[float, float]:
    """Wilson's interval: within which the true share lies, with 95 % confidence."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, _Z * _Z / count
    middle = share + square / 2
    spread = _Z * ((share * (1 - share) + square / 4) / count) ** 0.5
    return float(max(0.0, (middle - spread) / (1 + square))), float(min(1.0, (middle + spread) / (1 + square)))


def calibration_error(bins: Iterable[Bin]) -> float:
    """How far confidence is from what was seen, on average."""
    listed = list(bins)
    return sum(b.transfers * abs(b.confidence - b.right) for b in listed) / max(1, sum(b.transfers for b in listed))
