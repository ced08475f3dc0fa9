"""A refund's steps, short enough for a test to read as a sentence."""

from secrets import token_urlsafe

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.models import Order
from orders.payments.feeds.queries import receiving_account
from orders.payments.models import Debit, Place, Transfer
from orders.payments.refunds import keep, seen
from orders.payments.refunds.batches import export as batches
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from tests import make

BUOI = Payee("970436", "0071000123456", "TRAN THI BUOI", "asked for on the phone")


def one(by: str = "kinhte1", because: str = "paid twice") -> Doer:
    return Doer(by, clock.now(), because)


def two(by: str = "kinhte2", because: str = "") -> Doer:
    return Doer(by, clock.now(), because)


def known(amount: int = 100_000, memo: str = "CHUYEN TIEN") -> Transfer:
    """A transfer whose bank told whole who paid."""
    return make.transfer(
        amount, memo, payer_name="TRAN THI BUOI", payer_account="0071000123456", bank_hint="Vietcombank"
    )


def proposed(
    transfer: Transfer | None = None,
    amount: int = 0,
    *,
    by: str = "kinhte1",
    payee: Payee | None = BUOI,
    order: Order | None = None,
    taken_from: Place = Place.UNPLACED,
) -> Refund:
    """All that lies unplaced in the transfer, or ``amount`` of it, shall go back."""
    transfer = transfer or make.transfer()
    amount = amount or transfer.unplaced
    return keep.propose(db.session, transfer, amount, one(by), taken_from=taken_from, order=order, payee=payee)


def approved(*args: Transfer, **about: object) -> Refund:
    refund = proposed(*args, **about)  # type: ignore[arg-type]
    keep.approve(db.session, refund, seen=str(refund.version), doer=two())
    db.session.commit()
    return refund


def exported(*args: Transfer, **about: object) -> Refund:
    """A refund of its own batch, with whatever else waits for export."""
    refund = approved(*args, **about)
    ours = receiving_account(db.session) or make.bank_account()
    batches.export(db.session, ours, attempt=token_urlsafe(8), doer=one())
    db.session.commit()
    return refund


def paid(refund: Refund) -> Debit:
    """A statement has shown it."""
    debit = make.debit(refund.amount, refund.code)
    seen.link(db.session, debit, refund, one(because="its code"))
    db.session.commit()
    return debit
