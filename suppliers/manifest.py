"""A manifest: what a supplier buys and whom it brings what, gathered once; later only names are taken out of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from kernel import clock
from kernel.text import search_key
from orders.models import Order, OrderLine
from people.blocks import Natural, place_of, way_order
from people.models import Standing
from shop.models import Combo
from shop.quantities import Unit, show_quantity
from suppliers.models import Batch

PERSONAL = ("address", "name", "phone", "note", "block")
"""What of a stop is about a person. A block alone is not, but it comes from an address, and is forgotten with it."""

COLUMNS = ("stop", "code", "ward", "block", "address", "name", "phone", "hand_over", "cold", "note")
"""One row a stop, the same in every format."""

FOR_PACKERS = tuple(column for column in COLUMNS if column not in {"address", "name", "phone", "note"})
"""The columns for who packs and does not deliver."""

Snapshot = dict[str, Any]
Stop = dict[str, Any]
Items = dict[str, list[dict[str, Any]]]
"""A combo's code → what one of it holds."""


@dataclass(frozen=True)
class LineChange:
    """What became of an order's line after dispatch.

    ``without``: an item's name → how much of it, in its unit, is missing over the whole line. ``instead``: what is
    handed over in its place, in words.
    """

    without: Mapping[str, int] = field(default_factory=dict)
    instead: Sequence[str] = ()
    note: str = ""


def stop_order(order: Order) -> tuple[bool, str, tuple[Natural, Natural, list[Natural], Natural], int]:
    """Where an order comes on the way: wards that come first, by ward, block, street and house as people count them,
    then by age.
    """
    first = order.ward.standing is Standing.PRIORITISED
    return not first, search_key(order.ward.name), way_order(order.address), order.id


def gather(
    batch: Batch,
    number: str,
    stops: Sequence[tuple[int, Order]],
    combos: Sequence[dict[str, Any]],
    *,
    at: datetime,
    version: int = 1,
    changes: Mapping[int, LineChange] | None = None,
) -> Snapshot:
    """The snapshot of a batch: ``stops`` are orders with their numbers, ``combos`` as `combo_facts` tells of them.

    ``changes`` by order line. A stop to which nothing is left to bring is not in it.
    """
    contents: Items = {combo["code"]: combo["items"] for combo in combos}
    cold = {combo["code"] for combo in combos if combo["cold"]}
    written = _Blocks()
    gathered = [
        _stop(place, order, _lines(order, batch.supplier_id, cold, contents, changes or {}), written)
        for place, order in stops
    ]
    stays = [stop for stop in gathered if any(not line.get("nothing") for line in stop["lines"])]
    return {
        "form": 2,
        "number": number,
        "version": version,
        "supplier": {"code": batch.supplier.code, "name": batch.supplier.name},
        "round": _round(batch),
        "made_at": clock.local(at).isoformat(timespec="seconds"),
        "combos": _combo_totals(stays, combos),
        "items": totals(stays, contents, cold),
        "amount": sum(stop["amount"] for stop in stays),
        "stops": stays,
    }


def _round(batch: Batch) -> dict[str, str]:
    told = {"name": batch.round.name, "delivery_on": batch.round.delivery_on.isoformat()}
    slot = getattr(batch.round, "slot", None)
    return {**told, "slot": str(slot)} if slot else told


class _Blocks:
    """Blocks as they were first written: KP Bình Minh and kp. binh minh are one."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}

    def of(self, address: str) -> str:
        block = place_of(address).block
        return self.first.setdefault(search_key(block), block)


def combo_facts(combo: Combo) -> dict[str, Any]:
    """What a snapshot keeps of a combo: later changes of it do not reach what was sold."""
    items = [
        {"name": item.name, "quantity": item.quantity, "unit": item.unit.value, "measure": item.measure}
        for item in combo.items
    ]
    return {
        "code": combo.code,
        "name": combo.name,
        "position": combo.position,
        "cold": combo.cold_chain,
        "items": items,
    }


def lines_of(order: Order, supplier_id: int) -> list[OrderLine]:
    """The lines of an order that one supplier packs."""
    return [line for line in order.lines if line.supplier_id == supplier_id]


def _stop(place: int, order: Order, lines: list[dict[str, Any]], blocks: _Blocks) -> Stop:
    stop: Stop = {
        "stop": place,
        "code": order.code,
        "ward": order.ward.name,
        "block": blocks.of(order.address),
        "address": order.address,
        "name": order.name,
        "phone": order.phone,
        "note": order.note,
        "lines": lines,
        "amount": sum(line.pop("amount") for line in lines),
        "cold": any(line.get("cold") for line in lines),
    }
    return {**stop, "forgotten": True} if order.forgotten_at else stop


def _lines(
    order: Order, supplier_id: int, cold: set[str], contents: Items, changes: Mapping[int, LineChange]
) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "code": code,
            "quantity": line.quantity,
            "amount": line.amount,
            **({"cold": True} if code in cold else {}),
            **(_changed(changes[line.id], contents.get(code, []), line.quantity) if line.id in changes else {}),
        }
        for line in lines_of(order, supplier_id)
        for code in [line.combo.code if line.combo else ""]
    ]


def _changed(change: LineChange, items: list[dict[str, Any]], quantity: int) -> dict[str, Any]:
    """A line's change as the snapshot has it; ``nothing``: of the whole line nothing is left."""
    missing = [
        {**item, "quantity": many, "shown": show_quantity(many, Unit(item["unit"]), item["measure"])}
        for item in items
        if (many := min(change.without.get(item["name"], 0), item["quantity"] * quantity)) > 0
    ]
    left = [item for item in items if change.without.get(item["name"], 0) < item["quantity"] * quantity]
    told = {"without": missing, "instead": list(change.instead), "note": change.note}
    nothing = bool(items) and not left and not change.instead
    return {key: value for key, value in told.items() if value} | ({"nothing": True} if nothing else {})


