"""What residents see of their own door: who brought it and when, the photograph, why it could not be handed over."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from orders.doors import AtDoor, Door
from orders.models import Order
from orders.queries import order_by_token
from orders.views import private
from suppliers.door import proof
from suppliers.door.fold import ATTEMPTS
from suppliers.door.models import DoorEvent, DoorKind, DoorOutcome, DoorReason
from suppliers.door.queries import events_of_parcels
from suppliers.models import Parcel, ParcelState
from suppliers.queries import parcels_of_order

doorstep = Blueprint("doorstep", __name__)

SAID: dict[DoorReason, LazyString] = {
    DoorReason.ABSENT: _l("We found nobody at home"),
    DoorReason.REFUSED: _l("It was not taken at the door"),
    DoorReason.WRONG_ADDRESS: _l("We did not find your address"),
    DoorReason.DAMAGED: _l("It was damaged on the way"),
    DoorReason.MISSING_ITEM: _l("Something was missing"),
    DoorReason.LOCKED_AREA: _l("We were not let into your area"),
}
"""Why it could not be handed over, in words for who waited for it."""


def told_at_doors(session: Session, order: Order) -> Sequence[Door]:
    """How it stands with each parcel of an order that has left."""
    parcels = parcels_of_order(session, order.id)
    told = events_of_parcels(session, [parcel.id for parcel in parcels])
    several = len(parcels) > 1
    return [_door(parcel, told.get(parcel.id, ()), whose=parcel.supplier.name if several else "") for parcel in parcels]


def _door(parcel: Parcel, told: Sequence[DoorEvent], *, whose: str) -> Door:
    step, event = parcel.history[-1], _stands_by(parcel, told)
    if parcel.state is ParcelState.DELIVERED:
        team = event.staff.team.name if event and event.staff.team else ""
        return Door(AtDoor.BROUGHT, whose, step.at, team, event.key if event and event.photo else "")
    if parcel.state is ParcelState.FAILED:
        reason = str(SAID[event.reason]) if event and event.reason else step.because
        return Door(AtDoor.AGAIN if _tried_again(parcel, told, event) else AtDoor.FAILED, whose, step.at, reason=reason)
    return Door(AtDoor.COMING, whose)


def _stands_by(parcel: Parcel, told: Sequence[DoorEvent]) -> DoorEvent | None:
    """The telling by which the parcel stands where it stands, if by a courier's."""
    return next((event for event in told if event.id == parcel.history[-1].door_id), None)


def _tried_again(parcel: Parcel, told: Sequence[DoorEvent], event: DoorEvent | None) -> bool:
    """Whether its team goes there once more: after a first attempt, on the day of delivery, which is not over."""
    if event is None or clock.today() > parcel.batch.round.delivery_on:
        return False
    begun = max(step.at for step in parcel.history if step.became is ParcelState.DISPATCHED and step.door_id is None)
    vain = [each for each in told if each.kind is DoorKind.FAILED and each.outcome is DoorOutcome.APPLIED]
    by_others = [each for each in parcel.history if each.became is ParcelState.FAILED and each.door_id is None]
    when = [*(each.at for each in vain), *(each.at for each in by_others)]
    return sum(at >= begun for at in when) < ATTEMPTS


@doorstep.route("/o/<token>/photos/<event_key>.webp")
def photo(token: str, event_key: str) -> ResponseReturnValue:
    """The photograph of a delivery, for whoever has the order's link: of its own parcels, while the telling counts."""
    order = order_by_token(db.session, token)
    content = _content(order, event_key) if order and order.dispatched_at else None
    if content is None:
        raise NotFound(_("There is no such photo."))
    return private(Response(content, mimetype="image/webp"))


def _content(order: Order, key: str) -> bytes | None:
    parcels = {parcel.id: parcel for parcel in parcels_of_order(db.session, order.id)}
    told = events_of_parcels(db.session, list(parcels))
    counted = (_stands_by(parcel, told.get(parcel.id, ())) for parcel in parcels.values())
    event = next((each for each in counted if each and each.key == key and each.kind is DoorKind.DELIVERED), None)
    return proof.content(event) if event else None
