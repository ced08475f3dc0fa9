"""A round with something missing, short enough for a test to read as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.models import IfShort, Order
from orders.payments.models import Transfer
from people.models import Supplier
from shop.models import Round
from shop.quantities import Unit
from suppliers.models import Batch, Manifest
from suppliers.shortages.declare import Missing
from suppliers.shortages.declare import share_out as declared
from suppliers.shortages.models import Rule, SharingRule, Shortage
from suppliers.shortages.queries import first_manifest
from tests import make
from tests.desk import pay, send

FISH = "cá nục"
ITEMS = (f"{FISH} 0,5 kg", "trứng gà 10 quả", "rau muống 0,3 kg", "gạo 2 kg")


@dataclass(frozen=True)
class Town:
    """Households that paid one after the other, and what has left for them."""

    supplier: Supplier
    orders: Sequence[Order]
    transfers: Sequence[Transfer]
    batch: Batch

    @property
    def manifest(self) -> Manifest:
        return first_manifest(db.session, self.batch.id)


def town(*choices: IfShort, rule: Rule = Rule.PAYMENT, price: int = 100_000, quantity: int = 2) -> Town:
    """A household for each choice; the first paid first. Each has ``quantity`` combos with half a kilogram of fish."""
    share_out(rule)
    supplier, delivery = make.supplier("CA"), make.round()
    combo = make.combo("C01", price=price, packed_by=supplier, items=ITEMS)
    orders, transfers = [], []
    for number, choice in enumerate(choices, start=1):
        order = make.order(*[combo] * quantity, delivery=delivery, name=f"Hộ Thứ {number}", phone=f"091234500{number}")
        order.if_short = choice
        at = clock.now() + timedelta(minutes=number)
        transfer = make.transfer(order.total, at=at)
        pay(db.session, transfer, order)
        orders.append(order)
        transfers.append(transfer)
    return Town(supplier, orders, transfers, left(delivery))


def left(delivery: Round) -> Batch:
    """The round leaves with one supplier."""
    (manifest,) = send(db.session, delivery)
    return manifest.batch


def share_out(rule: Rule) -> None:
    db.session.get_one(SharingRule, 1).rule = rule
    db.session.flush()


def missing(
    town: Town,
    quantity: int,
    *,
    item: str = FISH,
    unit: Unit = Unit.GRAM,
    instead: str = "",
    attempt: str | None = None,
    seen: str | None = None,
) -> Shortage:
    """The supplier declares it, and it is written."""
    what, doer = Missing(item, unit, quantity, instead), Doer("ca", clock.now(), "ghe về muộn")
    shortage = declared(db.session, town.batch, what, doer, attempt=attempt, seen=seen)
    db.session.commit()
    return shortage
