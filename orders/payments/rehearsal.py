"""The matcher tried on files, without a database: orders and transfers in, decisions out."""

import os
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kernel.garbage import kept
from orders.payments.matcher.decide import open_desk, settle
from orders.payments.matcher.facts import Tier, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.rehearsal_ahead import read_ahead
from orders.payments.rehearsal_files import read_orders
from orders.payments.rehearsal_share import COLUMNS, Rival, facts_of
from orders.payments.rehearsal_workers import Crew, at_work
from orders.payments.written import written_whole


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rehearsal prints last. The peak is that of all processes added up, shared pages counted in each."""

    transfers: int
    matched: int
    review: int
    unmatched: int
    seconds: float
    per_second: float
    peak_rss_mb: float


def rehearse(
    orders: Path, transfers: Path, out: Path, *, workers: int | None = None, tell: Callable[[int], object] = int
) -> Summary:
    """Decide every transfer and write DECISIONS.csv, whole or not at all. A faulty file raises FileFault.

    ``tell`` hears how many more rows this process, one of ``workers``, has looked at; it will look at each twice.
    """
    started = time.perf_counter()
    processes = workers or os.cpu_count() or 1
    with kept():
        with written_whole(out) as file, read_ahead(transfers, shares=processes) as ahead:
            desk = open_desk(read_orders(orders))
            desk.book.prepare()
            with at_work(desk, ahead.shares, tell=tell) as crew:
                verdicts = _decide(crew, desk)
                file.write(",".join(COLUMNS) + "\r\n")
                file.writelines(lines for _, lines in crew.blocks())
                peak = ahead.peak_mb + sum(crew.ask("peak_mb"))
        seconds = time.perf_counter() - started  # the file is in its place
    return Summary(
        verdicts.total(),
        verdicts[Verdict.MATCHED],
        verdicts[Verdict.REVIEW],
        verdicts[Verdict.UNMATCHED],
        round(seconds, 3),
        round(verdicts.total() / seconds, 1),
        round(peak, 1),
    )


def _decide(crew: Crew, desk: Desk) -> Counter[Verdict]:
    """Gather all claims, settle them together, and have everything decided by what they leave."""
    contested = _settle(crew, desk)
    verdicts: Counter[Verdict] = Counter()
    for counts in crew.ask("decide", desk.ledger.sums, contested):
        verdicts += counts
    return verdicts


def _settle(crew: Crew, desk: Desk) -> dict[int, Claim | None]:
    """Only claims that others dispute have to be told and settled here; the others take what they claim."""
    disputed: set[str] = set()
    wanted: set[str] = set()
    for households, twice in crew.ask("wishes"):
        disputed |= twice | (wanted & households)
        wanted |= households
    rivals: list[Rival] = []
    for disputes, placed in crew.ask("rivals", disputed):
        desk.ledger.place_all(placed)
        rivals += disputes
    rivals.sort()
    claims = {rival.place: Claim(Tier(rival.tier), rival.shares) for rival in rivals}
    facts = dict(zip(claims, facts_of(rival.row for rival in rivals), strict=True))
    return settle(claims, facts, desk=desk)
