"""A statement taken in: booked, matched, and its account's feed covered by it. For the shell and the worker alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from kernel.chain.jobs import seal_what_came
from orders.payments.feeds.booking import book, cover
from orders.payments.feeds.models import StatementImport
from orders.payments.feeds.statement import Statement
from orders.payments.matching import side_by_side
from orders.payments.reconcile import waiting
from orders.payments.refunds.returned import hold_returned
from orders.payments.refunds.seen import match_debits
from orders.payments.reversals import take_back_what_banks_told


class Phase(StrEnum):
    """What is being waited for. Matching begins while the rows are still being booked."""

    BOOKING = "booking"
    MATCHING = "matching"


class Progress(NamedTuple):
    """``done`` of ``total`` rows or transfers."""

    phase: Phase
    done: int
    total: int


def take_in(
    session: Session, kept: StatementImport, *, at: datetime, statement: Statement | None = None
) -> Iterator[Progress]:
    """Book the statement, match what waits, the older too, and cover the feed. The caller commits at each yield.

    What went out is looked through for refunds; refunds that came back are kept from the matcher. For the audit it is
    sealed at once, but for what would take seconds: that is the worker's, for nobody waits for it.

    Broken off anywhere it is begun anew, and goes on where the last commit was. ``statement``: what ``kept`` holds, for
    those who have just read it.
    """
    statement = statement or Statement.from_json(kept.content)
    rows = len(statement.rows)
    booking = book(session, kept, at=at, statement=statement)
    del statement  # as large as the file: it goes when the last row is booked
    before = waiting(session, at=at)
    with side_by_side(session, at=at, expected=len(before) + rows) as matching:
        yield Progress(Phase.BOOKING, kept.next_row, rows)
        matching.add(before)
        for booked in booking:
            hold_returned(session, booked.fresh, at=at)
            yield Progress(Phase.BOOKING, booked.done, rows)
            matching.add(booked.fresh)
        match_debits(session, at=at)
        take_back_what_banks_told(session, at=at, statement_id=kept.id)
        yield Progress(Phase.MATCHING, 0, matching.total)
        for done in matching.finish():
            yield Progress(Phase.MATCHING, done, matching.total)
    cover(session, kept)
    seal_what_came(session)


def match_waiting(session: Session, *, at: datetime) -> Iterator[Progress]:
    """Match all that waits. The caller commits at each yield."""
    ids = waiting(session, at=at)
    with side_by_side(session, at=at, expected=len(ids)) as matching:
        matching.add(ids)
        for done in matching.finish():
            yield Progress(Phase.MATCHING, done, matching.total)
