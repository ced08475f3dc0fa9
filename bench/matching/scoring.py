"""Decisions held against the truth: what each class came to, how sure that is, and whether confidence holds."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp, lgamma, log, log1p
from pathlib import Path

from bench.matching.case import ANY, HOPELESS, NONE

BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.995, 0.999, 1.0)
_Row = dict[str, str]


@dataclass
class Bin:
    """Decisions of like confidence: how many, what they promised together, and how many were right."""

    count: int = 0
    promised: float = 0.0
    right: int = 0


@dataclass
class Score:
    """Outcomes by class; may be added up over sets."""

    kinds: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    bins: list[Bin] = field(default_factory=lambda: [Bin() for _ in BINS[1:]])
    over_allocated: int = 0

    def whole(self) -> Counter[str]:
        return sum(self.kinds.values(), Counter())

    def __iadd__(self, other: "Score") -> "Score":
        for kind, counts in other.kinds.items():
            self.kinds[kind] += counts
        for mine, theirs in zip(self.bins, other.bins, strict=True):
            mine.count += theirs.count
            mine.promised += theirs.promised
            mine.right += theirs.right
        self.over_allocated += other.over_allocated
        return self


def score(folder: Path, decisions: Path) -> Score:
    """The score of a labelled set. A match is right if it is one of the truth's alternatives, sums and all."""
    result, given = Score(), Counter[str]()
    for decision, truth in zip(_rows(decisions), _rows(folder / "truth.csv"), strict=True):
        if decision["transfer_id"] != truth["transfer_id"]:
            raise ValueError(f"{decisions}: {decision['transfer_id']} stands where {truth['transfer_id']} should")
        result.kinds[truth["kind"]].update(_outcomes(decision, truth))
        _promise(result.bins, decision, truth)
        for share in filter(None, decision["allocations"].split(";")):
            code, _, amount = share.partition(":")
            given[code] += int(amount)
    totals = {row["code"]: int(row["total"]) for row in _rows(folder / "orders.csv")}
    result.over_allocated = sum(amount > totals[code] for code, amount in given.items())
    return result


def outcome(decision: _Row, truth: _Row) -> str:
    """``right`` or ``wrong`` for a match, else what was decided."""
    if decision["decision"] != "matched":
        return decision["decision"]
    given = set(decision["allocations"].split(";"))
    return "right" if any(given == set(way.split(";")) for way in truth["truth"].split("|")) else "wrong"


def _outcomes(decision: _Row, truth: _Row) -> Iterator[str]:
    came_to = outcome(decision, truth)
    yield from ("n", came_to)
    if truth["must"] == ANY:
        yield "clear"
        if came_to == "right":
            yield "clear_right"
    if decision["decision"] != "matched" and truth["must"] != HOPELESS and (wanted := _wanted(truth)):
        yield "shown"
        if decision["candidates"].split(";")[0] in wanted:
            yield "shown_first"


def _wanted(truth: _Row) -> set[str]:
    """The orders of which one should be shown first."""
    if truth["truth"]:
        return {share.split(":")[0] for way in truth["truth"].split("|") for share in way.split(";")}
    return set(filter(None, truth["tops"].split("|")))


def _promise(bins: list[Bin], decision: _Row, truth: _Row) -> None:
    """Of a decision that names orders, unless nobody can tell which one is meant."""
    unknown = truth["must"] != NONE and not truth["truth"] and len(_wanted(truth)) != 1
    if decision["decision"] == "unmatched" or not decision["confidence"] or unknown:
        return
    confidence = float(decision["confidence"])
    place = next(i for i, bound in enumerate(BINS[1:]) if confidence <= bound or bound == BINS[-1])
    bins[place].count += 1
    bins[place].promised += confidence
    if decision["decision"] == "matched":
        bins[place].right += outcome(decision, truth) == "right"
    else:
        bins[place].right += decision["candidates"].split(";")[0] in _wanted(truth)


def at_most(wrong: int, of: int, *, doubt: float = 0.025) -> float:
    """The share that is exceeded with no more than ``doubt`` (the upper bound of Clopper and Pearson)."""
    if wrong >= of:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _as_few(wrong, of, middle) > doubt else (low, middle)
    return high


def at_least(wrong: int, of: int, *, doubt: float = 0.025) -> float:
    return 1 - at_most(of - wrong, of, doubt=doubt) if of else 0.0


def _as_few(wrong: int, of: int, share: float) -> float:
    """How likely ``wrong`` or fewer of ``of`` are, each with chance ``share``."""
    return sum(
        exp(lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log1p(-share))
        for k in range(wrong + 1)
    )


def _rows(path: Path) -> Iterator[_Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
