"""A city with many orders, put into an empty database by the shortest way, and a statement of their payments."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from kernel.text import search_key
from orders.models import Order, OrderEvent, OrderLine, OrderState, Origin
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Allocation, Place, Posting, Source
from people.models import WardRow
from shop.models import Round, Slot

PIECE = 5_000
_STATES = {
    "awaiting_payment": OrderState.OPEN,
    "paid": OrderState.OPEN,
    "expired": OrderState.EXPIRED,
    "cancelled": OrderState.CANCELLED,
}
HEAD = ["Ngày/Date", "Ghi chú/Remark", "Nợ/Dr", "Có/Cr", "Số dư/Balance", "Số tham chiếu/Ref. no"]


def fill(connection: Connection, orders: Path) -> int:
    """Put the orders of a labelled set into a migrated, empty database; those marked paid are. Answers how many."""
    delivery = _begin(connection)
    wards = {row.name: row.id for row in connection.execute(select(WardRow.__table__))}
    many = 0
    with orders.open(encoding="utf-8", newline="") as file:
        for piece in _pieces(csv.DictReader(file)):
            _insert(connection, piece, delivery, wards)
            many += len(piece)
    connection.execute(text("ANALYZE"))
    return many


def _begin(connection: Connection) -> int:
    connection.execute(
        insert(BankAccount).values(bank_code="AGR", number="1013456789", holder="PHONG KINH TE", receives=True)
    )
    far = datetime(2031, 1, 1, tzinfo=UTC)
    made = insert(Round).values(
        name="Đợt 1", opens_at=datetime(2021, 8, 1, tzinfo=UTC), closes_at=far, dispatch_at=far, delivery_on=far.date()
    )
    return int(connection.execute(made.returning(Round.id)).scalar_one())


def _pieces(rows: Iterator[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    while piece := list(islice(rows, PIECE)):
        yield piece


def _insert(connection: Connection, piece: Sequence[dict[str, str]], delivery: int, wards: dict[str, int]) -> None:
    rows = [_order(row, delivery, wards) for row in piece]
    made = insert(Order).returning(Order.id, sort_by_parameter_order=True)
    ids = list(connection.execute(made, rows).scalars())
    lines, events, paid = [], [], []
    for order_id, row, order in zip(ids, piece, rows, strict=True):
        lines.append({"order_id": order_id, "name": "Combo", "quantity": 1, "unit_price": order["total"]})
        at = order["placed_at"]
        events.append({"order_id": order_id, "was": None, "became": order["state"], "by": "", "at": at, "because": ""})
        if row["status"] == "paid":
            paid.append((order_id, order["total"], at))
    connection.execute(insert(OrderLine), lines)
    connection.execute(insert(OrderEvent), events)
    _pay(connection, paid)


def _order(row: dict[str, str], delivery: int, wards: dict[str, int]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "token": row["code"],
        "state": _STATES[row["status"]],
        "origin": Origin.SHOP,
        "name": row["name"],
        "name_key": search_key(row["name"]),
        "phone": row["phone"],
        "ward_id": wards[row["ward"]],
        "address": row["address"],
        "note": "",
        "total": int(row["total"]),
        "round_id": delivery,
        "placed_at": datetime.fromisoformat(row["placed_at"]),
        "expires_at": datetime.fromisoformat(row["expires_at"]),
        "promised_on": date(2031, 1, 1),
        "promised_slot": Slot.ALL_DAY,
        "household": row["phone"],
        "version": 1,
    }


def _pay(connection: Connection, paid: Sequence[tuple[int, int, datetime]]) -> None:
    """Orders that were paid before: their money came in another way."""
    if not paid:
        return
    hand = {"by": "bench", "because": ""}
    given = [
        {"source": Source.OPENING, "order_id": order_id, "amount": total, "automatic": False, "at": at, **hand}
        for order_id, total, at in paid
    ]
    made = insert(Allocation).returning(Allocation.id, sort_by_parameter_order=True)
    ids = list(connection.execute(made, given).scalars())
    way = {"moved_from": Place.OPENING, "moved_to": Place.ALLOCATED}
    connection.execute(
        insert(Posting),
        [
            {"order_id": order_id, "allocation_id": allocation_id, "amount": total, "at": at, **way, **hand}
            for allocation_id, (order_id, total, at) in zip(ids, paid, strict=True)
        ],
    )
    done = [order_id for order_id, _total, _at in paid]
    connection.execute(update(Order).where(Order.id.in_(done)).values(state=OrderState.CONFIRMED))
    events = [
        {"order_id": order_id, "was": OrderState.OPEN, "became": OrderState.CONFIRMED, "at": at, **hand}
        for order_id, _total, at in paid
    ]
    connection.execute(insert(OrderEvent), events)


def write_statement(transfers: Path, out: Path, *, most: int) -> int:
    """The first ``most`` transfers of a labelled set as Agribank would write them. Answers how many."""
    balance, rows = 0, 0
    with transfers.open(encoding="utf-8", newline="") as file, out.open("w", encoding="utf-8-sig", newline="") as sheet:
        writer = csv.writer(sheet)
        writer.writerow(HEAD)
        for row in islice(csv.DictReader(file), most):
            rows += 1
            balance += int(row["amount"])
            day = date.fromisoformat(row["booked_at"][:10])
            amount, left = f"{int(row['amount']):,}", f"{balance:,}"
            writer.writerow([f"{day:%d/%m/%Y}", row["memo"], "", amount, left, row["transfer_id"]])
    return rows
