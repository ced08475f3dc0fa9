"""Purchase orders: what is ordered of the supplier, its papers, and the acknowledgement. No resident stands in them."""

from __future__ import annotations

from typing import Any

from apiflask.schemas import FileSchema
from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from suppliers.api.fields import Once, Page, listed
from suppliers.api.idempotency import Answer
from suppliers.api.purchases.schemas import Acknowledgement, PurchaseOut, PurchasesOut, order_told, row_told
from suppliers.api.queries import purchases_from
from suppliers.api.scopes import Scope
from suppliers.api.views import me, needs, resource, signature, told_once
from suppliers.purchase import typeset
from suppliers.purchase.keep import acknowledge
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import order_by_number

api_purchases = resource("purchases", "purchases")

PAPER = FileSchema(type="string", format="binary")


@api_purchases.get("/purchases")
@needs(Scope.PURCHASES_READ)
@api_purchases.input(Page, location="query")
@api_purchases.output(PurchasesOut)
@api_purchases.doc(operation_id="listPurchases", summary=_l("What was ordered of you, the newest first"))
def index(query_data: Page) -> Any:
    """One page of purchase orders."""
    limit = query_data.limit
    found = purchases_from(db.session, me().supplier_id, before=query_data.cursor or None, most=limit + 1)
    rows, more = listed(list(found), limit)
    return {"purchases": [row_told(each) for each in rows], "next": rows[-1].id if more else None}


@api_purchases.get("/purchases/<purchase>")
@needs(Scope.PURCHASES_READ)
@api_purchases.output(PurchaseOut)
@api_purchases.doc(operation_id="getPurchase", summary=_l("One purchase order"))
def show(purchase: str) -> Any:
    """What is ordered, and for how much."""
    return _told(_mine(purchase))


@api_purchases.get("/purchases/<purchase>/pdf")
@needs(Scope.PURCHASES_READ)
@api_purchases.output(PAPER, content_type="application/pdf")
@api_purchases.doc(operation_id="getPurchasePdf", summary=_l("The purchase order to print"))
def pdf(purchase: str) -> Any:
    """The paper."""
    found = _mine(purchase)
    db.session.rollback()  # typesetting must not hold the database
    return Response(typeset.pdf(found), mimetype="application/pdf")


@api_purchases.get("/purchases/<purchase>/csv")
@needs(Scope.PURCHASES_READ)
@api_purchases.output(PAPER, content_type="text/csv")
@api_purchases.doc(operation_id="getPurchaseCsv", summary=_l("The purchase order's rows as a table"))
def csv(purchase: str) -> Any:
    """The rows of the paper."""
    return Response(typeset.csv(_mine(purchase)), mimetype="text/csv")


@api_purchases.post("/purchases/<purchase>/acknowledgement")
@needs(Scope.PURCHASES_ACKNOWLEDGE)
@api_purchases.input(Once, location="headers")
@api_purchases.input(Acknowledgement, example={"name": "Trần Thị Bưởi"})
@api_purchases.output(PurchaseOut, status_code=201)
@api_purchases.doc(operation_id="acknowledgePurchase", summary=_l("Say who of you has taken the order"))
def acknowledged(purchase: str, headers_data: Once, json_data: Acknowledgement) -> Any:
    """Once: 409 if somebody did it before, with their name."""
    return told_once(headers_data, json_data, lambda: _acknowledge(purchase, json_data.name))


def _acknowledge(purchase: str, name: str) -> Answer:
    order = _mine(purchase)
    acknowledge(db.session, order, by=signature(), name=name, at=clock.now())
    return Answer(201, PurchaseOut.model_validate(_told(order)).model_dump(mode="json"))


def _told(order: PurchaseOrder) -> dict[str, Any]:
    papers = {name: url_for(f".{name}", purchase=order.number) for name in ("pdf", "csv")}
    return {**order_told(order), **papers}


def _mine(number: str) -> PurchaseOrder:
    found = order_by_number(db.session, number)
    if found is None or found.supplier_id != me().supplier_id:
        raise NotFound(_("There is no such purchase order among yours."))
    return found
