"""Photographs as proof: kept small under the file store, looked at by those who may, deleted in time."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from kernel import files
from orders.models import Order
from people.models import Role, Staff
from suppliers.door.models import DoorEvent
from suppliers.door.queries import photographed

_NAME = re.compile(r"[0-9a-f-]{36}\.webp")


def keep(key: str, content: bytes) -> str:
    """Keep the WebP of a telling; answers the name that its row has. A second time it is written over itself."""
    name = f"{key}.webp"
    files.put(_path(name), content)
    return name


def content(event: DoorEvent) -> bytes | None:
    """The WebP, unless there is none or it was forgotten."""
    return files.get(_path(event.photo)) if _NAME.fullmatch(event.photo) else None


def may_see(event: DoorEvent, staff: Staff) -> bool:
    """The office; of the supplier who goes to the doors; of couriers, the team of who took it."""
    if staff.role is Role.OFFICE:
        return True
    if staff.role is Role.COURIER:
        return staff.team_id == event.staff.team_id
    return staff.supplier_id == event.parcel.supplier_id and staff.sees_people


def forget(session: Session, orders: Sequence[Order]) -> None:
    """Delete photographs of these orders, and blank who saw the goods and what was said. Does not commit."""
    _blank(photographed(session, [order.id for order in orders]))


def _blank(events: Collection[DoorEvent]) -> None:
    for event in events:
        if event.photo:
            files.delete(_path(event.photo))
        event.photo = event.words = event.witness = ""


def _path(name: str) -> str:
    return f"door/{name}"
