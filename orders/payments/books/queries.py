"""Questions to the books: what an account holds where, its movements day by day, and what its postings add up to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, case, func, literal, literal_column, select, text, union_all
from sqlalchemy.orm import Session

from kernel.queries import among
from orders.models import Order
from orders.payments.books.models import AccountDay
from orders.payments.models import Allocation, Debit, Place, Posting, Transfer
from orders.payments.queries import WAITS, live_allocations_to, standing_shares

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
    """The next transfers by id. Three ranges of an index, whatever the history is."""
    kept = [getattr(Transfer, place.value) for place in PLACES]
    page = session.execute(
        select(Transfer.id, Transfer.amount, *kept).where(Transfer.id > after).order_by(Transfer.id).limit(most)
    ).all()
    last = page[-1].id if page else after
    posted, given = _posted(session, after, last), _given(session, after, last)
    nothing = (0,) * (len(PLACES) + 2)
    return [
        Added(row.id, row.amount, tuple(row[2:]), sums[:-2], (sums[-2], sums[-1]), given.get(row.id, 0))
        for row in page
        for sums in (posted.get(row.id, nothing),)
    ]


def _posted(session: Session, after: int, last: int) -> dict[int, tuple[int, ...]]:
    """Transfer → what its postings add up to in each place, what came from the bank, and how many times."""
    from_bank = Posting.moved_from == Place.BANK
    came = func.coalesce(func.sum(case((from_bank, Posting.amount), else_=0)), 0)
    rows = session.execute(
        select(Posting.transfer_id, *(_moved(place) for place in PLACES), came, func.count(case((from_bank, 1))))
        .where(Posting.transfer_id > after, Posting.transfer_id <= last)
        .group_by(Posting.transfer_id)
    )
    return {int(row[0] or 0): tuple(int(sum_) for sum_ in row[1:]) for row in rows}


def _given(session: Session, after: int, last: int) -> dict[int, int]:
    rows = session.execute(
        select(Allocation.transfer_id, func.sum(Allocation.amount))
        .where(Allocation.transfer_id > after, Allocation.transfer_id <= last)
        .group_by(Allocation.transfer_id)
    )
    return {int(transfer_id or 0): int(amount) for transfer_id, amount in rows}


def _moved(place: Place) -> ColumnElement[int]:
    comes, goes = Posting.moved_to == place, Posting.moved_from == place
    return func.coalesce(func.sum(case((comes, Posting.amount), (goes, -Posting.amount), else_=0)), 0)


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


class AccountSums(NamedTuple):
    """Where an account's money is: what came in = what lies in the places. ``went_out`` is told by the bank."""

    came_in: int
    went_out: int
    unplaced: int
    allocated: int
    credit: int
    refund_due: int
    refunded: int


def sums_of_accounts(session: Session) -> dict[int, AccountSums]:
    """By account, without a look at the history: a row a day for what came and went, partial indexes for what is open.

    What pays orders is the rest of it: for each transfer the places add up to its amount, which the tables insist on.
    """
    found = session.execute(
        select(AccountDay.account_id, func.sum(AccountDay.came_in), func.sum(AccountDay.went_out)).group_by(
            AccountDay.account_id
        )
    )
    open_sums = _open_sums(session)
    sums = {}
    for account_id, came_in, went_out in found:
        here = {place: open_sums.get((account_id, place), 0) for place in PLACES}
        here[Place.ALLOCATED] = int(came_in) - sum(here.values())
        sums[account_id] = AccountSums(int(came_in), int(went_out), *(here[place] for place in PLACES))
    return sums


def _open_sums(session: Session) -> dict[tuple[int, str], int]:
    """(account, place) → what lies there. Each is served by the partial index of its place."""
    wanted = (
        # In the words of their indexes: SQLite takes no others for the same, such as "set_aside = 0".
        (Place.UNPLACED, Transfer.unplaced, WAITS),
        (Place.UNPLACED, Transfer.unplaced, text("set_aside")),
        (Place.CREDIT, Transfer.credit, Transfer.credit > 0),
        (Place.REFUND_DUE, Transfer.refund_due, Transfer.refund_due > 0),
        (Place.REFUNDED, Transfer.refunded, Transfer.refunded > 0),
    )
    account = literal_column("+account_id", Integer)  # not by the index on accounts, which holds the whole history
    asked = [
        select(account, literal(place.value), func.sum(column)).select_from(Transfer).where(where).group_by(account)
        for place, column, where in wanted
    ]
    sums: dict[tuple[int, str], int] = {}
    for account_id, place, amount in session.execute(union_all(*asked)):
        sums[account_id, place] = sums.get((account_id, place), 0) + int(amount)
    return sums


