"""Questions about orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.queries import among
from orders.asked import Asked
from orders.models import Order, OrderGroup, OrderLine, OrderState, PlaceHold


def order_by_token(session: Session, token: str) -> Order | None:
    return session.scalar(select(Order).where(Order.token == token).options(selectinload(Order.lines)))


def order_by_code(session: Session, code: str) -> Order | None:
    return session.scalar(select(Order).where(Order.code == code.strip().upper()))


def order_of_attempt(session: Session, attempt: str) -> Order | None:
    return session.scalar(select(Order).where(Order.attempt == attempt))


def codes_in_use(session: Session, codes: Collection[str]) -> set[str]:
    """Which of these codes an order or a group has."""
    of_orders = select(Order.code).where(among(session, Order.code, codes))
    of_groups = select(OrderGroup.code).where(among(session, OrderGroup.code, codes))
    return set(session.scalars(union_all(of_orders, of_groups)))


def orders_by_code(session: Session, codes: Collection[str]) -> dict[str, Order]:
    return {order.code: order for order in session.scalars(select(Order).where(Order.code.in_(codes)))}


def lock_orders(session: Session, order_ids: Collection[int]) -> dict[int, Order]:
    """These orders with their rows locked, in the one order in which everybody locks, as they stand now."""
    rows = session.scalars(
        select(Order)
        .where(Order.id.in_(order_ids))
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    )
    return {order.id: order for order in rows}


class LockedOrder(NamedTuple):
    """A locked order, as far as money is concerned."""

    id: int
    code: str
    state: OrderState
    total: int
    deducted: int

    @property
    def due(self) -> int:
        return self.total - self.deducted


def lock_order_rows(session: Session, order_ids: Collection[int]) -> dict[int, LockedOrder]:
    """``lock_orders`` without loading objects."""
    rows = session.execute(
        select(Order.id, Order.code, Order.state, Order.total, Order.deducted)
        .where(among(session, Order.id, order_ids))
        .order_by(Order.id)
        .with_for_update(of=Order)
    )
    return {row.id: LockedOrder(*row) for row in rows}


def held_capacities(session: Session, order_id: int) -> Sequence[PlaceHold]:
    return session.scalars(
        select(PlaceHold).where(PlaceHold.order_id == order_id, PlaceHold.released_at.is_(None))
    ).all()


def past_deadline(session: Session, before: datetime, *, most: int = 200) -> Sequence[Order]:
    """Open orders whose time to pay ended by ``before``, oldest deadline first. Served by a partial index."""
    late = (Order.state == OrderState.OPEN) & (Order.expires_at <= before)
    return session.scalars(select(Order).where(late).order_by(Order.expires_at, Order.id).limit(most)).all()


def ready_to_leave(session: Session, round_id: int) -> Sequence[Order]:
    """Confirmed orders of a round that have not left yet, with their lines; locked: none is undone meanwhile."""
    return session.scalars(
        select(Order)
        .where(Order.round_id == round_id, Order.state == OrderState.CONFIRMED, Order.dispatched_at.is_(None))
        .options(selectinload(Order.lines).joinedload(OrderLine.combo))
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).all()


def count_ready(session: Session, round_id: int) -> int:
    """How many confirmed orders of a round have not left yet."""
    waits = (Order.round_id == round_id) & (Order.state == OrderState.CONFIRMED) & Order.dispatched_at.is_(None)
    return int(session.scalar(select(func.count()).select_from(Order).where(waits)) or 0)


def counts_by_state(session: Session, round_id: int) -> dict[OrderState, int]:
    rows = session.execute(
        select(Order.state, func.count().label("many")).where(Order.round_id == round_id).group_by(Order.state)
    )
    return {row.state: row.many for row in rows}


def find_orders(session: Session, asked: Asked, *, most: int = 50) -> Sequence[Order]:
    """Orders of this code, of this group's, of this phone or beginning of a name, newest first; the newest ones where
    nothing was asked.

    Each of these is served by an index.
    """
    found = select(Order).options(joinedload(Order.ward), joinedload(Order.round)).order_by(Order.id.desc()).limit(most)
    if asked.anything:
        like = [_begins_with(session, asked.name)] if asked.name else []
        named = [column.in_(asked.codes) for column in (Order.code, Order.group_code)]
        found = found.where(or_(*named, Order.phone.in_(asked.phones), *like))
    return session.scalars(found).all()


def _begins_with(session: Session, key: str) -> ColumnElement[bool]:
    """A search key holds letters, digits and spaces only: nothing in it means more in SQL."""
    if session.get_bind().dialect.name == "sqlite":  # its LIKE knows no capitals, and so no index
        return (Order.name_key >= key) & (Order.name_key < key + "\U0010ffff")
    return Order.name_key.like(key + "%")


def households_of_round(session: Session, round_id: int) -> dict[int, int]:
    """Ward → how many households (phones) have a paid order in a round. Served by an index."""
    paid = (Order.round_id == round_id) & (Order.state == OrderState.CONFIRMED)
    rows = session.execute(
        select(Order.ward_id, func.count(Order.phone.distinct())).where(paid).group_by(Order.ward_id)
    )
    return {row[0]: row[1] for row in rows}


def last_deadline(session: Session, round_id: int) -> datetime | None:
    """Until when somebody may still pay for an order of this round; None where nobody may."""
    waits = (Order.round_id == round_id) & (Order.state == OrderState.OPEN)
    return session.scalar(select(func.max(Order.expires_at)).where(waits))


def count_open(session: Session) -> int:
    """How many orders wait for their payment."""
    return int(session.scalar(select(func.count()).where(Order.state == OrderState.OPEN)) or 0)
