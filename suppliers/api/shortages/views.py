"""Shortages: declared on a manifest, shared out at once by the office's rule, as on the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError
from shop.quantities import Unit
from suppliers.api.fields import Once
from suppliers.api.idempotency import Answer
from suppliers.api.manifests.views import mine
from suppliers.api.scopes import Scope
from suppliers.api.shortages.schemas import ShortageIn, ShortageOut, ShortagesOut, shortage_told
from suppliers.api.views import needs, resource, signature, told_once
from suppliers.queries import newest_number
from suppliers.shortages.declare import Missing, share_out
from suppliers.shortages.models import Shortage
from suppliers.shortages.plan import MoreThanThere, NotOnIt
from suppliers.shortages.queries import shortages_of_batch

api_shortages = resource("shortages", "shortages")


class NotAsItStands(MarketError):
    """The request is well formed, but the manifest has no such item, or not so much of it any more."""


@api_shortages.get("/manifests/<number>/shortages")
@needs(Scope.MANIFESTS_READ)
@api_shortages.output(ShortagesOut)
@api_shortages.doc(operation_id="listShortages", summary=_l("What was declared to be missing"))
def index(number: str) -> Any:
    """A manifest's shortages; a manifest has a few."""
    found = mine(number)
    newest = newest_number(db.session, found.batch_id)
    return {"shortages": [shortage_told(each, newest) for each in shortages_of_batch(db.session, found.batch_id)]}


@api_shortages.post("/manifests/<number>/shortages")
@needs(Scope.SHORTAGES_WRITE)
@api_shortages.input(Once, location="headers")
@api_shortages.input(
    ShortageIn, example={"item": "rau muống", "unit": "g", "missing": 500, "because": "Xe đến trễ", "instead": ""}
)
@api_shortages.output(ShortageOut, status_code=201)
@api_shortages.doc(
    operation_id="declareShortage", summary=_l("Declare that something is missing: the manifest is made anew")
)
def declare(number: str, headers_data: Once, json_data: ShortageIn) -> Any:
    """409 if the manifest has no such item, or less of it than is said to be missing."""
    return told_once(headers_data, json_data, lambda: _declare(number, json_data))


def _declare(number: str, told: ShortageIn) -> Answer:
    batch = mine(number).batch
    missing = Missing(told.item, Unit(told.unit), told.missing, told.instead)
    try:
        shortage = share_out(db.session, batch, missing, Doer(signature(), clock.now(), told.because))
    except (NotOnIt, MoreThanThere) as refusal:
        raise NotAsItStands(str(refusal)) from refusal
    return Answer(201, _told(shortage))


def _told(shortage: Shortage) -> dict[str, Any]:
    newest = newest_number(db.session, shortage.batch_id)
    return ShortageOut.model_validate(shortage_told(shortage, newest)).model_dump(mode="json")
