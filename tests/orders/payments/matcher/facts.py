"""Builders of facts: the test names what matters, the rest fits."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from orders.payments.matcher.decide import decide_all
from orders.payments.matcher.facts import Decision, OrderFacts, Status, TransferFacts
from orders.reference import new_code

NOON = datetime(2021, 8, 30, 5, 0, tzinfo=UTC)
_numbers = count(1)

LAN: dict[str, Any] = {"name": "Nguyễn Thị Lan", "phone": "0912345678", "ward": "An Bình"}
HUNG: dict[str, Any] = {"name": "Trần Văn Hùng", "phone": "0987654321", "ward": "Dĩ An"}


def order(total: int = 300_000, *, hours: float = -2, **changes: Any) -> OrderFacts:
    """Placed ``hours`` from noon, Lan's unless said otherwise."""
    placed = NOON + timedelta(hours=hours)
    facts: dict[str, Any] = {
        "code": new_code(),
        "address": "12 Cô Bắc, KP Tây A",
        "status": Status.AWAITING,
        **LAN,
        **changes,
    }
    owed = facts.pop("owed", total if facts["status"] is not Status.PAID else 0)
    return OrderFacts(total=total, owed=owed, placed_at=placed, expires_at=placed + timedelta(days=1), **facts)


def transfer(memo: str, amount: int = 300_000, *, hours: float = 0, **changes: Any) -> TransferFacts:
    """Booked ``hours`` from noon, to the second."""
    at = NOON + timedelta(hours=hours)
    number = changes.pop("id", f"T{next(_numbers):04d}")
    return TransferFacts(number, changes.pop("earliest", at), changes.pop("latest", at), amount, memo, **changes)


def noise(count_: int = 300) -> list[OrderFacts]:
    """Other people's orders: without them every name is rare and every sum unique."""
    names = ["Phạm Văn Sơn", "Lê Thị Hoa", "Nguyễn Văn Tuấn", "Võ Minh Tâm", "Nguyễn Thị Hương", "Đặng Thu Trang"]
    wards = ["Dĩ An", "Tân Bình", "Đông Hòa", "Bình An", "An Bình", "Bình Thắng"]
    return [
        order(
            (i % 7 + 1) * 100_000,
            name=names[i % 6] + " " + "ABCDEFGH"[i % 8] + "a",
            phone=f"03{i:08d}",
            ward=wards[i % 6],
        )
        for i in range(count_)
    ]


def decided(orders: list[OrderFacts], *transfers: TransferFacts) -> list[Decision]:
    return decide_all([*orders, *noise()], transfers)


def given(decision: Decision) -> dict[str, int]:
    return dict(decision.allocations)
