"""The matcher tried on files, without a database: orders and transfers in, decisions out."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from operator import add
from pathlib import Path

from kernel.garbage import kept
from orders.payments.matcher.decide import desk_of, settle
from orders.payments.matcher.facts import Tier, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.rehearsal_ahead import read_ahead
from orders.payments.rehearsal_files import read_book
from orders.payments.rehearsal_share import COLUMNS, Rival, Wishes, facts_of
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
            desk = desk_of(read_book(orders))
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
    disputes, placed = zip(*crew.ask("rivals", _disputed(crew.ask("wishes"))), strict=True)
    desk.ledger.place_all(reduce(partial(map, add), placed))
    rivals: list[Rival] = sorted(chain.from_iterable(disputes))
    claims = {rival.place: Claim(Tier(rival.tier), rival.shares) for rival in rivals}
    facts = dict(zip(claims, facts_of(rival.row for rival in rivals), strict=True))
    return settle(claims, facts, desk=desk)


def _disputed(wishes: Iterable[Wishes]) -> bytes:
    """The households of which orders are claimed more than once by all together: 1 for each that is."""
    once = twice = size = 0
    for wished in wishes:
        claimed, again = (int.from_bytes(households, "little") for households in wished)
        twice |= again | (once & claimed)
        once |= claimed
        size = len(wished.claimed)
    return twice.to_bytes(size, "little")
