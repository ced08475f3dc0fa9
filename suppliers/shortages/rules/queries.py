"""What the office has set, looked up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import ComboItem
from shop.quantities import Unit
from suppliers.shortages.models import (
    ItemPrice,
    SharingRule,
)
from suppliers.shortages.worth import ItemKey


def prices_now(session: Session) -> dict[ItemKey, int]:
    """What the office says that items are worth: đồng for a kilogram, a litre or a piece."""
    rows = session.execute(select(ItemPrice.name, ItemPrice.unit, ItemPrice.price))
    return {(row.name, row.unit): row.price for row in rows}


def item_prices(session: Session) -> Sequence[ItemPrice]:
    return session.scalars(select(ItemPrice).order_by(ItemPrice.name, ItemPrice.unit)).all()


def known_items(session: Session) -> Sequence[str]:
    """What combos call the things that are in them."""
    return session.scalars(select(ComboItem.name).distinct().order_by(ComboItem.name)).all()


def item_price(session: Session, name: str, unit: Unit) -> ItemPrice | None:
    return session.scalar(select(ItemPrice).where(ItemPrice.name == name, ItemPrice.unit == unit))


def sharing_rule(session: Session) -> SharingRule:
    return session.scalars(select(SharingRule).execution_options(populate_existing=True)).one()
