"""Questions of the pages: which refunds wait for what, what is owed in all, and what a debit may have been."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.four_eyes import Stand
from kernel.queries import among
from orders.payments.models import Debit, DebitKind
from orders.payments.queries import WAITS
from orders.payments.refunds.models import Refund, RefundBatch


class Tab(StrEnum):
    """What a refund waits for, in the order of its life; last, what came of it."""

    NAMING = "naming"
    SECOND = "second"
    APPROVED = "approved"
    EXPORTED = "exported"
    DONE = "done"
    BACK = "back"
    ENDED = "ended"


OPEN = (Tab.NAMING, Tab.SECOND, Tab.APPROVED, Tab.EXPORTED)
"""Where money is still owed."""

_UNDER_WAY = Refund.stopped_at.is_(None) & Refund.debit_id.is_(None)
_IN: Mapping[Tab, ColumnElement[bool]] = {
    Tab.NAMING: (Refund.state == Stand.PROPOSED) & Refund.named_by.is_(None),
    Tab.SECOND: (Refund.state == Stand.PROPOSED) & Refund.named_by.is_not(None),
    Tab.APPROVED: (Refund.state == Stand.APPLIED) & Refund.batch_id.is_(None) & _UNDER_WAY,
    Tab.EXPORTED: Refund.batch_id.is_not(None) & _UNDER_WAY,
    Tab.DONE: Refund.debit_id.is_not(None),
    Tab.BACK: Refund.returned.has(WAITS),
    Tab.ENDED: Refund.state.in_([Stand.REFUSED, Stand.WITHDRAWN]) | Refund.stopped_at.is_not(None),
}
_NEWEST_FIRST = {Tab.DONE, Tab.ENDED}
_ALL_OF_IT = (joinedload(Refund.order), joinedload(Refund.debit), joinedload(Refund.transfer), joinedload(Refund.batch))


def refunds_in(session: Session, tab: Tab, *, most: int, after: int = 0) -> Sequence[Refund]:
    """Refunds that wait for the same, what is owed longest first; what is over with the newest first."""
    newest = tab in _NEWEST_FIRST
    turn = (Refund.proposed_at.desc(), Refund.id.desc()) if newest else (Refund.proposed_at, Refund.id)
    found = select(Refund).where(_IN[tab]).options(*_ALL_OF_IT).order_by(*turn).limit(most).offset(after)
    return session.scalars(found).all()


def owed_in(session: Session) -> dict[Tab, tuple[int, int]]:
    """Tab → how many refunds are under way there, and how many đồng."""
    where = case(*((_IN[tab], tab.value) for tab in OPEN))
    rows = session.execute(
        select(where, func.count(), func.sum(Refund.amount)).where(or_(*(_IN[tab] for tab in OPEN))).group_by(where)
    )
    found = {Tab(tab): (many, int(amount)) for tab, many, amount in rows}
    return {tab: found.get(tab, (0, 0)) for tab in OPEN}


def tab_of(refund: Refund) -> Tab:
    """Where a refund stands, whatever came back."""
    if refund.stopped_at or refund.state in (Stand.REFUSED, Stand.WITHDRAWN):
        return Tab.ENDED
    if refund.state is Stand.PROPOSED:
        return Tab.SECOND if refund.named_by else Tab.NAMING
    if refund.debit_id:
        return Tab.DONE
    return Tab.EXPORTED if refund.batch_id else Tab.APPROVED


def count_back(session: Session) -> int:
    """How many refunds came back and wait for a clerk."""
    return session.scalar(select(func.count()).select_from(Refund).where(_IN[Tab.BACK])) or 0


def refund_with_all(session: Session, refund_id: int) -> Refund | None:
    return session.scalar(select(Refund).where(Refund.id == refund_id).options(*_ALL_OF_IT))


def refunds_of_transfer(session: Session, transfer_id: int) -> Sequence[Refund]:
    """What of a transfer goes or went back, or was meant to, by the order of proposing."""
    return session.scalars(select(Refund).where(Refund.transfer_id == transfer_id).order_by(Refund.id).limit(100)).all()


def came_back_as(session: Session, transfer_id: int) -> Refund | None:
    """The refund that this transfer is, come back."""
    return session.scalar(select(Refund).where(Refund.returned_id == transfer_id).order_by(Refund.id).limit(1))


def refunds_of_order(session: Session, order_id: int) -> Sequence[Refund]:
    """What an order's resident is owed back, or was paid, oldest first; not what came to nothing."""
    live = Refund.state.in_([Stand.PROPOSED, Stand.APPLIED]) & Refund.stopped_at.is_(None)
    return session.scalars(
        select(Refund)
        .where(Refund.order_id == order_id, live)
        .options(joinedload(Refund.debit))
        .order_by(Refund.id)
        .limit(100)
    ).all()


def batches(session: Session, *, most: int, after: int = 0) -> Sequence[RefundBatch]:
    """Newest first."""
    return session.scalars(select(RefundBatch).order_by(RefundBatch.id.desc()).limit(most).offset(after)).all()


def lines_of_batch(session: Session, batch_id: int, *, most: int, after: int = 0) -> Sequence[Refund]:
    """What stands in a batch, by number, with what became of it."""
    own = select(Refund).where(Refund.batch_id == batch_id).options(*_ALL_OF_IT)
    return session.scalars(own.order_by(Refund.id).limit(most).offset(after)).all()


def seen_of_batch(session: Session, batch_id: int) -> tuple[int, int]:
    """How many refunds of a batch a statement has shown, and how many đồng."""
    rows = select(func.count(), func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.batch_id == batch_id, Refund.debit_id.is_not(None)
    )
    many, amount = session.execute(rows).one()
    return many, int(amount)


def debits_of(session: Session, *, explained: bool, most: int, after: int = 0) -> Sequence[Debit]:
    """Money that went out: what nobody has explained, oldest first; or what somebody has, newest first."""
    unknown = Debit.kind == DebitKind.UNEXPLAINED
    found = select(Debit).where(~unknown if explained else unknown)
    turn = (Debit.booked_on.desc(), Debit.id.desc()) if explained else (Debit.booked_on, Debit.id)
    return session.scalars(found.order_by(*turn).limit(most).offset(after)).all()


def count_unexplained(session: Session) -> tuple[int, int]:
    """How many debits nobody has explained, and how many đồng. Served by a partial index."""
    rows = select(func.count(), func.coalesce(func.sum(Debit.amount), 0)).where(Debit.kind == DebitKind.UNEXPLAINED)
    many, amount = session.execute(rows).one()
    return many, int(amount)


def refunds_coded(session: Session, codes: Collection[str]) -> dict[str, Refund]:
    """Refunds by their codes, whatever became of them."""
    rows = session.scalars(
        select(Refund).where(among(session, Refund.code, codes)).options(*_ALL_OF_IT).order_by(Refund.id)
    )
    return {refund.code: refund for refund in rows}


def refunds_like(session: Session, *, account: str, amount: int, most: int) -> Sequence[Refund]:
    """Approved refunds that no statement has shown, of this amount or to this account, oldest first."""
    alike = Refund.amount == amount
    if account:
        alike |= Refund.account == account
    found = select(Refund).where(or_(_IN[Tab.APPROVED], _IN[Tab.EXPORTED]), alike).options(*_ALL_OF_IT)
    return session.scalars(found.order_by(Refund.proposed_at, Refund.id).limit(most)).all()
