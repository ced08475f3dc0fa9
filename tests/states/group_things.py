"""Groups of the cities of states: one in each state, drafts on the way, a transfer whose sum is wrong."""

from kernel import clock
from kernel.database import db
from office.retention.forget import forget, forget_leaders
from orders import lifecycle
from orders.groups.queries import orders_of
from orders.models import Order, OrderGroup
from orders.payments.feeds.models import BankAccount
from orders.payments.reconcile import reconcile
from orders.payments.settle import settle
from shop.models import Combo, Round
from tests import make
from tests.bank import Bank
from tests.desk import CLERK

NAMES = ("open", "part-paid", "paid", "ended", "forgotten")


def grouped(account: BankAccount, combos: tuple[Combo, ...], delivery: Round) -> dict[str, str]:
    """Everything about groups, under the names of the table."""
    made = {name: make.group(*combos, delivery=delivery) for name in NAMES}
    orders = {name: list(orders_of(db.session, group.code)) for name, group in made.items()}
    _pay(orders["part-paid"][:1])
    _pay(orders["paid"])
    _end(orders["ended"] + orders["forgotten"])
    forget(db.session, orders["forgotten"], at=clock.now())
    forget_leaders([made["forgotten"]], at=clock.now())
    tokens = {f"{name} group": group.token for name, group in made.items()}
    codes = {f"{name} group code": group.code for name, group in made.items()}
    first = orders["open"][0]
    transfer = _wrong_sum(account, made["open"])
    return {
        **tokens,
        **codes,
        **_drafts(combos, delivery),
        "grouped order": first.token,
        "grouped code": first.code,
        "grouped transfer": transfer,
    }


def _pay(orders: list[Order]) -> None:
    for order in orders:
        transfer = make.transfer(order.total, order.code)
        settle(db.session, transfer, {order.id: order.total}, CLERK, rest_as_credit=False)


def _end(orders: list[Order]) -> None:
    for order in orders:
        lifecycle.cancel(db.session, order, by="leader", at=clock.now(), because="cancelled on its page")


def _wrong_sum(account: BankAccount, group: OrderGroup) -> str:
    bank = Bank(account)
    (transfer,) = bank.book(db.session, bank.statement((orders_of(db.session, group.code)[0].total, group.code)))
    for _progress in reconcile(db.session, at=clock.now(), only=[transfer.id]):
        db.session.commit()
    return str(transfer.id)


def _drafts(combos: tuple[Combo, ...], delivery: Round) -> dict[str, str]:
    gone = make.combo("C88", name="Combo hết bán")
    drafts = {
        "filled": make.group_draft(delivery, *combos),
        "empty": make.group_draft(delivery, *combos, many=0),
        "full": make.group_draft(delivery, *combos, many=50),
        "gone": make.group_draft(delivery, gone, many=2),
    }
    gone.on_sale = False
    tokens = {f"{name} draft": draft.token for name, draft in drafts.items()}
    return {**tokens, "neighbour": str(drafts["filled"].neighbours[0].id)}
