"""Whether each transfer's places are what its postings say, and each allocation has its posting. For the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from orders.payments.books.queries import PLACES, Added, added_up, newest_ids, unposted
from orders.payments.models import Place

PAGE = 2_000


class Unequal(StrEnum):
    """What does not agree."""

    SUM = "places do not add up to the amount"
    PLACES = "places are not what the postings say"
    RECEIVED = "came in never, twice, or as another sum"
    ALLOCATED = "allocations are not what the postings say"
    UNPOSTED = "an allocation without its posting"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that does not agree with itself: a transfer, or an allocation, by id."""

    what: Unequal
    table: str
    row_id: int


class Checked(NamedTuple):
    """``done`` of ``total`` rows, and what the last page of them showed."""

    done: int
    total: int
    found: Sequence[Disagreement]


def check(session: Session) -> Iterator[Checked]:
    """Compare page by page; holds nothing of what it read. The caller may roll back at each step."""
    last_transfer, last_allocation = newest_ids(session)
    total, after = last_transfer + last_allocation, 0
    while page := added_up(session, after=after, most=PAGE):
        after = page[-1].id
        found = [Disagreement(what, "transfers", each.id) for each in page for what in _unequal(each)]
        yield Checked(after, total, found)
    after = 0
    while rows := unposted(session, after=after, most=PAGE):
        after = rows[-1][0]
        found = [Disagreement(Unequal.UNPOSTED, "allocations", row_id) for row_id, posted in rows if not posted]
        yield Checked(last_transfer + after, total, found)


def _unequal(transfer: Added) -> Iterator[Unequal]:
    if sum(transfer.places) != transfer.amount:
        yield Unequal.SUM
    if transfer.places != transfer.by_postings:
        yield Unequal.PLACES
    if transfer.received != (transfer.amount, 1):
        yield Unequal.RECEIVED
    if transfer.by_allocations != transfer.by_postings[PLACES.index(Place.ALLOCATED)]:
        yield Unequal.ALLOCATED
