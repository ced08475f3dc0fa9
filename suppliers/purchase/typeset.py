"""A purchase order on paper and in files: the same rows and the same fingerprint in PDF, XLSX, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from kernel import files, spoken
from kernel.printing import print_html
from kernel.sheets import write_book, write_csv
from kernel.web import show_day, show_moment
from suppliers.papers import paper_css
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.snapshot import COLUMNS, rows

Row = Sequence[str | int | None]


def pdf(order: PurchaseOrder) -> bytes:
    """The paper: the one that is kept, else made now and kept."""
    name = f"purchases/{order.number}-{order.sha256[:16]}.pdf"
    kept = files.get(name)
    if kept is None:
        kept = make_pdf(order.snapshot, order.sha256)
        files.put(name, kept)
    return kept


def make_pdf(snapshot: dict[str, Any], sha256: str) -> bytes:
    """Typeset a snapshot (A4)."""
    with force_locale("vi"):
        return print_html(
            render_template(
                "suppliers/purchase/paper.html",
                order=snapshot,
                sha256=sha256,
                made_at=datetime.fromisoformat(snapshot["made_at"]),
                in_words=_in_words(snapshot["amount"]),
                css=paper_css(),
            )
        )


def _in_words(amount: int) -> str:
    return f"{spoken.number(amount).capitalize()} đồng" if amount <= spoken.MOST else ""


def csv(order: PurchaseOrder) -> bytes:
    """All rows in one table; below it the sum, the number and the fingerprint."""
    with force_locale("vi"):
        return write_csv([*_table(rows(order.snapshot)), *_foot(order)])


def xlsx(order: PurchaseOrder) -> bytes:
    """A sheet of what it is, one of the combos, one of the items."""
    with force_locale("vi"):
        every = rows(order.snapshot)
        sheets = {
            _("Purchase order"): _head(order),
            _("Combos"): [*_table([row for row in every if row["part"] == "combo"])],
            _("Items"): [*_table([row for row in every if row["part"] == "item"])],
        }
    return write_book(sheets)


def as_json(order: PurchaseOrder) -> bytes:
    """The snapshot itself; ``sha256`` is of it with sorted keys, no spaces, in UTF-8."""
    told = {"purchase_order": order.snapshot, "sha256": order.sha256}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _table(those: Sequence[dict[str, Any]]) -> Iterator[Row]:
    parts = {"combo": _("Combo"), "item": _("Item")}
    yield [_headings()[column] for column in COLUMNS]
    for row in those:
        yield [parts[row["part"]], *(row[column] for column in COLUMNS[1:])]


def _headings() -> dict[str, str]:
    return {
        "part": _("Kind"),
        "code": _("Code"),
        "name": _("Name"),
        "quantity": _("Quantity"),
        "unit": _("Unit"),
        "shown": _("As it is written"),
        "unit_price": _("Unit price (đồng)"),
        "amount": _("Amount (đồng)"),
    }


def _head(order: PurchaseOrder) -> list[Row]:
    told = order.snapshot
    return [
        [_("Purchase order"), told["number"]],
        [_("Manifest"), told["manifest"]],
        [_("Supplier"), f"{told['supplier']['name']} ({told['supplier']['code']})"],
        [_("Delivery on"), show_day(date.fromisoformat(told["round"]["delivery_on"]))],
        [_("Made"), show_moment(datetime.fromisoformat(told["made_at"]))],
        [_("Parcels"), told["parcels"]],
        [_("Total (đồng)"), told["amount"]],
        ["SHA-256", order.sha256],
    ]


def _foot(order: PurchaseOrder) -> list[Row]:
    return [
        [_("Total (đồng)"), *[None] * 6, order.snapshot["amount"]],
        [_("Purchase order"), order.number, order.snapshot["supplier"]["name"]],
        ["SHA-256", order.sha256],
    ]
