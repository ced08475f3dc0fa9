"""Rounds: those in which the supplier has places or parcels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel.database import db
from kernel.errors import NotFound
from shop.models import Round
from suppliers.api.fields import Page, listed
from suppliers.api.queries import Places, manifest_numbers, places_of, round_of, rounds_of
from suppliers.api.rounds.schemas import RoundOut, RoundsOut
from suppliers.api.scopes import Scope
from suppliers.api.views import me, needs, resource

api_rounds = resource("rounds", "rounds")


@api_rounds.get("/rounds")
@needs(Scope.ROUNDS_READ)
@api_rounds.input(Page, location="query")
@api_rounds.output(RoundsOut)
@api_rounds.doc(operation_id="listRounds", summary=_l("Rounds with something of yours, the newest first"))
def index(query_data: Page) -> Any:
    """One page of rounds."""
    supplier_id, limit = me().supplier_id, query_data.limit
    found = rounds_of(db.session, supplier_id, before=query_data.cursor or None, most=limit + 1)
    rows, more = listed(list(found), limit)
    return {"rounds": _told(supplier_id, rows), "next": rows[-1].id if more else None}


@api_rounds.get("/rounds/<int:round_id>")
@needs(Scope.ROUNDS_READ)
@api_rounds.output(RoundOut)
@api_rounds.doc(operation_id="getRound", summary=_l("One round"))
def show(round_id: int) -> Any:
    """One round."""
    found = round_of(db.session, me().supplier_id, round_id)
    if found is None:
        raise NotFound(_("There is no such round with anything of yours."))
    return _told(me().supplier_id, [found])[0]


def _told(supplier_id: int, rounds: Sequence[Round]) -> list[dict[str, Any]]:
    ids = [each.id for each in rounds]
    places, numbers = places_of(db.session, supplier_id, ids), manifest_numbers(db.session, supplier_id, ids)
    return [
        {
            "id": each.id,
            "name": each.name,
            "opens_at": each.opens_at,
            "closes_at": each.closes_at,
            "dispatch_at": each.dispatch_at,
            "delivery_on": each.delivery_on,
            "dispatched_at": each.dispatched_at,
            "slot": each.slot.value,
            "wards": [_ward_told(each, place) for place in places if place.round_id == each.id],
            "manifests": numbers.get(each.id, []),
        }
        for each in rounds
    ]


def _ward_told(delivery: Round, place: Places) -> dict[str, Any]:
    closes = delivery.closes_for(place.ward_id)
    return {"ward": place.ward, "places": place.places, "taken": place.taken, "closes_at": closes}
