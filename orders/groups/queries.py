"""Questions about groups and their drafts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from orders.groups.models import GroupDraft, Neighbour
from orders.models import Order, OrderGroup

MOST = 50
"""Neighbours of one group."""


def group_by_token(session: Session, token: str) -> OrderGroup | None:
    return session.scalar(select(OrderGroup).where(OrderGroup.token == token))


def groups_by_code(session: Session, codes: Collection[str]) -> Sequence[OrderGroup]:
    return session.scalars(select(OrderGroup).where(OrderGroup.code.in_(codes)).order_by(OrderGroup.code)).all()


def orders_of(session: Session, code: str) -> Sequence[Order]:
    """A group's orders as they were entered, with what is in them. Served by an index."""
    found = select(Order).where(Order.group_code == code).options(selectinload(Order.lines))
    return session.scalars(found.order_by(Order.id).limit(MOST)).all()


def draft_by_token(session: Session, token: str) -> GroupDraft | None:
    found = select(GroupDraft).where(GroupDraft.token == token)
    return session.scalar(found.options(selectinload(GroupDraft.neighbours)))


def lock_draft(session: Session, token: str) -> GroupDraft | None:
    """The draft as it stands, held: nobody else adds to it, or places it, meanwhile."""
    found = select(GroupDraft).where(GroupDraft.token == token).with_for_update(of=GroupDraft)
    return session.scalar(found.options(selectinload(GroupDraft.neighbours)).execution_options(populate_existing=True))


def neighbour_of(draft: GroupDraft, number: int) -> Neighbour | None:
    return next((each for each in draft.neighbours if each.id == number), None)


def drafts_begun_before(session: Session, moment: datetime, *, most: int = 200) -> Sequence[GroupDraft]:
    """Served by an index. What somebody else is at work on is left for the next time."""
    return session.scalars(
        select(GroupDraft)
        .where(GroupDraft.begun_at <= moment)
        .order_by(GroupDraft.begun_at)
        .limit(most)
        .with_for_update(of=GroupDraft, skip_locked=True)
    ).all()
