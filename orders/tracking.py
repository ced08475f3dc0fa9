"""The stages that a resident sees, derived from the order, the ledger and the parcels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from orders.models import Order, OrderState


class StageState(StrEnum):
    """How far a stage is."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of an order with its time, if it has come."""

    label: str
    at: datetime | None
    state: StageState
    remark: str = ""


ParcelStages = Callable[[Session, Order], Sequence[Stage]]

# Parcels belong to a layer above; the composition root says who knows about them.
_parcel_stages: list[ParcelStages] = []


def tells_of_parcels(source: ParcelStages) -> None:
    """Register who tells the stages of an order's parcels."""
    if source not in _parcel_stages:
        _parcel_stages.append(source)


def stages(session: Session, order: Order) -> list[Stage]:
    """From placed to delivered, with the times of what has happened."""
    if order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        return [_placed(order), _ended(order)]
    parcels = [stage for source in _parcel_stages for stage in source(session, order)]
    return [_placed(order), _paid(order), *(parcels or [_to_come(order)])]


def _placed(order: Order) -> Stage:
    return Stage(_("Order placed"), order.placed_at, StageState.DONE)


def _ended(order: Order) -> Stage:
    label = _("Expired: not paid in time") if order.state is OrderState.EXPIRED else _("Cancelled")
    return Stage(label, _when(order, order.state), StageState.FAILED)


def _paid(order: Order) -> Stage:
    if order.state is OrderState.CONFIRMED:
        return Stage(_("Paid"), _when(order, OrderState.CONFIRMED), StageState.DONE)
    waits = _("Waiting for the payment of your group's leader") if order.group_code else _("Waiting for your payment")
    return Stage(waits, None, StageState.CURRENT)


def _to_come(order: Order) -> Stage:
    state = StageState.CURRENT if order.state is OrderState.CONFIRMED else StageState.TODO
    return Stage(_("With the supplier, for delivery"), None, state)


def _when(order: Order, state: OrderState) -> datetime | None:
    times = [event.at for event in order.history if event.became is state]
    return times[-1] if times else None
