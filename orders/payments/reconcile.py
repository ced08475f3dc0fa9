"""The whole pipeline on one page: what is undecided becomes facts, the matcher decides, the decisions are written.

    transfers not placed ──┐
    their orders, found by │
    code, phone and name   ├─ facts ─ first looks ─ settled together ─┬ same as before → nothing
    the matcher's own      │                                          ├ changed        → undo, then settle
    allocations to these ──┘                                          └ for a human    → proposal on the desk

Everything that belongs together and may still change is decided together at each run, so that any order of arrival ends
in the same balances: a transfer with a code displaces a vaguer automatic match by a reversal. What a clerk has touched,
and what has left for delivery, stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.payments.ledger import Hand
from orders.payments.lookup.frequencies import frequencies
from orders.payments.lookup.gather import LOOK_BACK, Gathering, Shares
from orders.payments.lookup.queries import shares_now, waiting_ids
from orders.payments.matcher.answers import asked
from orders.payments.matcher.book import Book
from orders.payments.matcher.decide import Bid, decide, first_looks, settle
from orders.payments.matcher.facts import Decision
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.weights import load
from orders.payments.proposals import ProposalRow, proposal_row, write_proposals
from orders.payments.queries import lock_sums
from orders.payments.settle import settle_many, undo_many

HOPELESS = timedelta(days=3)
"""After so long a transfer that fitted nothing is not tried again: an order is placed within a day of its payment."""

PIECE = 1000


class Outcome(NamedTuple):
    """A decision ready to be written: the proposal's row, and the shares by order's id."""

    row: ProposalRow
    shares: Shares


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, as far as it may concern others that ran beside it. Orders by code, transfers by id.

    ``moved`` are orders that got money or lost it; ``shown`` is what a clerk sees of a transfer. ``refused``: somebody
    was faster with the same money or the same order. They are to be decided anew.
    """

    moved: set[str] = field(default_factory=set)
    shown: dict[int, list[str]] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)


def waiting(session: Session, *, at: datetime, only: Collection[int] | None = None) -> Sequence[int]:
    """The transfers (or which of ``only`` these) that are to be decided now."""
    return waiting_ids(session, hopeless_before=at - HOPELESS, only=only)


def reconcile(
    session: Session, *, at: datetime, only: Collection[int] | None = None, only_show: bool = False
) -> Generator[int, None, Report]:
    """Decide all that may still change (or ``only`` these transfers, and what hangs on them) and write it down.

    ``only_show``: no money moves, nothing else is decided with them; clerks see them as the orders stand now.
    Yields how many are written; the caller commits there. Broken off anywhere, the next run ends in the same state.
    """
    report = Report()
    wanted = waiting(session, at=at, only=only)
    if not wanted:
        return report
    run = Gathering(session, alone=only_show)
    for _found in run.gather(wanted):
        yield 0
    book = Book(run.orders, frequencies=frequencies(session, at=at, since=at - LOOK_BACK))
    yield 0  # nobody's writing has to wait for the thinking
    ledger = Ledger(book)
    for code, amount in run.kept.items():
        ledger.place(book.by_code[code], amount)
    desk = Desk(book, ledger, load())
    outcomes = _shown(run, desk) if only_show else _decided(run, desk)
    changed = [place for place, outcome in enumerate(outcomes) if outcome.shares != run.given.get(run.ids[place], {})]
    fresh = _freed(session, [run.ids[place] for place in changed], run.given, at)
    codes = {number: code for code, number in run.order_ids.items()}
    report.moved.update(codes[order_id] for number in fresh for order_id in run.given.get(number, ()))
    for start in range(0, len(outcomes), PIECE):
        yield start
        piece = dict(zip(run.ids[start : start + PIECE], outcomes[start : start + PIECE], strict=True))
        before = {number: {} if number in fresh else run.given.get(number, {}) for number in piece}
        _write(session, piece, fresh, at, before=before, report=report)
    yield len(outcomes)
    return report


def _decided(run: Gathering, desk: Desk) -> list[Outcome]:
    """First what each transfer would take alone, then who gets what, then everything that is not plain."""
    claims: dict[int, Claim] = {}
    outcomes: dict[int, Outcome] = {}
    sights: dict[int, Sight] = {}
    for place, look in enumerate(first_looks(run.transfers, desk, readings=run.readings)):
        if isinstance(look, Bid):
            claims[place] = look.claim
            outcomes[place] = _outcome(run, look.decision)
        else:
            sights[place] = look
    contested = settle(claims, dict(enumerate(run.transfers)), desk=desk)
    for place, decision in zip(sights, asked([*sights.values()], desk), strict=True):
        outcomes[place] = _outcome(run, decision)
    for place, claim in contested.items():
        outcomes[place] = _outcome(run, decide(run.transfers[place], desk, claim=claim))
    return [outcomes[place] for place in range(len(run.transfers))]


def _shown(run: Gathering, desk: Desk) -> list[Outcome]:
    return [_outcome(run, decide(transfer, desk, claim=None)) for transfer in run.transfers]


def _outcome(run: Gathering, decision: Decision) -> Outcome:
    return Outcome(proposal_row(decision), {run.order_ids[code]: amount for code, amount in decision.allocations})


def _freed(session: Session, transfer_ids: Sequence[int], given: Mapping[int, Shares], at: datetime) -> set[int]:
    """Take back what the matcher gave of transfers before it thinks again; not where somebody was faster."""
    held = [number for number in transfer_ids if given.get(number)]
    fresh = set(transfer_ids).difference(held)
    for start in range(0, len(held), PIECE):
        fresh |= _taken_back(session, held[start : start + PIECE], given, at)
    return fresh


def _taken_back(session: Session, held: Sequence[int], given: Mapping[int, Shares], at: datetime) -> set[int]:
    """All at once; if that is refused, each by itself."""
    try:
        with session.begin_nested():
            now = shares_now(session, lock_sums(session, held))
            mine = [number for number in held if now.get(number) == given[number]]
            if mine:
                undo_many(session, mine, _hand(at, "a better match was found"))
            return set(mine)
    except MarketError:
        if len(held) == 1:
            return set()
    return set[int]().union(*(_taken_back(session, [number], given, at) for number in held))


def _write(
    session: Session,
    piece: Mapping[int, Outcome],
    fresh: Collection[int],
    at: datetime,
    *,
    before: Mapping[int, Shares],
    report: Report,
) -> None:
    """Two runs at once take turns: who waited for a lock writes only what is still as it was thought to be."""
    locked = {number: row for number, row in lock_sums(session, piece.keys()).items() if not row.by_hand}
    now = shares_now(session, [number for number in locked if before[number]])
    mine = {
        number: piece[number]
        for number, row in locked.items()
        if (now.get(number) == before[number] if before[number] else row.unplaced > 0)  # what was matched has no rest
    }
    report.refused.update(locked.keys() - mine.keys())
    write_proposals(session, {number: outcome.row for number, outcome in mine.items()}, at=at)
    wanted = {number: o.shares for number, o in mine.items() if number in fresh and o.shares}
    report.refused.update(settle_many(session, wanted, _hand(at, "matched"), rest_as_credit=True))
    for number, (row, shares) in mine.items():
        if not shares:
            report.shown[number] = [candidate["code"] for candidate in row["candidates"]]
        elif number in wanted and number not in report.refused:
            report.moved.update(code for code, _amount in row["allocations"])


def _hand(at: datetime, because: str) -> Hand:
    return Hand(by="matcher", at=at, because=because, automatic=True)
