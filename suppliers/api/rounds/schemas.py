"""Rounds as programs read them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from flask_babel import lazy_gettext as _l
from pydantic import Field

from suppliers.api.fields import Moment, Told


class WardPlaces(Told):
    """What one ward may order of you."""

    ward: str
    places: int = Field(ge=0, description=_l("Parcels that you take to this ward."))
    taken: int = Field(ge=0, description=_l("Parcels that are promised so far."))
    closes_at: Moment = Field(description=_l("The last order of this ward, and its last payment."))


class RoundOut(Told):
    """A delivery round with something of yours."""

    id: int
    name: str
    opens_at: Moment
    closes_at: Moment = Field(description=_l("The last order, and the last payment."))
    dispatch_at: Moment = Field(description=_l("When paid orders leave for the suppliers."))
    delivery_on: date
    slot: Literal["morning", "afternoon", "evening", "all_day"] = Field(
        description=_l("The part of the day in which residents are promised their goods.")
    )
    dispatched_at: Moment | None = Field(description=_l("When they left; null before."))
    wards: list[WardPlaces]
    manifests: list[str] = Field(description=_l("The numbers of your manifests."))


class RoundsOut(Told):
    """One page of rounds, the newest first."""

    rounds: list[RoundOut]
    next: int | None = Field(description=_l("The cursor of the next page; null on the last one."))
