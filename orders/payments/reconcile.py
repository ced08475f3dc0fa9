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

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.payments.ledger import Hand
from orders.payments.lookup.frequencies import frequencies
from orders.payments.lookup.gather import LOOK_BACK, Gathering, Shares
from orders.payments.lookup.queries import waiting_ids
from orders.payments.matcher.book import Book
from orders.payments.matcher.decide import decide, first_look, settle
from orders.payments.matcher.facts import Decision
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.weights import load
from orders.payments.models import Transfer
from orders.payments.proposals import proposal_row, write_proposals
from orders.payments.queries import lock_sums
from orders.payments.settle import settle_many, undo

log = structlog.get_logger()

HOPELESS = timedelta(days=3)
"""After so long a transfer that fitted nothing is not tried again: an order is placed within a day of its payment."""

PIECE = 500


class Phase(StrEnum):
    """What a run is at."""

    LOOKING = "looking"
    DECIDING = "deciding"
    POSTING = "posting"


class Progress(NamedTuple):
    """``done`` of ``total`` transfers; while they are looked for, more may still come."""

    phase: Phase
    done: int
    total: int


class Outcome(NamedTuple):
    """A decision ready to be written: the proposal's row as JSON, a fifth of its size, and the shares by order's id."""

    row: str
    shares: Shares


def reconcile(session: Session, *, at: datetime, only: Collection[int] | None = None) -> Iterator[Progress]:
    """Decide all that may still change (or ``only`` these transfers, and what hangs on them) and write it down.

    The caller commits at each yield. Broken off anywhere, the next run ends in the same state.
    """
    wanted = waiting_ids(session, hopeless_before=at - HOPELESS, only=only)
    if not wanted:
        return
    run = Gathering(session)
    for done in run.gather(wanted):
        yield Progress(Phase.LOOKING, done, len(wanted))
    book = Book(run.orders, frequencies=frequencies(session, at=at, since=at - LOOK_BACK))
    yield Progress(Phase.DECIDING, 0, len(run.ids))  # nobody's writing has to wait for the thinking
    outcomes = _decided(run, Desk(book, Ledger(book), load()))
    changed = [place for place, outcome in enumerate(outcomes) if outcome.shares != run.given.get(run.ids[place], {})]
    fresh = {run.ids[place] for place in changed if _freed(session, run.ids[place], run.given, at)}
    for start in range(0, len(outcomes), PIECE):
        yield Progress(Phase.POSTING, start, len(outcomes))
        piece = dict(zip(run.ids[start : start + PIECE], outcomes[start : start + PIECE], strict=True))
        _write(session, piece, fresh, at)
    yield Progress(Phase.POSTING, len(outcomes), len(outcomes))


def _decided(run: Gathering, desk: Desk) -> list[Outcome]:
    """First what each transfer would take alone, then who gets what, then everything that is not plain."""
    claims: dict[int, Claim] = {}
    outcomes: dict[int, Outcome] = {}
    for place, transfer in enumerate(run.transfers):
        if bid := first_look(transfer, desk):
            claims[place] = bid.claim
            outcomes[place] = _outcome(run, bid.decision)
    contested = settle(claims, dict(enumerate(run.transfers)), desk=desk)
    for place, transfer in enumerate(run.transfers):
        if place not in outcomes or place in contested:
            outcomes[place] = _outcome(run, decide(transfer, desk, claim=contested.get(place)))
    return [outcomes[place] for place in range(len(run.transfers))]


def _outcome(run: Gathering, decision: Decision) -> Outcome:
    return Outcome(
        json.dumps(proposal_row(decision)), {run.order_ids[code]: amount for code, amount in decision.allocations}
    )


def _freed(session: Session, transfer_id: int, given: Mapping[int, Shares], at: datetime) -> bool:
    """Take back what the matcher gave of a transfer before it thinks again. False if somebody was faster."""
    if not given.get(transfer_id):
        return True
    try:
        with session.begin_nested():
            undo(session, session.get_one(Transfer, transfer_id), _hand(at, "a better match was found"))
    except MarketError:
        return False
    return True


def _write(session: Session, piece: Mapping[int, Outcome], fresh: Collection[int], at: datetime) -> None:
    """Two runs at once take turns: who waited for a lock looks again at what is kept."""
    locked = lock_sums(session, piece.keys())
    mine = {number: piece[number] for number in locked if not locked[number].by_hand}
    write_proposals(session, {number: json.loads(outcome.row) for number, outcome in mine.items()}, at=at)
    _pay(session, {number: o.shares for number, o in mine.items() if number in fresh and o.shares}, at)


def _pay(session: Session, wanted: Mapping[int, Shares], at: datetime) -> None:
    refused = settle_many(session, wanted, _hand(at, "matched"), rest_as_credit=True)
    for transfer_id, refusal in refused.items():
        # Somebody was faster: the next run sees how it stands then.
        log.warning("match not written", transfer=transfer_id, refusal=type(refusal).__name__)


def _hand(at: datetime, because: str) -> Hand:
    return Hand(by="matcher", at=at, because=because, automatic=True)
