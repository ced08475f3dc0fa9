"""What both sides agree to, gathered once: each line, the sums, and how many of which combo it comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from suppliers.settlement.models import Settlement, SettlementLine
from suppliers.settlement.queries import Shown, goods_changed, lines_of

Pair = tuple[Sequence[Sequence[Any]], Sequence[Sequence[Any]]]

COLUMNS = ("no", "parcel", "order", "kind", "marked_on", "amount", "deducted", "net")
"""One row a line, the same in the PDF and in the XLSX."""


def gather(session: Session, settlement: Settlement) -> dict[str, Any]:
    """The snapshot of a settlement to which both sides have agreed. No resident is named in it."""
    supplier = settlement.supplier
    shown = lines_of(session, settlement.id)
    return {
        "number": settlement.number,
        "version": settlement.version,
        "supplier": {"code": supplier.code, "name": supplier.name},
        "period": {"from": settlement.begins_on.isoformat(), "to": settlement.ends_on.isoformat()},
        "drawn": _who(settlement.drawn_name, settlement.drawn_at),
        "agreed": {
            "office": _who(settlement.office_name, settlement.office_at),
            "supplier": _who(settlement.supplier_name, settlement.supplier_at),
        },
        "lines": [row_of(number, each, supplier.code) for number, each in enumerate(shown, start=1)],
        "goods": goods_rows(goods_changed(session, settlement.id)),
        "amount": settlement.amount,
        "deducted": settlement.deducted,
        "net": settlement.net,
    }


def _who(name: str | None, at: Any) -> dict[str, str]:
    return {"name": name or "", "at": clock.local(at).isoformat(timespec="seconds")}


def row_of(number: int, shown: Shown, supplier_code: str) -> dict[str, Any]:
    """A line as people read it: what changes by it, and of which parcel (manifest and stop)."""
    line: SettlementLine = shown.line
    return {
        "no": number,
        "parcel": f"{shown.round_id:04d}-{supplier_code}-{shown.batch}/{shown.stop}",
        "order": shown.order_code,
        "kind": line.kind.value,
        "marked_on": clock.local(line.marked_at).date().isoformat(),
        "amount": line.amount - line.was_amount,
        "deducted": line.deducted - line.was_deducted,
        "net": line.net,
    }


def goods_rows(pairs: Iterable[Pair]) -> list[dict[str, Any]]:
    """How many of each combo at each price, and what is deducted of them: ``pairs`` of goods now and before.

    ``net`` over all rows is the settlement's own.
    """
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for now, was in pairs:
        for sign, goods in ((1, now), (-1, was)):
            for code, name, unit_price, quantity, deducted in goods:
                sums[code, name, unit_price][0] += sign * quantity
                sums[code, name, unit_price][1] += sign * deducted
    return [
        {
            "code": code,
            "name": name,
            "unit_price": unit_price,
            "quantity": quantity,
            "amount": quantity * unit_price,
            "deducted": deducted,
            "net": quantity * unit_price - deducted,
        }
        for (code, name, unit_price), (quantity, deducted) in sorted(sums.items())
        if quantity or deducted
    ]
