"""Background work of purchase orders: the paper is typeset before anybody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel.jobs import handles
from suppliers.purchase.queries import order_by_number
from suppliers.purchase.typeset import pdf


@handles("purchase")
def typeset_purchase_order(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Make a purchase order's PDF."""
    order = order_by_number(session, payload["number"])
    yield  # what was read is read: typesetting must not hold the database
    if order is not None:
        pdf(order)
