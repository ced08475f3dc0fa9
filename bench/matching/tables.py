"""What was measured, as tables for a terminal."""

from collections import Counter
from collections.abc import Iterator

from bench.matching.contestants import Run
from bench.matching.scoring import BINS, Score, at_least, at_most

_CONFUSION = ("n", "right", "wrong", "review", "unmatched", "top1")


def classes(score: Score) -> Iterator[str]:
    """A line a class: what its transfers came to; ``top1`` of those that were not matched and have an answer."""
    yield f"{'class':24}" + "".join(f"{column:>10}" for column in _CONFUSION)
    for kind, counts in [*sorted(score.kinds.items()), ("all", score.whole())]:
        cells = "".join(f"{counts[column]:10}" for column in _CONFUSION[:-1])
        yield f"{kind:24}{cells}{_share(counts['shown_first'], counts['shown']):>10}"


def figures(score: Score) -> Iterator[str]:
    counts = score.whole()
    matched = counts["right"] + counts["wrong"]
    low, high = at_least(counts["wrong"], matched), at_most(counts["wrong"], matched)
    yield f"wrong matches   {counts['wrong']} of {matched}; precision {1 - counts['wrong'] / max(1, matched):.5f}"
    yield f"                with 95 % certainty {1 - high:.5f} to {1 - low:.5f} (Clopper-Pearson)"
    yield f"clear_rate      {_share(counts['clear_right'], counts['clear'])} of {counts['clear']} clear ones"
    yield f"ask_top1        {_share(counts['shown_first'], counts['shown'])} of {counts['shown']} to be shown"
    yield f"asked           {_share(counts['review'], counts['n'])} of {counts['n']} transfers"
    yield f"over-allocated  {score.over_allocated} orders"


def reliability(score: Score) -> Iterator[str]:
    yield f"{'confidence':>17}{'decisions':>11}{'promised':>10}{'right':>9}"
    for low, high, one in zip(BINS, BINS[1:], score.bins, strict=False):
        if one.count:
            shares = f"{one.promised / one.count:10.4f}{one.right / one.count:9.4f}"
            yield f"{low:8.3f} to {high:5.3f}{one.count:11}{shares}"


def race(runs: dict[str, tuple[Run, Score]]) -> Iterator[str]:
    """All on the same files: speed and memory, then what they got right."""
    columns = ("seconds", 9), ("cpu s", 8), ("a second", 10), ("of bare", 9), ("MB", 7), ("wrong", 7), ("precision", 11)
    more = ("clear", 8), ("top1", 8), ("asked", 8)
    yield " " * 10 + "".join(f"{name:>{width}}" for name, width in (*columns, *more))
    fastest = runs["bare loop"][0].per_second
    for name, (run, score) in runs.items():
        counts = score.whole()
        precision = 1 - counts["wrong"] / max(1, counts["right"] + counts["wrong"])
        yield (
            f"{name:10}{run.seconds:9.2f}{run.cpu_seconds:8.2f}{run.per_second:10.0f}"
            f"{run.per_second / fastest:9.3f}{run.peak_rss_mb:7.0f}"
            f"{counts['wrong']:7}{precision:11.5f}{_quality(counts)}"
        )


def _quality(counts: Counter[str]) -> str:
    clear = _share(counts["clear_right"], counts["clear"])
    return f"{clear:>8}{_share(counts['shown_first'], counts['shown']):>8}{_share(counts['review'], counts['n']):>8}"


def _share(some: int, of: int) -> str:
    return f"{some / of:.4f}" if of else "-"
