"""Questions about the rota."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.queries import among
from orders.models import Order, OrderState
from orders.rota.models import Rota
from shop.models import Round


def rota_rows(session: Session) -> Sequence[Rota]:
    """The city's row, and those of wards with a rule of their own."""
    return session.scalars(select(Rota).order_by(Rota.ward_id.is_not(None), Rota.ward_id)).all()


def days_of(session: Session, ward_id: int) -> int:
    """Once in how many days a household of this ward orders; 0 for as often as it likes."""
    mine = Rota.ward_id.is_(None) | (Rota.ward_id == ward_id)
    found = {row.ward_id: row.days for row in session.execute(select(Rota.ward_id, Rota.days).where(mine))}
    return int(found.get(ward_id, found.get(None, 0)))


def delivery_days(session: Session, households: Collection[str], since: date) -> dict[str, list[date]]:
    """Household → the days from ``since`` on to which something is brought to it: ordered, and not given up.

    Served by an index on the household.
    """
    stands = Order.state.in_([OrderState.OPEN, OrderState.CONFIRMED]) & (Round.delivery_on >= since)
    rows = session.execute(
        select(Order.household, Round.delivery_on)
        .join(Round, Round.id == Order.round_id)
        .where(among(session, Order.household, households), stands)
        .order_by(Round.delivery_on)
    )
    found: dict[str, list[date]] = {}
    for household, day in rows:
        found.setdefault(household, []).append(day)
    return found
