"""What stands in a purchase order: gathered once from the orders' own lines, then only printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kernel import clock
from orders.models import Order, OrderLine
from shop.models import Combo
from suppliers.manifest import item_totals, lines_of
from suppliers.models import Batch

COLUMNS = ("part", "code", "name", "quantity", "unit", "shown", "unit_price", "amount")
"""One row a combo and price, then one row an item: the same in the PDF, the XLSX, the CSV and the JSON."""


class Sold(NamedTuple):
    """A combo at one of the prices that it was sold for."""

    combo_id: int | None
    name: str
    unit_price: int


def gather(batch: Batch, number: str, orders: Sequence[Order], combos: Mapping[int, Combo]) -> dict[str, Any]:
    """The snapshot of a purchase order; ``combos`` by id with their items. No order is told apart in it."""
    lines = [line for order in orders for line in lines_of(order, batch.supplier_id)]
    return {
        "number": number,
        "manifest": batch.manifest_number,
        "supplier": {"code": batch.supplier.code, "name": batch.supplier.name},
        "round": {"name": batch.round.name, "delivery_on": batch.round.delivery_on.isoformat()},
        "made_at": clock.local(batch.dispatched_at).isoformat(timespec="seconds"),
        "parcels": len(orders),
        "combos": combo_rows(lines, combos),
        "items": item_totals(lines, dict(combos)),
        "amount": sum(line.amount for line in lines),
    }


def combo_rows(lines: Iterable[OrderLine], combos: Mapping[int, Combo]) -> list[dict[str, Any]]:
    """How many of each combo at each price, in the order of the shop. Prices are those of the orders' lines."""
    counts: Counter[Sold] = Counter()
    for line in lines:
        counts[_sold(line, combos)] += line.quantity
    return [
        {
            "code": combos[sold.combo_id].code if sold.combo_id is not None else "",
            "name": sold.name,
            "quantity": many,
            "unit_price": sold.unit_price,
            "amount": many * sold.unit_price,
        }
        for sold, many in sorted(counts.items(), key=lambda each: _place(each[0], combos))
    ]


def _sold(line: OrderLine, combos: Mapping[int, Combo]) -> Sold:
    name = combos[line.combo_id].name if line.combo_id is not None else line.name
    return Sold(line.combo_id, name, line.unit_price)


def _place(sold: Sold, combos: Mapping[int, Combo]) -> tuple[int, str, int]:
    position = combos[sold.combo_id].position if sold.combo_id is not None else 0
    return position, sold.name, sold.unit_price


def rows(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows with COLUMNS as keys: first the combos, then the items that are in them."""
    combos = [
        {"part": "combo", **row, "unit": "combo", "shown": f"{row['quantity']} combo"} for row in snapshot["combos"]
    ]
    items = [
        {"part": "item", "code": "", **row, "unit": row["measure"] or row["unit"], "unit_price": None, "amount": None}
        for row in snapshot["items"]
    ]
    return [{column: row[column] for column in COLUMNS} for row in (*combos, *items)]
