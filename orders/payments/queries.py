"""Questions about money: what is owed, what is not placed yet, what the matcher may look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from orders.models import Order, OrderState
from orders.payments.models import (
    Allocation,
    DeskEvent,
    PayerAlias,
    Place,
    Posting,
    Proposal,
    Transfer,
    Verdict,
)

Key = TypeVar("Key", int, str)


def owed_by(session: Session, order: Order) -> int:
    """What an order still owes, in whole đồng: its total less what was allocated. Negative if it got too much."""
    paid = session.scalar(select(func.coalesce(func.sum(Allocation.amount), 0)).where(Allocation.order_id == order.id))
    return order.total - int(paid or 0)


def paid_by_order(session: Session, order_ids: Collection[int]) -> dict[int, int]:
    """Order → what was allocated to it, for those that got anything."""
    sums = select(Allocation.order_id, func.sum(Allocation.amount)).group_by(Allocation.order_id)
    pieces = (session.execute(sums.where(Allocation.order_id.in_(ids))) for ids in _pieces(order_ids))
    return {order_id: int(paid) for rows in pieces for order_id, paid in rows if paid}


def _pieces(ids: Collection[Key]) -> Iterator[list[Key]]:
    """Neither database takes more than some 30,000 values in one statement."""
    left = iter(ids)
    while piece := list(islice(left, 10_000)):
        yield piece


def lock_transfers(session: Session, transfer_ids: Collection[int]) -> dict[int, Transfer]:
    """These transfers with their rows locked, in the one order in which everybody locks, as they stand now."""
    rows = session.scalars(
        select(Transfer)
        .where(Transfer.id.in_(transfer_ids))
        .order_by(Transfer.id)
        .with_for_update(of=Transfer)
        .execution_options(populate_existing=True)
    )
    return {transfer.id: transfer for transfer in rows}


def lock_with_proposals(session: Session, transfer_ids: Collection[int]) -> None:
    """Lock these transfers, then read them anew with their proposals: who waited for a lock must look again."""
    lock_transfers(session, transfer_ids)
    again = select(Transfer).where(Transfer.id.in_(transfer_ids)).options(joinedload(Transfer.proposal))
    session.scalars(again.execution_options(populate_existing=True)).all()


def live_allocations(session: Session, transfer_id: int) -> Sequence[Allocation]:
    """What a transfer pays now: allocations that no reversal has undone."""
    undone = select(Allocation.reverses_id).where(
        Allocation.transfer_id == transfer_id, Allocation.reverses_id.is_not(None)
    )
    return session.scalars(
        select(Allocation)
        .where(Allocation.transfer_id == transfer_id, Allocation.amount > 0, Allocation.id.not_in(undone))
        .options(joinedload(Allocation.order))
        .order_by(Allocation.id)
    ).all()


def live_credits(session: Session, transfer_id: int) -> Sequence[Posting]:
    """What of a transfer lies as its payer's credit: postings to credit that no reversal has undone."""
    undone = select(Posting.reverses_id).where(Posting.transfer_id == transfer_id, Posting.reverses_id.is_not(None))
    return session.scalars(
        select(Posting)
        .where(Posting.transfer_id == transfer_id, Posting.moved_to == Place.CREDIT, Posting.id.not_in(undone))
        .where(Posting.reverses_id.is_(None))
    ).all()


def live_allocations_to(session: Session, order_ids: Collection[int]) -> Sequence[Allocation]:
    """What pays these orders now, by the order of the allocations."""
    undone = select(Allocation.reverses_id).where(
        Allocation.order_id.in_(order_ids), Allocation.reverses_id.is_not(None)
    )
    return session.scalars(
        select(Allocation)
        .where(Allocation.order_id.in_(order_ids), Allocation.amount > 0, Allocation.id.not_in(undone))
        .order_by(Allocation.id)
    ).all()


def allocation_history(session: Session, order_id: int) -> Sequence[Allocation]:
    return session.scalars(select(Allocation).where(Allocation.order_id == order_id).order_by(Allocation.id)).all()


def postings_of(session: Session, transfer_id: int) -> Sequence[Posting]:
    """A transfer's whole way, oldest first."""
    return session.scalars(select(Posting).where(Posting.transfer_id == transfer_id).order_by(Posting.id)).all()


def desk_events_of(session: Session, transfer_id: int) -> Sequence[DeskEvent]:
    return session.scalars(select(DeskEvent).where(DeskEvent.transfer_id == transfer_id).order_by(DeskEvent.id)).all()


def inbox(session: Session, *, verdict: Verdict | None = None, most: int = 40, after: int = 0) -> Sequence[Transfer]:
    """Transfers with money not placed yet, oldest first, with their proposals; those of one verdict where asked.

    Served by a partial index.
    """
    found = (
        select(Transfer)
        .join(Transfer.proposal, isouter=True)
        .where(Transfer.unplaced > 0, ~Transfer.set_aside)
        .options(contains_eager(Transfer.proposal))
        .order_by(Transfer.booked_on, Transfer.id)
        .limit(most)
        .offset(after)
    )
    return session.scalars(found if verdict is None else found.where(Proposal.verdict == verdict)).all()


