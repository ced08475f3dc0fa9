"""What a checkout form may be filled in with: a short-lived reference in the signed session, never a person's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import session as cookie
from sqlalchemy.orm import Session

from kernel import clock
from kernel.pins import Pin
from orders.models import Order
from orders.pin import written
from orders.waiting.models import WaitingEntry, WaitingStatus

_KEY = "fill"
LASTS = timedelta(hours=1)


class Origin(StrEnum):
    """By whose private page the visitor came: that of an earlier order, or of an entry of the waiting list."""

    ORDER = "order"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form is filled in with. ``waited``: the entry whose kept places may be used."""

    name: str
    phone: str
    ward: str
    address: str = ""
    location: str = ""
    round_id: int | None = None
    waited: WaitingEntry | None = None

    def fields(self) -> dict[str, str]:
        known = {"name": self.name, "phone": self.phone, "ward": self.ward, "address": self.address}
        known |= {"location": self.location} if self.location else {}
        return known if self.round_id is None else known | {"round": str(self.round_id)}


def remember(origin: Origin, number: int) -> None:
    """Whoever stands on a private page goes to the checkout. Call it for who knows the link, for nobody else."""
    cookie[_KEY] = [origin.value, number, int((clock.now() + LASTS).timestamp())]


def forget() -> None:
    cookie.pop(_KEY, None)


def recall(session: Session) -> Prefill | None:
    """What was remembered and is still good."""
    origin, number, until = cookie.get(_KEY, ("", 0, 0))
    if until <= clock.now().timestamp():
        forget()
        return None
    return _of_order(session, number) if origin == Origin.ORDER else _of_waiting(session, number)


def _of_order(session: Session, number: int) -> Prefill | None:
    order = session.get(Order, number)
    if order is None:
        return None
    location = "" if order.lat is None or order.lon is None else written(Pin(order.lat, order.lon))
    return Prefill(order.name, order.phone, order.ward.name, order.address, location)


def _of_waiting(session: Session, number: int) -> Prefill | None:
    entry = session.get(WaitingEntry, number)
    if entry is None or entry.status is not WaitingStatus.OFFERED or entry.offered_until is None:
        return None
    if entry.offered_until <= clock.now():
        return None
    return Prefill(entry.name, entry.phone, entry.ward.name, round_id=entry.round_id, waited=entry)
