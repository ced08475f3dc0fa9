"""Shortages as programs declare and read them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask_babel import lazy_gettext as _l
from pydantic import AfterValidator, Field

from kernel.forms import tidy
from suppliers.api.fields import WORDS_PATTERN, Amount, Asked, Moment, Told, Words
from suppliers.api.manifests.schemas import NUMBER
from suppliers.shortages.models import Shortage

Instead = Annotated[str, Field(max_length=100, pattern=f"^$|{WORDS_PATTERN}"), AfterValidator(tidy)]


class ShortageIn(Asked):
    """So much of an item cannot be brought."""

    item: Words = Field(description=_l("Its name as the manifest has it."))
    unit: Literal["g", "ml", "piece"] = Field(description=_l("As the manifest has it: grams, millilitres or pieces."))
    missing: Amount = Field(description=_l("How much, in that unit, over the whole manifest."))
    because: Words = Field(description=_l("Why. The office reads this, and so may the resident."))
    instead: Instead = Field("", description=_l("What you can give for it, in words; empty for nothing."))


class ShortageOut(Told):
    """A shortage as it was declared, and how it was shared."""

    id: int
    manifest: str = Field(pattern=NUMBER, description=_l("The newest version of the manifest: pack by this one."))
    item: str
    unit: Literal["g", "ml", "piece"]
    missing: int = Field(ge=1)
    shown: str = Field(description=_l("The quantity as people write it."))
    because: str
    instead: str
    rule: Literal["payment", "proportion"] = Field(description=_l("How it is shared: the last to pay, or all alike."))
    calls: int = Field(ge=0, description=_l("How many residents want to be called about it."))
    declared_at: Moment
    declared_by: str
    withdrawn: bool


class ShortagesOut(Told):
    """Every shortage of a manifest, in the order in which they were declared."""

    shortages: list[ShortageOut]


def shortage_told(shortage: Shortage, manifest: str) -> dict[str, Any]:
    """The shortage; no order and no household stands in it."""
    return {
        "id": shortage.id,
        "manifest": manifest,
        "item": shortage.item,
        "unit": shortage.unit.value,
        "missing": shortage.missing,
        "shown": shortage.amount_of(shortage.missing),
        "because": shortage.because,
        "instead": shortage.instead,
        "rule": shortage.rule.value,
        "calls": shortage.calls_waiting,
        "declared_at": shortage.at,
        "declared_by": shortage.by,
        "withdrawn": shortage.withdrawn_at is not None,
    }