def neighbour(
    session: Session, transfer: Transfer, *, verdict: Verdict | None = None, before: bool = False
) -> int | None:
    """The number of the transfer that waits next after this one, or ``before`` it, in the order of the inbox."""
    here = tuple_(literal(transfer.booked_on), literal(transfer.id))
    place = tuple_(Transfer.booked_on, Transfer.id)
    found = select(Transfer.id).where(Transfer.unplaced > 0, ~Transfer.set_aside)
    if verdict is not None:
        found = found.join(Transfer.proposal).where(Proposal.verdict == verdict)
    if before:
        found = found.where(place < here).order_by(Transfer.booked_on.desc(), Transfer.id.desc())
    else:
        found = found.where(place > here).order_by(Transfer.booked_on, Transfer.id)
    return session.scalar(found.limit(1))


def aside(session: Session, *, most: int = 40, after: int = 0) -> Sequence[Transfer]:
    """Transfers set aside, newest first."""
    return session.scalars(
        select(Transfer)
        .where(Transfer.unplaced > 0, Transfer.set_aside)
        .options(joinedload(Transfer.proposal))
        .order_by(Transfer.id.desc())
        .limit(most)
        .offset(after)
    ).all()


def inbox_counts(session: Session) -> dict[str, int]:
    """How many transfers wait by what the matcher said of them, and how much money that is."""
    rows = session.execute(
        select(Proposal.verdict, func.count(), func.sum(Transfer.unplaced))
        .select_from(Transfer)
        .join(Transfer.proposal, isouter=True)
        .where(Transfer.unplaced > 0, ~Transfer.set_aside)
        .group_by(Proposal.verdict)
    ).all()
    counts = {(verdict.value if verdict else "undecided"): many for verdict, many, _sum in rows}
    return {**counts, "all": sum(counts.values()), "money": int(sum(row[2] for row in rows))}


def undecided(session: Session) -> Sequence[Transfer]:
    """Transfers that the matcher may decide: with money not placed, not set aside, no clerk has touched them."""
    return session.scalars(
        select(Transfer)
        .where(Transfer.unplaced > 0, ~Transfer.set_aside, ~Transfer.by_hand)
        .options(joinedload(Transfer.proposal))
        .order_by(Transfer.id)
    ).all()


def revisable(session: Session) -> Sequence[Transfer]:
    """Transfers that the matcher itself allocated to orders whose goods have not left: it may think again."""
    orders = select(Order.id).where(
        Order.state.in_([OrderState.OPEN, OrderState.CONFIRMED]), Order.dispatched_at.is_(None)
    )
    touched = select(Allocation.transfer_id).where(
        Allocation.automatic, Allocation.order_id.in_(orders), Allocation.transfer_id.is_not(None)
    )
    return session.scalars(
        select(Transfer)
        .where(Transfer.id.in_(touched), ~Transfer.by_hand)
        .options(joinedload(Transfer.proposal))
        .order_by(Transfer.id)
    ).all()


def live_automatic(session: Session, transfer_ids: Collection[int]) -> Sequence[tuple[int | None, int, int, bool]]:
    """(transfer, order, amount, whether the order's goods have left) of the matcher's allocations that stand."""
    undone = select(Allocation.reverses_id).where(Allocation.reverses_id.is_not(None))
    standing = (
        select(Allocation.transfer_id, Allocation.order_id, Allocation.amount, Order.dispatched_at.is_not(None))
        .join(Allocation.order)
        .where(Allocation.amount > 0, Allocation.id.not_in(undone))
    )
    pieces = (session.execute(standing.where(Allocation.transfer_id.in_(ids))) for ids in _pieces(transfer_ids))
    return [row for rows in pieces for row in rows]


def matchable_orders(session: Session, since: datetime) -> Sequence[Order]:
    """Orders that a transfer may mean: all open ones, and those of any state placed since ``since``."""
    open_or_recent = (Order.state == OrderState.OPEN) | (Order.placed_at >= since)
    return session.scalars(select(Order).where(open_or_recent)).all()


def transfers_named(session: Session, named: str) -> Sequence[Transfer]:
    """The transfer of this number and those of this bank's reference: banks number each for itself."""
    own = int(named) if named.isascii() and named.isdecimal() and len(named) <= 18 else None
    same = (Transfer.id == own) | ((Transfer.reference == named) & (Transfer.reference != ""))
    return session.scalars(select(Transfer).where(same).order_by(Transfer.id).limit(20)).all()


def all_transfers(session: Session) -> Iterator[Transfer]:
    """Every transfer with its proposal, in the order of booking. Read in pages by key: there may be many."""
    last = 0
    while page := session.scalars(
        select(Transfer)
        .where(Transfer.id > last)
        .options(joinedload(Transfer.proposal))
        .order_by(Transfer.id)
        .limit(1000)
    ).all():
        yield from page
        last = page[-1].id


def standing_shares(session: Session, transfer_ids: Collection[int]) -> Sequence[tuple[int | None, str, int]]:
    """(transfer, order's code, amount) of the allocations that stand."""
    undone = select(Allocation.reverses_id).where(
        Allocation.transfer_id.in_(transfer_ids), Allocation.reverses_id.is_not(None)
    )
    rows = session.execute(
        select(Allocation.transfer_id, Order.code, Allocation.amount)
        .join(Allocation.order)
        .where(Allocation.transfer_id.in_(transfer_ids), Allocation.amount > 0, Allocation.id.not_in(undone))
        .order_by(Allocation.id)
    )
    return rows.all()


def aliases_of(session: Session, accounts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Account (in digits) → the phones that clerks have given its money to."""
    found: dict[str, set[str]] = {}
    known = select(PayerAlias.account, PayerAlias.phone)
    for piece in _pieces(accounts):
        for account, phone in session.execute(known.where(PayerAlias.account.in_(piece))):
            found.setdefault(account, set()).add(phone)
    return {account: tuple(sorted(phones)) for account, phones in found.items()}
