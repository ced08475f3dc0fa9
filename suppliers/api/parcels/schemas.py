"""What programs tell of a parcel."""

from __future__ import annotations

from typing import Annotated, Literal

from flask_babel import lazy_gettext as _l
from pydantic import Field, RootModel

from suppliers.api.fields import Asked, Version, Words

Seen = Annotated[Version, Field(description=_l("The version of the parcel that you saw."))]


class Delivered(Asked):
    """Handed over at the door."""

    event: Literal["delivered"]
    version: Seen


class Failed(Asked):
    """Could not be handed over. The resident and the office read why."""

    event: Literal["failed"]
    version: Seen
    reason: Words = Field(description=_l("Why, in words. The resident reads them."))


class Undone(Asked):
    """The last mark was a mistake: the parcel is on its way again."""

    event: Literal["undone"]
    version: Seen


class ParcelEvent(RootModel[Annotated[Delivered | Failed | Undone, Field(discriminator="event")]]):
    """What became of a parcel."""
