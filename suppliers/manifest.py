"""A manifest: what a supplier buys and whom it brings what, gathered once; later only names are taken out of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kernel import clock
from kernel.text import search_key
from orders.models import Order, OrderLine
from people.models import Standing
from shop.models import Combo
from shop.quantities import Unit, show_quantity
from suppliers.models import Batch

COLUMNS = ("stop", "code", "ward", "address", "name", "phone", "hand_over", "note")
"""One row a stop, the same in the PDF and in the CSV."""


def stop_order(order: Order) -> tuple[bool, str, list[tuple[int, str]], int]:
    """Where an order comes on the way: wards that come first, by ward, by address as people count, then by age."""
    pieces = re.findall(r"\d+|\D+", search_key(order.address))
    natural = [(int(piece[:18]), "") if piece.isdecimal() else (0, piece) for piece in pieces]
    return order.ward.standing is not Standing.PRIORITISED, search_key(order.ward.name), natural, order.id


def gather(batch: Batch, number: str, orders: Sequence[Order], combos: dict[int, Combo]) -> dict[str, Any]:
    """The snapshot of a batch; ``orders`` in the order of their stops, ``combos`` by id with their items."""
    stops = [_stop(place, order, batch.supplier_id) for place, order in enumerate(orders, start=1)]
    lines = [line for order in orders for line in lines_of(order, batch.supplier_id)]
    return {
        "number": number,
        "supplier": {"code": batch.supplier.code, "name": batch.supplier.name},
        "round": {"name": batch.round.name, "delivery_on": batch.round.delivery_on.isoformat()},
        "made_at": clock.local(batch.dispatched_at).isoformat(timespec="seconds"),
        "combos": _combo_totals(lines, combos),
        "items": item_totals(lines, combos),
        "amount": sum(line.amount for line in lines),
        "stops": stops,
    }


def lines_of(order: Order, supplier_id: int) -> list[OrderLine]:
    """The lines of an order that one supplier packs."""
    return [line for line in order.lines if line.supplier_id == supplier_id]


def _stop(place: int, order: Order, supplier_id: int) -> dict[str, Any]:
    lines = lines_of(order, supplier_id)
    return {
        "stop": place,
        "code": order.code,
        "ward": order.ward.name,
        "address": order.address,
        "name": order.name,
        "phone": order.phone,
        "note": order.note,
        "lines": [{"name": line.name, "code": _code(line), "quantity": line.quantity} for line in lines],
        "amount": sum(line.amount for line in lines),
    }


def _code(line: OrderLine) -> str:
    return line.combo.code if line.combo else ""


def _combo_totals(lines: Iterable[OrderLine], combos: dict[int, Combo]) -> list[dict[str, Any]]:
    counts: Counter[int] = Counter()
    for line in lines:
        if line.combo_id is not None:
            counts[line.combo_id] += line.quantity
    in_order = sorted(counts.items(), key=lambda counted: combos[counted[0]].position)
    return [{"code": combos[key].code, "name": combos[key].name, "quantity": many} for key, many in in_order]


def item_totals(lines: Iterable[OrderLine], combos: dict[int, Combo]) -> list[dict[str, Any]]:
    """What to buy: each item's quantity over all lines, in grams, millilitres or pieces, and as people write it."""
    sums: Counter[tuple[str, Unit, str]] = Counter()
    for line in lines:
        for item in combos[line.combo_id].items if line.combo_id is not None else ():
            sums[item.name, item.unit, item.measure] += item.quantity * line.quantity
    return [
        {
            "name": name,
            "quantity": many,
            "unit": unit.value,
            "measure": measure,
            "shown": show_quantity(many, unit, measure),
        }
        for (name, unit, measure), many in sorted(sums.items(), key=lambda total: search_key(total[0][0]))
    ]


def stop_rows(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that the PDF and the CSV both print, with COLUMNS as keys."""
    return [
        {
            **{column: stop.get(column, "") for column in COLUMNS},
            "hand_over": hand_over(stop),
            "forgotten": stop.get("forgotten", False),
        }
        for stop in snapshot["stops"]
    ]


def hand_over(stop: dict[str, Any]) -> str:
    """``2 × Rau củ 5 món (C02); 1 × Bữa sáng (C03)``."""
    return "; ".join(f"{line['quantity']} × {line['name']} ({line['code']})" for line in stop["lines"])


def fingerprint(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the snapshot in canonical form (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
