"""What stands in the full city for purchase orders and settlements, in each of their states."""

from collections.abc import Sequence

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.deductions.keep import Cut, deduct
from orders.models import Order
from people.models import Supplier
from shop.models import Combo, Round
from suppliers.models import ParcelState
from suppliers.parcels import advance
from suppliers.purchase.keep import acknowledge
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import orders_of_batches
from suppliers.queries import parcels_of_batch
from suppliers.settlement.agree import agree, disagree
from suppliers.settlement.draw import Hand, Period, draw, drop
from suppliers.settlement.models import Settlement, Side
from suppliers.settlement.pay import pay
from tests import make
from tests.desk import send


def bought(combo: Combo, delivery: Round) -> dict[str, str]:
    """Two purchase orders of a supplier, one acknowledged; its settlements paid, agreed, dropped and to be agreed."""
    firm = combo.supplier
    orders = [make.paid_order(combo, delivery=delivery, phone=f"09123457{number:02d}") for number in range(4)]
    first = _sent(delivery, firm)
    acknowledge(db.session, first, by="rau", name="Nguyễn Văn Sáu", at=clock.now())
    make.paid_order(combo, delivery=delivery, phone="0912345799")
    second = _sent(delivery, firm)
    _lacks(orders[1])
    settled = _settlements(firm, first, orders)
    other = make.combo("C78", price=60_000)
    make.paid_order(other, delivery=delivery, phone="0912345798")
    put_back = _put_back(other.supplier, _sent(delivery, other.supplier))
    return {
        "waiting purchase": second.number,
        "acknowledged purchase": first.number,
        "lacking order": orders[1].token,
        "idle firm": str(make.supplier().id),
        **settled,
        "put back settlement": put_back.number,
        "put back key": str(put_back.id),
    }


def _sent(delivery: Round, firm: Supplier) -> PurchaseOrder:
    batches = [manifest.batch_id for manifest in send(db.session, delivery)]
    return next(each for each in orders_of_batches(db.session, batches).values() if each.supplier_id == firm.id)


def _lacks(order: Order) -> None:
    line = order.lines[0]
    cuts = [Cut(order.id, line.id, line.supplier_id or 0, 20_000, 1)]
    deduct(db.session, cuts, Doer("kinhte1", clock.now(), "thiếu rau muống"))


def _settlements(firm: Supplier, first: PurchaseOrder, orders: Sequence[Order]) -> dict[str, str]:
    """One after the other, each with one parcel more."""
    made = {}
    for order, name in zip(orders, ("paid", "agreed", "dropped", "drawn"), strict=True):
        parcels = parcels_of_batch(db.session, first.batch_id).values()
        parcel = next(parcel for parcel in parcels if parcel.order_id == order.id)
        advance(parcel, ParcelState.DELIVERED, by="rau", at=clock.now(), because="")
        made[name] = _drawn(firm)
        if name in ("paid", "agreed"):
            _agree(made[name])
        if name == "dropped":
            drop(db.session, made[name], _hand("sai kỳ quyết toán"))
        if name == "paid":
            debit = make.debit(made[name].net, f"TT {made[name].number}")
            pay(db.session, made[name], debit.id, _hand("nội dung ghi số bảng quyết toán"))
    make.debit(made["agreed"].net, "chuyen tien HTX")
    names = {f"{name} settlement": each.number for name, each in made.items()}
    return {**names, "agreed key": str(made["agreed"].id)}


def _put_back(firm: Supplier, order: PurchaseOrder) -> Settlement:
    (parcel,) = parcels_of_batch(db.session, order.batch_id).values()
    advance(parcel, ParcelState.DELIVERED, by="ncc", at=clock.now(), because="")
    made = _drawn(firm)
    disagree(db.session, made, Side.SUPPLIER, _hand("thiếu điểm giao số 3"), seen=1)
    return made


def _drawn(firm: Supplier) -> Settlement:
    db.session.flush()
    made = draw(db.session, firm.id, Period(clock.today(), clock.today()), _hand())
    db.session.commit()
    return made


def _agree(settlement: Settlement) -> None:
    for side in Side:
        agree(db.session, settlement, side, _hand(), seen=1)
    db.session.commit()


def _hand(because: str = "") -> Hand:
    return Hand("kinhte1", "Trần Thị Kinh", clock.now(), because)
