"""Questions about money: what is owed, what is not placed yet, what the matcher may look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, literal, literal_column, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload

from kernel.queries import among
from orders.models import Order
from orders.payments.models import Allocation, DeskEvent, PayerAlias, Place, Posting, Proposal, Transfer, Verdict

Key = TypeVar("Key", int, str)


WAITS: ColumnElement[bool] = literal_column("(transfers.unplaced > 0 AND NOT transfers.set_aside)")
"""A transfer with money that nobody has placed or set aside. In the words of its index: SQLite takes no others, nor
takes it these if they are typed as a Boolean, for they are then compared with 1."""


def owed_by(session: Session, order: Order) -> int:
    """What an order still owes, in whole đồng: what is due less what was allocated. Negative if it got too much."""
    paid = session.scalar(select(func.coalesce(func.sum(Allocation.amount), 0)).where(Allocation.order_id == order.id))
    return order.due - int(paid or 0)


def paid_by_order(session: Session, order_ids: Collection[int]) -> dict[int, int]:
    """Order → what was allocated to it, for those that got anything."""
    rows = session.execute(
        select(Allocation.order_id, func.sum(Allocation.amount))
        .where(among(session, Allocation.order_id, order_ids))
        .group_by(Allocation.order_id)
    )
    return {order_id: int(paid) for order_id, paid in rows if paid}


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


class LockedSum(NamedTuple):
    """A locked transfer's money that no order, credit or refund has taken yet."""

    id: int
    unplaced: int
    by_hand: bool


def lock_sums(session: Session, transfer_ids: Collection[int]) -> dict[int, LockedSum]:
    """These transfers with their rows locked, in the one order in which everybody locks, without loading objects."""
    rows = session.execute(
        select(Transfer.id, Transfer.unplaced, Transfer.by_hand)
        .where(among(session, Transfer.id, transfer_ids))
        .order_by(Transfer.id)
        .with_for_update(of=Transfer)
    )
    return {row.id: LockedSum(*row) for row in rows}


def live_allocations(session: Session, *transfer_ids: int) -> Sequence[Allocation]:
    """What transfers pay now: allocations that no reversal has undone."""
    theirs = among(session, Allocation.transfer_id, transfer_ids)
    undone = select(Allocation.reverses_id).where(theirs, Allocation.reverses_id.is_not(None))
    return session.scalars(
        select(Allocation)
        .where(theirs, Allocation.amount > 0, Allocation.id.not_in(undone))
        .options(joinedload(Allocation.order))
        .order_by(Allocation.id)
    ).all()


def place_before(session: Session, allocation: Allocation) -> Place:
    """Where an allocation's money lay before."""
    return places_before(session, [allocation])[allocation.id]


def places_before(session: Session, allocations: Collection[Allocation]) -> dict[int, Place]:
    """Where the money of allocations (by id) lay before."""
    theirs = among(session, Posting.order_id, {allocation.order_id for allocation in allocations})
    own = among(session, Posting.allocation_id, [allocation.id for allocation in allocations])
    rows = session.execute(select(Posting.allocation_id, Posting.moved_from).where(theirs, own))
    return {row.allocation_id: row.moved_from for row in rows}


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


def last_done(session: Session, transfer_id: int) -> tuple[int, int]:
    """A transfer's newest posting and newest desk event, 0 where there is none. Both are found by index."""
    posting = session.scalar(select(func.max(Posting.id)).where(Posting.transfer_id == transfer_id))
    event = session.scalar(select(func.max(DeskEvent.id)).where(DeskEvent.transfer_id == transfer_id))
    return posting or 0, event or 0


def inbox(session: Session, *, verdict: Verdict | None = None, most: int = 40, after: int = 0) -> Sequence[Transfer]:
    """Transfers with money not placed yet, oldest first, with their proposals; those of one verdict where asked.

    Served by a partial index.
    """
    found = (
        select(Transfer)
        .join(Transfer.proposal, isouter=True)
        .where(WAITS)
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
    found = select(Transfer.id).where(WAITS)
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
        .where(WAITS)
        .group_by(Proposal.verdict)
    ).all()
    counts = {(verdict.value if verdict else "undecided"): many for verdict, many, _sum in rows}
    return {**counts, "all": sum(counts.values()), "money": int(sum(row[2] for row in rows))}


def asked_then_decided(session: Session) -> Sequence[Proposal]:
    """The matcher's last word on transfers about which a human was asked, and a clerk has since decided."""
    return session.scalars(
        select(Proposal)
        .join(Proposal.transfer)
        .where(Proposal.verdict == Verdict.REVIEW, Transfer.by_hand | Transfer.set_aside)
        .order_by(Proposal.transfer_id)
    ).all()


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


def phones_of_orders(session: Session, phones: Collection[str]) -> set[str]:
    """Which of these phones an order has."""
    return set(session.scalars(select(Order.phone).where(among(session, Order.phone, phones)).distinct()))


def aliases_of(session: Session, accounts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Account (in digits) → the phones that clerks have given its money to."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(PayerAlias.account, PayerAlias.phone).where(among(session, PayerAlias.account, accounts))
    )
    for account, phone in rows:
        found.setdefault(account, set()).add(phone)
    return {account: tuple(sorted(phones)) for account, phones in found.items()}


class KeptProposal(NamedTuple):
    """The matcher's word on a transfer as it is kept; the last fields are those of a decision's row."""

    id: int
    transfer_id: int
    version: int
    verdict: Verdict
    allocations: list[Any]
    candidates: list[Any]
    reasons: list[Any]
    confidence: float
    why: str


def kept_proposals(session: Session, transfer_ids: Collection[int]) -> dict[int, KeptProposal]:
    """By transfer."""
    columns = [getattr(Proposal, name) for name in KeptProposal._fields]
    rows = session.execute(select(*columns).where(among(session, Proposal.transfer_id, transfer_ids)))
    return {row.transfer_id: KeptProposal(*row) for row in rows}