def _combo_totals(stops: Iterable[Stop], combos: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    counts: Counter[str] = Counter()
    for stop in stops:
        for line in stop["lines"]:
            counts[line["code"]] += 0 if line.get("nothing") else line["quantity"]
    wanted = sorted((combo for combo in combos if counts[combo["code"]]), key=lambda combo: int(combo["position"]))
    return [{**combo, "quantity": counts[combo["code"]]} for combo in wanted]


def totals(stops: Iterable[Stop], contents: Items, cold: set[str]) -> list[dict[str, Any]]:
    """What to buy: each item's quantity over these stops, in grams, millilitres or pieces, and as people write it.

    What has to stay cold is told apart from the same goods that need not.
    """
    sums: Counter[tuple[str, str, str, bool]] = Counter()
    for stop in stops:
        for line in stop["lines"]:
            for item in contents.get(line["code"], ()):
                sums[_item_key(item, line["code"] in cold)] += item["quantity"] * line["quantity"]
            for item in line.get("without", ()):
                sums[_item_key(item, line["code"] in cold)] -= item["quantity"]
    return [
        {
            "name": name,
            "quantity": many,
            "unit": unit,
            "measure": measure,
            "cold": is_cold,
            "shown": show_quantity(many, Unit(unit), measure),
        }
        for (name, unit, measure, is_cold), many in sorted(sums.items(), key=lambda total: search_key(total[0][0]))
        if many
    ]


def _item_key(item: Mapping[str, Any], is_cold: bool) -> tuple[str, str, str, bool]:
    return item["name"], item["unit"], item["measure"], is_cold


def item_totals(lines: Iterable[OrderLine], combos: Mapping[int, Combo]) -> list[dict[str, Any]]:
    """`totals` of orders' lines as they were placed, by the combos of today."""
    counted = [combos[line.combo_id] for line in lines for _one in range(line.quantity) if line.combo_id is not None]
    facts = {combo.code: combo_facts(combo) for combo in counted}
    quantities = Counter(combo.code for combo in counted)
    together = {"lines": [{"code": code, "quantity": many} for code, many in quantities.items()]}
    contents = {code: told["items"] for code, told in facts.items()}
    return totals([together], contents, {code for code, told in facts.items() if told["cold"]})


def stop_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The rows that every format prints, with COLUMNS as keys; ``hand_over`` in the language at hand."""
    return [
        {
            **{column: stop.get(column, "") for column in COLUMNS},
            "hand_over": hand_over(stop),
            "cold": bool(stop.get("cold")),
            "forgotten": stop.get("forgotten", False),
        }
        for stop in snapshot["stops"]
    ]


def hand_over(stop: Stop) -> str:
    """``2 × Rau củ 5 món (C02); 1 × Bữa sáng (C03)``, each with what is missing or comes instead."""
    return "; ".join(line_words(line) for line in stop["lines"])


def line_words(line: Mapping[str, Any]) -> str:
    words = f"{line['quantity']} × {line['name']} ({line['code']})"
    missing = ", ".join(f"{item['name']} {item['shown']}" for item in line.get("without", ()))
    told = [
        _("without %(items)s", items=missing) if missing else "",
        _("instead: %(items)s", items=", ".join(line["instead"])) if line.get("instead") else "",
        line.get("note", ""),
    ]
    more = ", ".join(str(part) for part in told if part)
    return f"{words} [{more}]" if more else words


def without_people(snapshot: Snapshot) -> Snapshot:
    """The snapshot for who packs and does not deliver: goods and quantities, nobody's name or address."""
    return {**snapshot, "stops": [bare_stop(stop) for stop in snapshot["stops"]]}


def bare_stop(stop: Stop) -> Stop:
    """A stop's number, code, ward, block and goods."""
    return {key: value for key, value in stop.items() if key == "block" or key not in PERSONAL}


def fingerprint(snapshot: Snapshot) -> str:
    """SHA-256 of the snapshot in canonical form (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
