"""A city in which everything has happened once."""

from dataclasses import dataclass

import pytest

from kernel import clock
from kernel.changes import Doer
from orders.deductions.keep import Cut, deduct
from orders.models import Order
from orders.payments.settle import set_aside
from people.models import Role
from suppliers.complaints.models import ComplaintKind
from suppliers.models import ManifestView
from suppliers.shortages.declare import Missing, share_out
from tests import doubts, make
from tests.bank import Bank
from tests.complaints import accepted, brought, complained
from tests.desk import CLERK, pay, send


@dataclass(frozen=True)
class WholeCity:
    """``left``: an order whose goods are on their way."""

    left: Order


@pytest.fixture
def a_whole_city(session) -> WholeCity:
    bank, supplier = Bank(make.bank_account("AGR")), make.supplier("RAU")
    staff = make.staff(Role.SUPPLIER, of=supplier)
    order = make.order(make.combo(packed_by=supplier))
    paid, stray = bank.book(session, bank.statement((100_000, "mua combo"), (70_000, "tien dien")))
    pay(session, paid, order)
    set_aside(session, stray, CLERK)
    manifest = send(session, order.round)[0]
    line = order.lines[0]
    deduct(session, [Cut(order.id, line.id, supplier.id, 10_000, 1)], Doer("kinhte1", clock.now(), "fish is short"))
    assert line.combo
    item = line.combo.items[0]
    missing = Missing(item.name, item.unit, item.quantity)
    share_out(session, manifest.batch, missing, Doer("rau", clock.now(), "the boat is late"))
    brought(order)
    accepted(complained(order, kind=ComplaintKind.SPOILED), 1_000)
    session.add(ManifestView(manifest_id=manifest.id, staff_id=staff.id, form="pdf", at=clock.now()))
    make.reprice(make.combo(), 120_000)
    doubts.recorded_call()
    doubts.decided(doubts.doubt(stray), transfer_id=stray.id)
    session.commit()
    return WholeCity(order)
