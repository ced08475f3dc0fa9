"""A round that has left with two suppliers, one of whose combos was sold at two prices."""

from dataclasses import dataclass

import pytest

from kernel.database import db
from orders.models import Order
from people.models import Role, Staff, Supplier
from shop.models import Combo, Round
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import waiting_orders
from tests import make
from tests.desk import send

NAMES = ("Nguyễn Thị Ngọc Ánh", "Trương Vĩnh Kỳ", "Đặng Quỳnh Như Ỷ", "Lê Văn Khế")
PHONES = ("0912345001", "0912345002", "0912345003", "0912345004")
STREETS = ("12/3 Hẻm Hoa Sữa", "220 Nguyễn An Ninh", "7 Đường Chiêu Liêu", "9 Bế Văn Đàn")


@dataclass(frozen=True)
class Bought:
    """What was ordered, of whom, and who signs in for them."""

    delivery: Round
    combos: dict[str, Combo]
    orders: list[Order]
    purchases: dict[str, PurchaseOrder]
    staff: dict[str, Staff]

    def of(self, code: str) -> PurchaseOrder:
        return self.purchases[code]

    def path(self, code: str) -> str:
        return f"/suppliers/orders/{self.of(code).number}"


@pytest.fixture
def bought(session, stopped_clock) -> Bought:
    """RAU packs two combos, one of them at two prices; THIT packs one, in an order with RAU's."""
    firms = {code: make.supplier(code) for code in ("RAU", "THIT")}
    combos = {
        "C01": make.combo("C01", price=100_000, packed_by=firms["RAU"], name="Rau củ 5 món"),
        "C02": make.combo("C02", price=55_000, packed_by=firms["RAU"], name="Chay", items=["đậu hũ 3 miếng"]),
        "C03": make.combo("C03", price=250_000, packed_by=firms["THIT"], name="Thịt heo", items=["thịt heo 1,25 kg"]),
    }
    delivery = make.round()
    picked = (("C01",), ("C01", "C03"), ("C02", "C03"))
    orders = [_order(delivery, combos, codes, number) for number, codes in enumerate(picked)]
    make.reprice(combos["C01"], 108_000)
    orders.append(_order(delivery, combos, ("C01", "C02"), 3))
    send(session, delivery)
    return Bought(delivery, combos, orders, _placed(), _staff(firms))


def _order(delivery: Round, combos: dict[str, Combo], codes: tuple[str, ...], number: int) -> Order:
    who = {"name": NAMES[number], "phone": PHONES[number], "address": STREETS[number]}
    return make.paid_order(*(combos[code] for code in codes), delivery=delivery, **who)


def _placed() -> dict[str, PurchaseOrder]:
    return {each.supplier.code: each for each in waiting_orders(db.session)}


def _staff(firms: dict[str, Supplier]) -> dict[str, Staff]:
    found = {code: make.staff(Role.SUPPLIER, of=firm) for code, firm in firms.items()}
    db.session.commit()
    return found
