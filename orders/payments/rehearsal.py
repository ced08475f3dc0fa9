"""The matcher tried on files, without a database: orders and transfers in, decisions out."""

import csv
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from orders.payments.matcher.decide import decide_all
from orders.payments.matcher.facts import Decision, Verdict
from orders.payments.matcher.wording import why
from orders.payments.rehearsal_files import read_orders, read_transfers, written_whole

COLUMNS = ("transfer_id", "decision", "allocations", "candidates", "confidence", "why")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rehearsal prints last."""

    transfers: int
    matched: int
    review: int
    unmatched: int
    seconds: float
    per_second: float
    peak_rss_mb: float

    def as_dict(self) -> dict[str, int | float]:
        return asdict(self)


def rehearse(orders: Path, transfers: Path, out: Path, *, workers: int | None = None) -> Summary:
    """Decide every transfer and write DECISIONS.csv, whole or not at all. A faulty file raises FileFault."""
    started = time.perf_counter()
    decisions = decide_all(read_orders(orders), read_transfers(transfers))
    with written_whole(out) as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        sheet.writerows(map(row, decisions))
    seconds = time.perf_counter() - started
    counts = {verdict: sum(d.verdict is verdict for d in decisions) for verdict in Verdict}
    return Summary(
        len(decisions),
        counts[Verdict.MATCHED],
        counts[Verdict.REVIEW],
        counts[Verdict.UNMATCHED],
        round(seconds, 3),
        round(len(decisions) / seconds, 1),
        0.0,
    )


def row(decision: Decision) -> tuple[str, ...]:
    """A line of DECISIONS.csv."""
    return (
        decision.transfer_id,
        decision.verdict.value,
        ";".join(f"{code}:{amount}" for code, amount in decision.allocations),
        ";".join(candidate.code for candidate in decision.candidates),
        f"{decision.confidence:.4f}",
        why(decision),
    )
