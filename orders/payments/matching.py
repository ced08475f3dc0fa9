"""Many transfers matched side by side: in pieces, by this process and by helpers with transactions of their own.

    ids ─┬─ piece ─ this process ─ reconcile ─┬─ report ─┬ fits the others ────────→ done
         ├─ piece ─ helper ─────── reconcile ─┤          └ overtaken by another one → decided once more, alone
         └─ piece ─ helper ─────── reconcile ─┘

Two pieces that run at once do not see each other: both may want one order, or one shows a clerk an order that the other
pays. Whoever comes second is refused by the locked rows, or is known from the reports; those are decided once more at
the end together with whatever they collide with. That is right because any order of arrival ends in the same balances.
A piece is small, so memory does not grow with the statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from kernel.garbage import no_search, search
from kernel.settings import Settings
from orders.payments.helpers import Heard, Helper
from orders.payments.reconcile import Report, reconcile

log = structlog.get_logger()

PIECE = 5000
"""Transfers that are decided together: enough to share their look-ups, few enough to stay small."""

_LEAST = 500  # transfers of a piece, towards the end
_AHEAD = 2  # pieces that a helper has at hand, so that it never waits for us
_ROUNDS = 3  # somebody else may be faster while we decide once more


class Piece(NamedTuple):
    """``after`` are the pieces that were finished when this one was given out: it sees what they did."""

    number: int
    ids: Sequence[int]
    after: frozenset[int]


@contextmanager
def side_by_side(session: Session, *, at: datetime, expected: int) -> Iterator[Matching]:
    """A matching of about ``expected`` transfers, with as many helpers as are worth their start."""
    settings: Settings = current_app.extensions["settings"]
    processes = 1 if settings.sqlite else min(settings.matching_processes, -(-expected // PIECE))
    helpers = [Helper(settings) for _ in range(processes - 1)]
    try:
        with no_search():
            yield Matching(session, at=at, helpers=helpers)
    finally:
        for helper in helpers:
            helper.end()


class Matching:
    """Add what is to be matched, in any portions, then ``finish``. The caller commits at each yield of it."""

    def __init__(self, session: Session, *, at: datetime, helpers: Sequence[Helper] = ()) -> None:
        self._session, self._at, self._helpers = session, at, helpers
        self._waiting: list[int] = []
        self._all_in = False
        self._pieces: dict[int, Piece] = {}
        self._reports: dict[int, Report] = {}
        self._written: dict[int, int] = {}  # of pieces under way
        self.total = 0
        self.finished = 0

    @property
    def done(self) -> int:
        """How many transfers are decided and written down."""
        return self.finished + sum(self._written.values())

    def add(self, transfer_ids: Sequence[int]) -> None:
        """What is committed, and may be matched from now on."""
        self.total += len(transfer_ids)
        self._waiting += transfer_ids
        self._hear()

    def finish(self) -> Iterator[int]:
        """Match the rest. Yields how many are done."""
        self._all_in = True
        while self._waiting or any(helper.load for helper in self._helpers):
            self._hear()
            if ids := self._cut():
                yield from self._run(ids)
            else:
                self._hear(seconds=1)
                yield self.done
        yield from self._once_more()

    def _cut(self) -> list[int]:
        """The next piece, if there is one. Towards the end they become smaller, so that all end together."""
        size = PIECE
        if self._all_in:
            share = len(self._waiting) // (_AHEAD * (1 + len(self._helpers)))
            size = min(PIECE, max(share, _LEAST))
        elif len(self._waiting) < PIECE:
            return []
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        return piece

    def _hear(self, *, seconds: float = 0) -> None:
        """Take in what the helpers say, and give them more."""
        for helper in self._helpers:
            for heard in helper.heard(seconds / len(self._helpers)):
                self._take(heard)
            while helper.load < _AHEAD and (ids := self._cut()):
                helper.ask(self._begun(ids), at=self._at)

    def _begun(self, ids: Sequence[int]) -> Piece:
        piece = Piece(len(self._pieces), ids, frozenset(self._reports))
        self._pieces[piece.number] = piece
        return piece

    def _take(self, heard: Heard) -> None:
        if heard.report is None:
            self._written[heard.piece] = min(heard.written, len(self._pieces[heard.piece].ids))
        else:
            self._end(self._pieces[heard.piece], heard.report)

    def _end(self, piece: Piece, report: Report) -> None:
        self._written.pop(piece.number, None)
        self._reports[piece.number] = report
        self.finished += len(piece.ids)

    def _run(self, ids: Sequence[int], *, only_show: bool = False) -> Iterator[int]:
        """Match a piece in this process. What the database refuses to two at once is put off."""
        piece = self._begun(ids)
        steps = reconcile(self._session, at=self._at, only=ids, only_show=only_show)
        try:
            while True:
                self._written[piece.number] = min(next(steps), len(ids))
                self._hear()
                yield self.done
        except StopIteration as end:
            self._end(piece, end.value)
            search()
        except OperationalError as fault:
            if not self._helpers:
                raise
            self._session.rollback()
            log.info("piece put off", fault=type(fault.orig).__name__)
            self._end(piece, Report(refused=set(ids)))

    def _once_more(self) -> Iterator[int]:
        """Decide anew what was refused, until nothing is; then show clerks what all the pieces have come to."""
        known: set[int] = set()
        for _round in range(_ROUNDS):
            refused = self._refused(known)
            known = set(self._reports)
            yield from self._again(refused)
        if left := self._refused(known):
            log.warning("transfers left to the next run", many=len(left))
        yield from self._again(self._outdated(), only_show=True)

    def _again(self, transfer_ids: Collection[int], *, only_show: bool = False) -> Iterator[int]:
        ids = sorted(transfer_ids)
        self.finished -= len(ids)
        for start in range(0, len(ids), PIECE):
            yield from self._run(ids[start : start + PIECE], only_show=only_show)

    def _refused(self, known: Collection[int]) -> set[int]:
        """By the pieces but those ``known``."""
        return set[int]().union(*(report.refused for number, report in self._reports.items() if number not in known))

    def _outdated(self) -> set[int]:
        """Transfers that show an order whose money a piece beside theirs has moved."""
        moved_in = defaultdict(set)
        for number, report in self._reports.items():
            for code in report.moved:
                moved_in[code].add(number)
        shown = {
            i: (number, codes) for number in sorted(self._reports) for i, codes in self._reports[number].shown.items()
        }
        return {
            transfer_id
            for transfer_id, (number, codes) in shown.items()
            if any(moved_in[code] - self._pieces[number].after - {number} for code in codes)
        }
