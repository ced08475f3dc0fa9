"""A round that has left, with one manifest to look at."""

from dataclasses import dataclass

import pytest

from orders.models import Order
from people.models import Role, Staff
from suppliers.models import Manifest
from tests import make
from tests.desk import send
from tests.suppliers.out import out

__all__ = ["out"]  # a fixture of its own module, for all tests of suppliers

NAMES = (
    ("Nguyễn Thị Ngọc Ánh", "Dĩ An", "12/3 Lý Thường Kiệt, KP Thống Nhất 1"),
    ("Trương Vĩnh Kỳ", "Đông Hòa", "Phòng 3, nhà trọ, 220 Nguyễn An Ninh"),
    ("Đặng Quỳnh Như Ỷ", "Tân Đông Hiệp", "7 Đường số 10, KP Chiêu Liêu"),
)


@dataclass(frozen=True)
class Sent:
    """A manifest with three stops, the orders behind it, and its supplier's staff."""

    manifest: Manifest
    orders: list[Order]
    staff: Staff

    @property
    def path(self) -> str:
        return f"/suppliers/manifests/{self.manifest.number}"


@pytest.fixture
def sent(session) -> Sent:
    combo = make.combo("C02", name="Rau củ 5 món", packed_by=make.supplier("RAU"))
    delivery = make.round()
    orders = [
        make.paid_order(combo, delivery=delivery, name=name, ward=ward, address=address)
        for name, ward, address in NAMES
    ]
    manifest = send(session, delivery)[0]
    staff = make.staff(Role.SUPPLIER, of=combo.supplier)
    session.commit()
    return Sent(manifest, orders, staff)


@pytest.fixture
def driver(client, sent):
    """The supplier's own staff, signed in."""
    make.signed_in(client, sent.staff)
    return client
