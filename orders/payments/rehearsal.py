"""The matcher tried on files, without a database: orders and transfers in, decisions out."""

import gc
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orders.payments.matcher.decide import open_desk, rivals, settle
from orders.payments.matcher.facts import TransferFacts, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.rehearsal_files import read_orders, written_whole
from orders.payments.rehearsal_share import COLUMNS
from orders.payments.rehearsal_workers import Worker, at_work


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


def rehearse(orders: Path, transfers: Path, out: Path, *, workers: int | None = None) -> Summary:
    """Decide every transfer and write DECISIONS.csv, whole or not at all. A faulty file raises FileFault."""
    started = time.perf_counter()
    with _no_collection():
        desk = open_desk(read_orders(orders))
        desk.book.prepare()
        gc.freeze()
        with at_work(desk, transfers, workers=workers or os.cpu_count() or 1) as crew, written_whole(out) as file:
            file.write(",".join(COLUMNS) + "\r\n")
            verdicts = _decide(crew, desk, write=file.write)
            peak = sum(worker.peak_mb() for worker in crew)
    seconds = time.perf_counter() - started
    return Summary(
        verdicts.total(),
        verdicts[Verdict.MATCHED],
        verdicts[Verdict.REVIEW],
        verdicts[Verdict.UNMATCHED],
        round(seconds, 3),
        round(verdicts.total() / seconds, 1),
        round(peak + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    )


def _decide(crew: list[Worker], desk: Desk, *, write: Callable[[str], object]) -> Counter[Verdict]:
    """Gather all claims, settle them together, and have the decisions written in the order of the input."""
    claims: dict[int, Claim] = {}
    for worker in crew:
        claims |= worker.claims()
    contested = _settle(crew, claims, desk=desk)
    for worker in crew:
        worker.settled(desk.ledger.placed, contested)
    verdicts: Counter[Verdict] = Counter()
    for text, counts in _in_order(crew):
        write(text)
        verdicts += counts
    return verdicts


def _settle(crew: list[Worker], claims: dict[int, Claim], *, desk: Desk) -> dict[int, Claim | None]:
    contested = {place for group in rivals(claims, desk) if len(group) > 1 for place in group}
    for worker in crew:
        worker.ask(contested)
    facts: dict[int, TransferFacts] = {}
    for worker in crew:
        facts |= worker.told()
    return settle(dict(sorted(claims.items())), facts, desk=desk)


def _in_order(crew: list[Worker]) -> Iterator[tuple[str, Counter[Verdict]]]:
    """Blocks of decisions, the workers in turn, until all have told their last."""
    working = list(crew)
    while working:
        for worker in list(working):
            if (block := worker.block()) is None:
                working.remove(worker)
            else:
                yield block


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of values that live to the end are not worth searching for garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()
