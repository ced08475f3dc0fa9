"""Refunds in each of their states, batches, and debits that somebody has explained or nobody."""

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.models import Order, OrderState
from orders.payments.feeds.models import BankAccount
from orders.payments.models import DebitKind, Place, Transfer
from orders.payments.refunds import keep, seen
from orders.payments.refunds.batches import export as batches
from orders.payments.refunds.forgetting import forget
from orders.payments.refunds.models import Refund, RefundBatch
from orders.payments.refunds.payee import Payee
from shop.models import Combo, Round
from tests import make

WHO = Payee("970436", "0071000123456", "TRAN THI BUOI", "chị ấy gọi điện cho số tài khoản này")


def refunds(ours: BankAccount, combo: Combo, delivery: Round) -> dict[str, str]:
    """One of each; what is named after a tab stands in it."""
    orders = {name: _order(combo, delivery) for name in ("refunding", "refunded")}
    done = _approved(ours, order=orders["refunded"])
    paid = _export(ours, "paid")
    debit = make.debit(done.amount, f"{done.code} hoan tien", account=ours)
    seen.link(db.session, debit, done, _doer("kinhte1", "mã khoản hoàn có trong nội dung"))
    back, returned = _back(ours)
    exported = _approved(ours, order=orders["refunding"])
    stopped = _approved(ours)
    keep.stop(db.session, stopped, _doer("kinhte1", "ngân hàng báo sai tên"))
    sent = _export(ours, "sent")
    _approved(ours)
    cancelled = _export(ours, "cancelled")
    batches.cancel(db.session, cancelled, _doer("kinhte1", "nộp nhầm trang"))
    refused = _proposed(ours)
    keep.refuse(db.session, refused, _doer("kinhte2", "không đúng người"))
    made = {
        "naming": _proposed(ours, by="resident", payee=None),
        "second": _proposed(ours, by="kinhte2"),
        "own": _proposed(ours, by="kinhte1"),
        "approved": _approved(ours),
        "exported": exported,
        "done": done,
        "back": back,
        "refused": refused,
        "stopped": stopped,
        "forgotten": _forgotten(ours),
    }
    return {
        **{f"{name} refund": str(refund.id) for name, refund in made.items()},
        **{
            f"{name} batch": str(batch.id) for name, batch in (("sent", sent), ("paid", paid), ("cancelled", cancelled))
        },
        **{f"{name} order": order.token for name, order in orders.items()},
        "returned transfer": str(returned.id),
        "refunded transfer": str(done.transfer_id),
        **_debits(ours, exported, debit.id),
    }


def _order(combo: Combo, delivery: Round) -> Order:
    return make.order(combo, delivery=delivery, state=OrderState.CANCELLED, name="Bùi Thị Hoàn", phone="0912345673")


def _transfer(ours: BankAccount, memo: str = "chuyen nham hai lan") -> Transfer:
    return make.transfer(120_000, memo, account=ours)


def _proposed(
    ours: BankAccount, *, by: str = "kinhte1", payee: Payee | None = WHO, order: Order | None = None
) -> Refund:
    doer = _doer(by, "chuyển hai lần")
    return keep.propose(db.session, _transfer(ours), 120_000, doer, taken_from=Place.UNPLACED, order=order, payee=payee)


def _approved(ours: BankAccount, order: Order | None = None) -> Refund:
    refund = _proposed(ours, order=order)
    keep.approve(db.session, refund, seen=str(refund.version), doer=_doer("kinhte2"))
    return refund


def _export(ours: BankAccount, attempt: str) -> RefundBatch:
    return batches.export(db.session, ours, attempt=attempt, doer=_doer("kinhte1"))


def _back(ours: BankAccount) -> tuple[Refund, Transfer]:
    """Paid out, and given back by the bank: the money waits at the desk."""
    refund = _approved(ours)
    _export(ours, "back")
    debit = make.debit(refund.amount, refund.code, account=ours)
    seen.link(db.session, debit, refund, _doer("kinhte1", "mã khoản hoàn có trong nội dung"))
    returned = _transfer(ours, f"hoan tra {refund.code} sai so tai khoan")
    refund.returned_id, returned.by_hand = returned.id, True
    db.session.flush()
    return refund, returned


def _forgotten(ours: BankAccount) -> Refund:
    refund = _proposed(ours)
    keep.refuse(db.session, refund, _doer("kinhte2", "không đúng người"))
    forget([refund], at=clock.now())
    db.session.flush()
    return refund


def _debits(ours: BankAccount, exported: Refund, refunding: int) -> dict[str, str]:
    doubtful = make.debit(exported.amount - 1_000, f"{exported.code} hoan tien", account=ours)
    fitting = make.debit(exported.amount, "hoan tien cho dan", account=ours)
    fee = make.debit(11_000, "phi quan ly tai khoan", account=ours)
    seen.say_other(db.session, fee, DebitKind.FEE, _doer("kinhte1", "phí tháng này"))
    named = {"doubtful": doubtful.id, "fitting": fitting.id, "fee": fee.id, "refunding": refunding}
    return {f"{name} debit": str(number) for name, number in named.items()}


def _doer(by: str, because: str = "") -> Doer:
    return Doer(by, clock.now(), because)
