"""What an order's parcels tell the resident."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from orders.models import Order
from orders.tracking import Stage, StageState
from suppliers.models import Parcel, ParcelState
from suppliers.queries import parcels_of_order


def parcel_stages(session: Session, order: Order) -> Sequence[Stage]:
    """With the supplier, then delivered or failed: one pair of stages for each supplier that packs something."""
    parcels = parcels_of_order(session, order.id)
    return [stage for parcel in parcels for stage in _stages(parcel, several=len(parcels) > 1)]


def _stages(parcel: Parcel, *, several: bool) -> list[Stage]:
    whose = f" – {parcel.supplier.name}" if several else ""
    left = Stage(_("On its way") + whose, parcel.batch.dispatched_at, StageState.DONE)
    last = parcel.history[-1]
    if parcel.state is ParcelState.DELIVERED:
        return [left, Stage(_("Delivered") + whose, last.at, StageState.DONE)]
    if parcel.state is ParcelState.FAILED:
        return [left, Stage(_("Could not be delivered") + whose, last.at, StageState.FAILED, last.because)]
    return [left, Stage(_("Delivery to your door") + whose, None, StageState.CURRENT)]
