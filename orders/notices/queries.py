"""Questions about whom to tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from kernel.notices.models import Notice, NoticeState
from kernel.queries import among
from orders.models import Order, OrderGroup, OrderState
from orders.notices.events import Event
from orders.waiting.models import WaitingEntry
from shop.models import Round, Slot


class Told(NamedTuple):
    """An order, as far as its resident is told of it. ``leader_phone``: of the group that it is in, None for none."""

    id: int
    code: str
    token: str
    phone: str
    language: str
    total: int
    deducted: int
    expires_at: datetime
    delivery_on: date
    slot: Slot
    leader_phone: str | None

    @property
    def due(self) -> int:
        """What is to be paid for it, whether or not it was."""
        return self.total - self.deducted


_COLUMNS = (Order.id, Order.code, Order.token, Order.phone, Order.language, Order.total, Order.deducted)


def to_be_told(session: Session, order_ids: Collection[int]) -> Sequence[Told]:
    """These orders, by their numbers, without loading objects."""
    rows = session.execute(
        select(*_COLUMNS, Order.expires_at, Round.delivery_on, Round.slot, OrderGroup.leader_phone)
        .join(Round, Round.id == Order.round_id)
        .join(OrderGroup, OrderGroup.code == Order.group_code, isouter=True)
        .where(among(session, Order.id, order_ids))
        .order_by(Order.id)
    )
    return [Told(*tuple(row)) for row in rows]


def was_told(session: Session, subjects: Collection[str], topic: str) -> set[str]:
    """Which of these subjects were told of that topic, or are being told just now."""
    told = (Notice.topic == topic) & (Notice.state != NoticeState.SKIPPED)
    return set(session.scalars(select(Notice.subject).where(among(session, Notice.subject, list(subjects)), told)))


def told_of_nobody(session: Session, *, most: int = 500) -> Sequence[str]:
    """Subjects of offers whose reader is no longer on a waiting list. Served by the index on the event."""
    stands = select(WaitingEntry.id).where(Notice.subject == literal("W").concat(cast(WaitingEntry.id, String)))
    gone = (Notice.event == Event.PLACE_KEPT) & ~stands.exists()
    return session.scalars(select(Notice.subject).where(gone).order_by(Notice.id).limit(most)).all()


def to_be_reminded(session: Session, at: datetime, *, most: int = 1000) -> Sequence[int]:
    """Open orders whose resident is to be reminded by now, locked. Served by an index on those alone."""
    due = (Order.state == OrderState.OPEN) & Order.remind_at.is_not(None) & (Order.remind_at <= at)
    return session.scalars(
        select(Order.id).where(due).order_by(Order.id).limit(most).with_for_update(skip_locked=True)
    ).all()
