"""Forgetting: an order keeps its code, its goods, its ward and its money, and nothing of the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.notices import outbox
from orders.models import Order, OrderGroup
from orders.payments import aliases
from suppliers import snapshots
from suppliers.complaints import forgetting
from suppliers.door import proof


def forget(session: Session, orders: Sequence[Order], *, at: datetime) -> None:
    """Blank name, phone, address, pin and note of these orders (locked), wherever the program holds them.

    What a bank told of its payers is a record of money, and stays. Does not commit.
    """
    phones = {order.phone for order in orders}
    for order in orders:
        order.name = order.phone = order.address = order.note = ""
        order.lat = order.lon = None
        order.forgotten_at = at
    session.flush()
    outbox.forget(session, [order.code for order in orders], at=at)
    aliases.forget_phones(session, phones)
    snapshots.forget(session, orders)
    proof.forget(session, orders)
    forgetting.forget(session, [order.id for order in orders])


def forget_leaders(groups: Sequence[OrderGroup], *, at: datetime) -> None:
    """Blank the leader's name and phone in these groups (locked), none of whose orders names anybody any more.

    Does not commit.
    """
    for group in groups:
        group.leader_name = group.leader_phone = ""
        group.forgotten_at = at
