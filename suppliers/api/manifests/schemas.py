"""Manifests and their parcels as programs read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from flask_babel import lazy_gettext as _l
from pydantic import Field

from suppliers.api.fields import LARGEST_ID, Asked, Moment, Told, Whole

NUMBER = "^[0-9A-Z][0-9A-Za-z-]{2,39}$"


class Named(Told):
    """A firm."""

    code: str
    name: str


class ManifestRow(Told):
    """A manifest in a list."""

    number: str = Field(pattern=NUMBER)
    version: int = Field(ge=1, description=_l("The newest one counts: a shortage makes another."))
    round_id: int
    delivery_on: date
    made_at: Moment
    sha256: str = Field(description=_l("Of the whole manifest, names included. It changes when a name is deleted."))
    dispatched: int = Field(ge=0, description=_l("Parcels on their way."))
    delivered: int = Field(ge=0)
    failed: int = Field(ge=0)


class ManifestsOut(Told):
    """One page of manifests, the newest first."""

    manifests: list[ManifestRow]
    next: int | None = Field(description=_l("The cursor of the next page; null on the last one."))


class ItemTotal(Told):
    """How much of one item is to be bought in all."""

    name: str
    quantity: int = Field(ge=0, description=_l("In the unit: grams, millilitres or pieces."))
    unit: str
    measure: str
    shown: str = Field(description=_l("The quantity as people write it."))


class ToBuy(ItemTotal):
    """An item that has to be bought, and whether it stays cold."""

    cold: bool


class ComboTotal(Told):
    """How many of one combo are to be packed."""

    code: str
    name: str
    quantity: int = Field(ge=0)


class Line(ComboTotal):
    """One combo of a stop, and what became of it since dispatch."""

    cold: bool
    without: list[ItemTotal] = Field(description=_l("What is missing of it, over the whole line."))
    instead: list[str] = Field(description=_l("What is handed over in its place."))
    nothing: bool = Field(description=_l("Whether nothing is left of it to hand over."))


class Stop(Told):
    """What one household gets. Its last four fields are there only with people:read."""

    stop: int = Field(ge=1)
    order: str = Field(description=_l("The order's code, which is on the bag."))
    ward: str
    block: str
    cold: bool
    lines: list[Line]
    amount: int = Field(ge=0, description=_l("In đồng."))
    address: str | None = Field(description=_l("Null without people:read; empty where it is deleted."))
    name: str | None
    phone: str | None
    note: str | None


class ManifestOut(Told):
    """A manifest: what to buy, what to pack, what each stop gets."""

    number: str = Field(pattern=NUMBER)
    version: int = Field(ge=1, description=_l("The newest one counts: a shortage makes another."))
    sha256: str
    supplier: Named
    round_id: int
    delivery_on: date
    made_at: datetime
    items: list[ToBuy]
    combos: list[ComboTotal]
    amount: int = Field(ge=0, description=_l("Of all stops, in đồng."))
    stops: list[Stop]
    pdf: str = Field(description=_l("The address of the printed manifest."))
    csv: str = Field(description=_l("The address of its stops as a table."))


class ParcelPage(Asked):
    """Which stops."""

    limit: Whole = Field(200, ge=1, le=500, description=_l("How many at most."))
    cursor: Whole = Field(
        0, ge=0, le=LARGEST_ID, description=_l("Where the list goes on: what “next” said. 0 is its beginning.")
    )


State = Literal["dispatched", "delivered", "failed"]


class ParcelOut(Told):
    """Where one order's goods from you are."""

    id: int
    manifest: str = Field(pattern=NUMBER)
    stop: int = Field(ge=1)
    order: str
    state: State
    version: int = Field(ge=1, description=_l("Say it when you tell what became of the parcel."))
    changed_at: Moment
    reason: str = Field(description=_l("Why it failed; else empty."))


class ParcelsOut(Told):
    """One page of a manifest's parcels, in the order of their stops."""

    parcels: list[ParcelOut]
    next: int | None = Field(description=_l("The cursor of the next page; null on the last one."))


def manifest_told(snapshot: dict[str, Any], *, people: bool) -> dict[str, Any]:
    """The snapshot's part of the answer; who gets what, only with ``people``. Old ones know nothing of the cold."""
    return {
        "number": snapshot["number"],
        "version": snapshot.get("version", 1),
        "supplier": snapshot["supplier"],
        "delivery_on": snapshot["round"]["delivery_on"],
        "made_at": snapshot["made_at"],
        "items": [{"cold": False, **item} for item in snapshot["items"]],
        "combos": snapshot["combos"],
        "amount": snapshot["amount"],
        "stops": [_stop_told(stop, people=people) for stop in snapshot["stops"]],
    }


def _stop_told(stop: dict[str, Any], *, people: bool) -> dict[str, Any]:
    who = {field: stop[field] if people else None for field in ("address", "name", "phone", "note")}
    return {
        "stop": stop["stop"],
        "order": stop["code"],
        "ward": stop["ward"],
        "block": stop.get("block", ""),
        "cold": bool(stop.get("cold")),
        "lines": [{"cold": False, "without": [], "instead": [], "nothing": False, **line} for line in stop["lines"]],
        "amount": stop["amount"],
        **who,
    }
