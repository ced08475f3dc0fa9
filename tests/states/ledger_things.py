"""Money on its way: a transfer over orders, credit and what is to be paid back; one over many orders; a sealed day."""

from kernel.chain.seal import seal
from kernel.database import db
from orders.models import Order
from orders.payments import ledger
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Place, Transfer
from orders.payments.settle import settle, undo
from shop.models import Combo, Round
from tests import make
from tests.bank import Bank
from tests.desk import CLERK

Things = dict[str, str]


def ways(combo: Combo, delivery: Round, account: BankAccount) -> Things:
    """Transfers in all places; the caller commits."""
    orders = [make.order(combo, delivery=delivery, name=f"Đỗ Thị Cà {number}") for number in range(13)]
    split, second, many = make.transfer(400_000, "do thi ca"), make.transfer(100_000), make.transfer(2_000_000)
    _settle(split, {orders[0]: 50_000, orders[1]: 60_000}, rest_as_credit=True)
    undo(db.session, split, CLERK)
    _settle(split, {orders[0]: 50_000, orders[1]: 60_000}, rest_as_credit=True)
    _settle(second, {orders[0]: 10_000, orders[2]: 20_000}, rest_as_credit=False)
    _settle(many, {order: order.total - 1_000 for order in orders[3:]}, rest_as_credit=True)
    ledger.move(db.session, split, 30_000, CLERK, moved_from=Place.CREDIT, moved_to=Place.REFUND_DUE)
    ledger.move(db.session, split, 10_000, CLERK, moved_from=Place.REFUND_DUE, moved_to=Place.REFUNDED)
    bank = Bank(account)
    bank.book(db.session, bank.statement((-75_000, "tra lai tien"), (90_000, "mua rau")))
    for _step in seal(db.session):
        pass
    return {
        "split transfer": str(split.id),
        "many-part transfer": str(many.id),
        "shared code": orders[0].code,
        "split account": str(split.account_id),
        "ledger account": str(account.id),
    }


def _settle(transfer: Transfer, shares: dict[Order, int], *, rest_as_credit: bool) -> None:
    wanted = {order.id: amount for order, amount in shares.items()}
    settle(db.session, transfer, wanted, CLERK, rest_as_credit=rest_as_credit)
    db.session.refresh(transfer)
