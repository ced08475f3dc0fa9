"""Questions to the books: what an account holds where, its movements day by day, and what its postings add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from orders.payments.models import Allocation, Place, Posting, Transfer

PLACES = (Place.UNPLACED, Place.ALLOCATED, Place.CREDIT, Place.REFUND_DUE, Place.REFUNDED)


class Added(NamedTuple):
    """A transfer beside what its postings and allocations add up to."""

    id: int
    amount: int
    places: tuple[int, ...]
    by_postings: tuple[int, ...]
    received: tuple[int, int]
    by_allocations: int


def added_up(session: Session, *, after: int, most: int) -> list[Added]:
    """The next transfers by id."""
    kept = [getattr(Transfer, place.value) for place in PLACES]
    page = (
        select(Transfer.id, Transfer.amount, *kept).where(Transfer.id > after).order_by(Transfer.id).limit(most)
    ).subquery()
    from_bank = Posting.moved_from == Place.BANK
    sums = [
        *(_moved(place) for place in PLACES),
        func.coalesce(func.sum(case((from_bank, Posting.amount), else_=0)), 0),
        func.count(case((from_bank, 1))),
    ]
    given = (
        select(func.coalesce(func.sum(Allocation.amount), 0))
        .where(Allocation.transfer_id == page.c.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(*page.c, *sums, given)
        .select_from(page)
        .outerjoin(Posting, Posting.transfer_id == page.c.id)
        .group_by(*page.c)
        .order_by(page.c.id)
    )
    return [_added(tuple(row)) for row in rows]


def _moved(place: Place) -> ColumnElement[int]:
    comes, goes = Posting.moved_to == place, Posting.moved_from == place
    return func.coalesce(func.sum(case((comes, Posting.amount), (goes, -Posting.amount), else_=0)), 0)


def _added(row: tuple[Any, ...]) -> Added:
    transfer_id, amount, *numbers = (int(value) for value in row)
    many = len(PLACES)
    places, by_postings = tuple(numbers[:many]), tuple(numbers[many : 2 * many])
    received, times, by_allocations = numbers[2 * many :]
    return Added(transfer_id, amount, places, by_postings, (received, times), by_allocations)


def unposted(session: Session, *, after: int, most: int) -> Sequence[tuple[int, bool]]:
    """The next allocations by id, and whether each has the one posting that moved its money."""
    page = select(Allocation.id, Allocation.amount).where(Allocation.id > after).order_by(Allocation.id).limit(most)
    of_it = page.subquery()
    moved = (
        select(func.count())
        .where(Posting.allocation_id == of_it.c.id, Posting.amount == func.abs(of_it.c.amount))
        .scalar_subquery()
    )
    return [(row_id, times == 1) for row_id, times in session.execute(select(of_it.c.id, moved).order_by(of_it.c.id))]


def newest_ids(session: Session) -> tuple[int, int]:
    """Of the transfers, of the allocations."""
    return session.scalar(select(func.max(Transfer.id))) or 0, session.scalar(select(func.max(Allocation.id))) or 0