class Movement(NamedTuple):
    """A row of an account's list: money that came in, with where it lies, or that went out (``out``)."""

    out: bool
    id: int
    booked_on: date
    amount: int
    memo: str
    who: str
    unplaced: int
    allocated: int
    credit: int
    refund_due: int
    refunded: int


def movements(session: Session, account_id: int, show: str, *, most: int, skip: int) -> list[Movement]:
    """Of an account, the newest day first: all, those "in" or "out", or those of which something lies in a place."""
    parts = []
    if show != "out":
        came = _came().where(Transfer.account_id == account_id)
        if show in set(PLACES):
            came = came.where(getattr(Transfer, show) > 0)
        parts.append(came.order_by(Transfer.booked_on.desc(), Transfer.id.desc()).limit(most + skip).subquery())
    if show in ("", "out"):
        went = _went().where(Debit.account_id == account_id)
        parts.append(went.order_by(Debit.booked_on.desc(), Debit.id.desc()).limit(most + skip).subquery())
    both = union_all(*(select(*part.c) for part in parts)).subquery()
    newest = (both.c.booked_on.desc(), both.c.out, both.c.id.desc())
    return [Movement(*row) for row in session.execute(select(*both.c).order_by(*newest).limit(most).offset(skip))]


def _came() -> Select[*tuple[Any, ...]]:
    return select(
        literal(0).label("out"),
        Transfer.id,
        Transfer.booked_on,
        Transfer.amount,
        Transfer.memo,
        Transfer.payer_name.label("who"),
        *(getattr(Transfer, place.value) for place in PLACES),
    )


def _went() -> Select[*tuple[Any, ...]]:
    nothing = (literal(0).label(place.value) for place in PLACES)
    return select(
        literal(1).label("out"),
        Debit.id,
        Debit.booked_on,
        Debit.amount,
        Debit.memo,
        Debit.payee_name.label("who"),
        *nothing,
    )


def days_of(session: Session, account_id: int, days: Collection[date]) -> dict[date, AccountDay]:
    """What came in and went out on these days."""
    found = session.scalars(select(AccountDay).where(AccountDay.account_id == account_id, AccountDay.day.in_(days)))
    return {each.day: each for each in found}


def codes_of(session: Session, order_ids: Collection[int]) -> dict[int, str]:
    """Orders' codes by their ids."""
    rows = session.execute(select(Order.id, Order.code).where(among(session, Order.id, order_ids)))
    return {row.id: row.code for row in rows}


class Payer(NamedTuple):
    """A transfer that pays an order now, with how much of its amount, and what else it pays."""

    transfer_id: int
    booked_on: date
    amount: int
    gives: int
    others: Sequence[tuple[str, int]]


def payers_of(session: Session, order: Order) -> list[Payer]:
    """The transfers that an order's money comes from, by their numbers."""
    gives: dict[int, int] = {}
    for given in live_allocations_to(session, [order.id]):
        if given.transfer_id is not None:
            gives[given.transfer_id] = gives.get(given.transfer_id, 0) + given.amount
    others: dict[int | None, list[tuple[str, int]]] = {}
    for transfer_id, code, amount in standing_shares(session, gives.keys()):
        if code != order.code:
            others.setdefault(transfer_id, []).append((code, amount))
    rows = session.execute(
        select(Transfer.id, Transfer.booked_on, Transfer.amount)
        .where(among(session, Transfer.id, gives.keys()))
        .order_by(Transfer.id)
    )
    return [Payer(row.id, row.booked_on, row.amount, gives[row.id], others.get(row.id, [])) for row in rows]
