"""A statement's rows beside what webhooks have told of them: known, the same as a hook's transfer, in doubt, or new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from orders.payments.feeds.entries import Entry
from orders.payments.feeds.queries import known_identities
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.queries import is_told_by_hooks
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.feeds.tellings.write import Doubtful, raise_doubts, sort_out, write_tellings


@dataclass(frozen=True)
class Rows:
    """Incoming rows by identity. ``known``: which transfer each is. What is in none of them is new."""

    known: dict[str, int] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    joined: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, tuple[Why, list[int]]] = field(default_factory=dict)

    @cached_property
    def told(self) -> frozenset[str]:
        """Those of which something is known."""
        return frozenset(self.known) | frozenset(self.joined) | self.quarantined

    @cached_property
    def quarantined(self) -> frozenset[str]:
        return self.waiting | frozenset(self.doubtful)


def sort_rows(session: Session, account_id: int, incoming: Sequence[Entry]) -> Rows:
    """Sort the rows out. Changes nothing. An account that no webhook has told of costs one question."""
    if not incoming or not is_told_by_hooks(session, account_id):
        return Rows()
    booked = known_identities(session, account_id, [entry.identity for entry in incoming])
    told = [_told(entry) for entry in incoming if entry.identity not in booked]
    found = sort_out(session, account_id, Feed.STATEMENT, told)
    return Rows(booked | found.known, frozenset(found.doubted), found.paired.joined, found.paired.doubtful)


def write_rows(session: Session, account_id: int, rows: Rows, incoming: Sequence[Entry], *, at: datetime) -> None:
    """Keep what the statement told of transfers that a webhook told first; put in quarantine what is in doubt."""
    if not rows.told:
        return
    told = {
        entry.identity: _told(entry)
        for entry in incoming
        if entry.identity in rows.joined or entry.identity in rows.doubtful
    }
    write_tellings(session, account_id, [(told[key], made) for key, made in rows.joined.items()], at=at)
    doubtful = [Doubtful(told[key], why, ids) for key, (why, ids) in rows.doubtful.items()]
    raise_doubts(session, account_id, doubtful, at=at)


def _told(entry: Entry) -> Told:
    row = entry.row
    return Told(
        feed=Feed.STATEMENT,
        key=entry.identity,
        amount=row.amount,
        booked_on=row.booked_on,
        earliest=entry.earliest,
        latest=entry.latest,
        likely_at=entry.likely_at,
        reference=row.reference,
        memo=row.memo,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        bank_hint=row.bank_hint,
    )
