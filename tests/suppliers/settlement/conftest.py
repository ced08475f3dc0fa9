"""A round of two suppliers that has left, and what became of its parcels at the door."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.deductions.keep import Cut, deduct
from orders.models import Order
from people.models import Role, Staff, Supplier
from shop.models import Combo
from suppliers.models import Parcel, ParcelState
from suppliers.parcels import mark
from suppliers.queries import parcels_of_order
from suppliers.settlement.agree import agree
from suppliers.settlement.draw import Hand, Period, draw
from suppliers.settlement.models import Settlement, Side
from tests import make
from tests.desk import send

NAMES = ("Nguyễn Thị Ngọc Ánh", "Trương Vĩnh Kỳ", "Đặng Quỳnh Như Ỷ", "Lê Văn Khế", "Hồ Thị Sim")
STREETS = ("12/3 Hẻm Hoa Sữa", "220 Nguyễn An Ninh", "7 Đường Chiêu Liêu", "9 Bế Văn Đàn", "31 Trần Hưng Đạo")
PHONES = tuple(f"09123450{number:02d}" for number in range(len(NAMES)))
DELIVERED, FAILED, ON_ITS_WAY = ParcelState.DELIVERED, ParcelState.FAILED, ParcelState.DISPATCHED


@dataclass
class Street:
    """Five orders: all of RAU's greens, the last two of THIT's meat besides."""

    firms: dict[str, Supplier]
    combos: dict[str, Combo]
    orders: list[Order]
    staff: dict[str, Staff] = field(default_factory=dict)

    def parcel(self, number: int, code: str = "RAU") -> Parcel:
        found = parcels_of_order(db.session, self.orders[number].id)
        return next(each for each in found if each.supplier_id == self.firms[code].id)

    def becomes(self, number: int, to: ParcelState, code: str = "RAU", because: str = "nobody home") -> None:
        """At the door, now."""
        mark(db.session, self.parcel(number, code), to, by=code.lower(), at=clock.now(), because=because)
        db.session.commit()

    def lacks(self, number: int, amount: int, code: str = "RAU") -> None:
        """``amount`` đồng of the order's line of this supplier were not handed over."""
        order = self.orders[number]
        line = next(line for line in order.lines if line.supplier_id == self.firms[code].id)
        doer = Doer("kinhte1", clock.now(), "fish is short")
        deduct(db.session, [Cut(order.id, line.id, self.firms[code].id, amount, 1)], doer)
        db.session.commit()

    def drawn(self, code: str = "RAU", *, days: int = 6) -> Settlement:
        """The supplier's next settlement, of today and so many days before."""
        today = clock.today()
        period = Period(today.fromordinal(today.toordinal() - days), today)
        made = draw(db.session, self.firms[code].id, period, hand("kinhte1", "Mận"))
        db.session.commit()
        return made

    def agreed(self, settlement: Settlement) -> Settlement:
        """Both sides agree to it as it stands."""
        agree(db.session, settlement, Side.OFFICE, hand("kinhte1", "Chị Mận"), seen=settlement.version)
        agree(db.session, settlement, Side.SUPPLIER, hand("rau", "Anh Sáu"), seen=settlement.version)
        db.session.commit()
        return settlement

    def settled(self, code: str = "RAU") -> Settlement:
        return self.agreed(self.drawn(code))


def hand(by: str = "kinhte1", name: str = "Mận", because: str = "") -> Hand:
    return Hand(by, name, clock.now(), because)


@pytest.fixture
def street(session, stopped_clock) -> Street:
    firms = {code: make.supplier(code) for code in ("RAU", "THIT")}
    combos = {
        "C01": make.combo("C01", price=100_000, packed_by=firms["RAU"], name="Rau củ 5 món"),
        "C03": make.combo("C03", price=250_001, packed_by=firms["THIT"], name="Thịt heo", items=["thịt heo 1,25 kg"]),
    }
    delivery = make.round()
    picked = (("C01",), ("C01",), ("C01",), ("C01", "C03"), ("C01", "C03"))
    orders = []
    for number, codes in enumerate(picked):
        if number == 2:
            make.reprice(combos["C01"], 109_999)
        who = {"name": NAMES[number], "phone": PHONES[number], "address": STREETS[number]}
        orders.append(make.paid_order(*(combos[code] for code in codes), delivery=delivery, **who))
    send(session, delivery)
    staff = {code: make.staff(Role.SUPPLIER, of=firm) for code, firm in firms.items()}
    session.commit()
    stopped_clock.forward(hours=24)
    return Street(firms, combos, orders, staff)


@pytest.fixture
def asked():
    """How many statements something takes."""

    def count(act: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    return count
