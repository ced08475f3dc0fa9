"""Parcels at the door: delivered, failed, or a mark taken back. The rules are those of the pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from suppliers.api.fields import Once
from suppliers.api.idempotency import Answer
from suppliers.api.manifests.schemas import ParcelOut
from suppliers.api.parcels.schemas import Delivered, Failed, ParcelEvent, Undone
from suppliers.api.parcels.tell import parcel_told
from suppliers.api.scopes import Scope
from suppliers.api.views import me, needs, resource, signature, told_once
from suppliers.models import Parcel, ParcelState
from suppliers.parcels import UnlawfulParcelStep, mark
from suppliers.queries import lock_parcel

api_parcels = resource("parcels", "parcels")

BECOMES = {"delivered": ParcelState.DELIVERED, "failed": ParcelState.FAILED, "undone": ParcelState.DISPATCHED}


@api_parcels.post("/parcels/<int:parcel_id>/events")
@needs(Scope.DELIVERIES_WRITE)
@api_parcels.input(Once, location="headers")
@api_parcels.input(ParcelEvent, example={"event": "failed", "version": 1, "reason": "Nobody at home"})
@api_parcels.output(ParcelOut, status_code=201)
@api_parcels.doc(operation_id="tellParcel", summary=_l("Tell what became of a parcel"))
def tell(parcel_id: int, headers_data: Once, json_data: ParcelEvent) -> Any:
    """The parcel as it stands now. 409 if somebody marked it since that version."""
    return told_once(headers_data, json_data, lambda: _tell(parcel_id, json_data.root))


def _tell(parcel_id: int, told: Delivered | Failed | Undone) -> Answer:
    parcel = _mine(parcel_id)
    if told.version != parcel.version:
        raise UnlawfulParcelStep
    because = told.reason if isinstance(told, Failed) else ""
    mark(db.session, parcel, BECOMES[told.event], by=signature(), at=clock.now(), because=because)
    db.session.flush()
    out = ParcelOut.model_validate(parcel_told(parcel, parcel.batch.manifest_number))
    return Answer(201, out.model_dump(mode="json"))


def _mine(parcel_id: int) -> Parcel:
    parcel = lock_parcel(db.session, parcel_id)
    if parcel is None or parcel.supplier_id != me().supplier_id:
        raise NotFound(_("There is no such parcel among yours."))
    return parcel
