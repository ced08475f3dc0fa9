"""How the matcher does on labelled sets, class by class: ``python -m bench.matching.report SET…``."""

import argparse
import csv
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from orders.payments.rehearsal import Summary, rehearse

COLUMNS = ("n", "right", "wrong", "review", "unmatched")


def measured(folder: Path) -> tuple[Summary, dict[str, Counter[str]]]:
    """Rehearse a set; outcomes counted by class."""
    with TemporaryDirectory() as scratch:
        out = Path(scratch) / "decisions.csv"
        summary = rehearse(folder / "orders.csv", folder / "transfers.csv", out)
        with out.open(encoding="utf-8", newline="") as decided, (folder / "truth.csv").open(encoding="utf-8") as known:
            outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
            for decision, truth in zip(csv.DictReader(decided), csv.DictReader(known), strict=True):
                outcomes[truth["kind"]].update(("n", outcome(decision, truth)))
    return summary, outcomes


def outcome(decision: dict[str, str], truth: dict[str, str]) -> str:
    if decision["decision"] != "matched":
        return decision["decision"]
    given = set(decision["allocations"].split(";"))
    return "right" if any(given == set(way.split(";")) for way in truth["truth"].split("|")) else "wrong"


def most_wrong(wrong: int, matched: int) -> float:
    """The share of wrong matches that is not exceeded with 95 % confidence (Wilson; for none, the rule of three)."""
    if not matched or not wrong:
        return 3 / matched if matched else 1.0
    share, z = wrong / matched, 1.645  # one-sided
    spread: float = z * (share * (1 - share) / matched + z * z / (4 * matched * matched)) ** 0.5
    return float((share + z * z / (2 * matched) + spread) / (1 + z * z / matched))


def table(folder: Path) -> str:
    summary, outcomes = measured(folder)
    whole = sum(outcomes.values(), Counter())
    lines = [f"{folder}", f"{'class':22}" + "".join(f"{column:>11}" for column in COLUMNS)]
    for kind, counts in [*sorted(outcomes.items()), ("all", whole)]:
        lines.append(f"{kind:22}" + "".join(f"{counts[column]:11}" for column in COLUMNS))
    bound = most_wrong(whole["wrong"], whole["right"] + whole["wrong"])
    lines.append(
        f"wrong matches at most {bound:.6%} (95 %); {summary.per_second:.0f} a second; {summary.peak_rss_mb} MB"
    )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+")
    for folder in parser.parse_args().sets:
        print(table(folder), end="\n\n")


if __name__ == "__main__":
    main()
