"""What stands in the full city of things that are missing."""

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.models import IfShort
from shop.models import Combo, Round
from shop.quantities import Unit
from suppliers.shortages import keep
from suppliers.shortages.declare import Missing, share_out
from suppliers.shortages.withdraw import withdraw
from tests import make
from tests.desk import pay, send

LONG = "Tôm thẻ chân trắng loại nhỏ, đã làm sạch, và thêm hai bó rau muống"


def short(combo: Combo, delivery: Round) -> dict[str, str]:
    """A round that has left: one shortage with a call to make, one taken back, money to be given back by hand."""
    orders = {}
    for choice in IfShort:
        order = make.order(combo, delivery=delivery, name="Nguyễn Thị Thiếu", phone="0912345677")
        order.if_short = choice
        pay(db.session, make.transfer(order.total), order)
        orders[choice.value] = order
    make.paid_order(combo, delivery=delivery, name="Trần Văn Trước")
    (manifest,) = send(db.session, delivery)
    item = next(each for each in combo.items if each.unit is Unit.GRAM)
    all_of_it, doer = 4 * item.quantity, Doer("rau", clock.now(), "ghe về muộn")
    gone = share_out(db.session, manifest.batch, Missing(item.name, item.unit, item.quantity), doer)
    withdraw(db.session, gone, by="kinhte1", at=clock.now(), because="ghe đã về")
    part = share_out(db.session, manifest.batch, Missing(item.name, item.unit, all_of_it - 100, LONG), doer)
    keep.set_price(db.session, item.name, item.unit, 90_000, Doer("kinhte1", clock.now()))
    return {
        "short manifest": manifest.number,
        "short item": next(each for each in combo.items if each is not item and each.unit is Unit.GRAM).name,
        "calling shortage": str(part.id),
        "withdrawn shortage": str(gone.id),
        **{f"short {choice} order": order.token for choice, order in orders.items()},
    }
