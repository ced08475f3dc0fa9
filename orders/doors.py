"""What an order's page tells of what happened at its door. A layer above, which knows, registers itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.web import show_moment
from orders.models import Order
from orders.vietqr import as_svg


class AtDoor(StrEnum):
    """How it stands with one parcel."""

    COMING = "coming"
    AGAIN = "again"  # tried once; tried once more today
    FAILED = "failed"
    BROUGHT = "brought"


@dataclass(frozen=True, slots=True)
class Door:
    """One parcel of an order at its door. ``whose``: its supplier, where an order has several.

    ``by``: who brought it (a team, never a person). ``photo``: the key of its photograph. ``reason``: why it could not
    be handed over, in words for its resident.
    """

    state: AtDoor
    whose: str = ""
    at: datetime | None = None
    by: str = ""
    photo: str = ""
    reason: str = ""


Source = Callable[[Session, Order], Sequence[Door]]

_sources: list[Source] = []


def tells_of_doors(source: Source) -> None:
    """Register who knows what happened at an order's door."""
    if source not in _sources:
        _sources.append(source)


def doors(session: Session, order: Order) -> Sequence[Door]:
    """Nothing for an order that has not left."""
    if order.dispatched_at is None:
        return ()
    return [door for source in _sources for door in source(session, order)]


def at_doors(session: Session, order: Order) -> dict[str, Any]:
    """What the page shows: how it stands, and the order's code as a QR for who brings it, until all is brought."""
    seen = doors(session, order)
    waits = any(door.state is not AtDoor.BROUGHT for door in seen)
    return {"doors": seen, "door_code": as_svg(order.code) if waits else None}


def door_lines(session: Session, order: Order) -> list[str]:
    """Lines for the plain status, of what its stages do not say."""
    return [words for door in doors(session, order) if (words := _words(door))]


def _words(door: Door) -> str:
    if door.state is AtDoor.AGAIN:
        return str(_("%(reason)s. We try once more today.", reason=door.reason))
    if door.state is AtDoor.BROUGHT and door.by and door.at:
        return str(_("Brought by %(team)s at %(at)s.", team=door.by, at=show_moment(door.at)))
    return ""
