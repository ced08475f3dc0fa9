"""What stands in the full city for a payment's life after the first: credit, refunds, reversals, more time."""

from datetime import timedelta

from sqlalchemy import select

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders import lifecycle
from orders.deadlines.keep import extend
from orders.models import Order
from orders.payments.credit.keep import give_back, keep, use
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Debit, Transfer
from orders.payments.reversals import take_back
from orders.payments.settle import settle
from shop.models import Combo, Round
from tests import make
from tests.bank import Bank
from tests.desk import CLERK

LONG = "HOANTRAGIAODICH" * 9


def lived(combo: Combo, delivery: Round, account: BankAccount) -> dict[str, str]:
    """Orders that got too much, money that came too late or twice, and what the bank took back."""
    orders: dict[str, Order] = {}
    transfers: dict[str, Transfer] = {}
    for number, name in enumerate(("overpaid", "credited", "refunded", "using", "lapsed", "hurried")):
        orders[name] = make.order(combo, delivery=delivery, name="Lý Thị Dừa", phone=f"09345678{number:02d}")
    make.order(combo, delivery=delivery, name="Lý Thị Dừa", phone="0934567801")
    for name, order in (("overpaying", "overpaid"), ("used", "credited"), ("refunding", "refunded")):
        transfers[name] = _paid(orders[order], combo.price * 3)
    use(db.session, transfers["used"], orders["using"], CLERK)
    give_back(db.session, transfers["refunding"], orders["refunded"], _clerk("she asked for it"))
    lifecycle.expire(db.session, orders["lapsed"], at=clock.now())
    transfers["late"] = make.transfer(combo.price, "CHUYEN TIEN MUA COMBO")
    transfers["kept"] = make.transfer(combo.price, "CHUYEN TIEN LAN HAI")
    keep(db.session, transfers["kept"], orders["using"], CLERK)
    extend(db.session, orders["hurried"], orders["hurried"].expires_at + timedelta(minutes=30), _clerk("mất điện"))
    transfers |= _taken_back(account)
    return {
        **{f"{name} order": order.token for name, order in orders.items()},
        **{f"{name} code": order.code for name, order in orders.items()},
        **{f"{name} transfer": str(transfer.id) for name, transfer in transfers.items()},
    }


def _clerk(because: str) -> Doer:
    return Doer("kinhte1", clock.now(), because)


def _paid(order: Order, amount: int) -> Transfer:
    transfer = make.transfer(amount)
    settle(db.session, transfer, {order.id: order.total}, CLERK, rest_as_credit=True)
    db.session.refresh(transfer)
    return transfer


def _taken_back(account: BankAccount) -> dict[str, Transfer]:
    """One that the bank took back, and one that it may have, by debits whose words have no end."""
    bank = Bank(account)
    named = {"reversible": 41_000, "reversed": 42_000}
    made = bank.book(db.session, bank.statement(*((amount, "mua combo") for amount in named.values())))
    bank.book(db.session, bank.statement(*((-amount, LONG) for amount in named.values())))
    debit = db.session.scalars(select(Debit).where(Debit.amount == named["reversed"])).one()
    take_back(db.session, made[1], debit, CLERK)
    return dict(zip(named, made, strict=True))
