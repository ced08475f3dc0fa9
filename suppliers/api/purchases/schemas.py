"""Purchase orders as programs read and acknowledge them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from pydantic import Field

from suppliers.api.fields import Asked, Moment, PersonName, Told
from suppliers.api.manifests.schemas import NUMBER, Named, ToBuy
from suppliers.purchase.models import PurchaseOrder


class Acknowledged(Told):
    """Who has seen it, and when."""

    name: str = Field(description=_l("The person."))
    by: str = Field(description=_l("The account, and the token if it was a program."))
    at: Moment


class PurchaseRow(Told):
    """A purchase order in a list."""

    number: str = Field(pattern=NUMBER)
    manifest: str = Field(pattern=NUMBER, description=_l("The manifest of the same goods."))
    round_id: int
    made_at: Moment
    amount: int = Field(ge=0, description=_l("In đồng."))
    sha256: str
    acknowledged: Acknowledged | None = Field(description=_l("Null as long as nobody has acknowledged it."))


class PurchasesOut(Told):
    """One page of purchase orders, the newest first."""

    purchases: list[PurchaseRow]
    next: int | None = Field(description=_l("The cursor of the next page; null on the last one."))


class Ordered(Told):
    """How many of one combo are ordered, at one price."""

    code: str
    name: str
    quantity: int = Field(ge=0)
    unit_price: int = Field(ge=0, description=_l("In đồng."))
    amount: int = Field(ge=0, description=_l("In đồng."))


class PurchaseOut(PurchaseRow):
    """A purchase order: what is ordered, and for how much."""

    supplier: Named
    delivery_on: date
    made_at: datetime
    parcels: int = Field(ge=0)
    combos: list[Ordered]
    items: list[ToBuy]
    pdf: str = Field(description=_l("The address of the printed order."))
    csv: str = Field(description=_l("The address of its rows as a table."))


class Acknowledgement(Asked):
    """Somebody of the supplier has seen what is ordered."""

    name: PersonName = Field(description=_l("Of the person who takes the order. The office reads it."))


def row_told(order: PurchaseOrder) -> dict[str, Any]:
    """The order in a list."""
    seen = {"name": order.acknowledged_name, "by": order.acknowledged_by, "at": order.acknowledged_at}
    return {
        "number": order.number,
        "manifest": order.snapshot["manifest"],
        "round_id": order.batch.round_id,
        "made_at": order.made_at,
        "amount": order.amount,
        "sha256": order.sha256,
        "acknowledged": seen if order.acknowledged_at else None,
    }


def order_told(order: PurchaseOrder) -> dict[str, Any]:
    """The whole order, but for the addresses of its papers."""
    told = order.snapshot
    rows = {key: told[key] for key in ("supplier", "made_at", "parcels", "combos")}
    rows["items"] = [{"cold": False, **item} for item in told["items"]]
    return {**row_told(order), **rows, "delivery_on": told["round"]["delivery_on"]}
