"""Batches: all approved refunds exported together for the bank, in the columns that banks take; and cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.bulk import outdated
from kernel.changes import Doer
from kernel.errors import MarketError
from kernel.queries import among
from kernel.sheets import write_csv, write_xlsx
from kernel.text import search_key
from orders.payments.banks import AccountFault, find_bank
from orders.payments.feeds.models import BankAccount
from orders.payments.refunds.models import Refund, RefundBatch
from orders.payments.refunds.queries import (
    batch_of_attempt,
    lock_batch,
    lock_refunds_of,
    lock_to_export,
    refunds_of_batch,
)

HEADINGS = ("STT", "SO TAI KHOAN", "MA NGAN HANG (BIN)", "NGAN HANG", "TEN NGUOI HUONG", "SO TIEN", "NOI DUNG")
"""Without accents, as banks' own samples: the office puts the columns into its bank's sheet."""


class NothingToExport(MarketError):
    """Nothing is approved that was not exported."""


class CannotCancel(MarketError):
    """The batch is cancelled already, or something of it was paid."""


class Forgotten(MarketError):
    """The payees of this batch were blanked."""

    status = 410


def export(session: Session, account: BankAccount, *, attempt: str, doer: Doer) -> RefundBatch:
    """All that is approved becomes one batch, paid from ``account``. Does not commit.

    The same form sent twice, even at once, makes one batch.
    """
    wanted = lock_to_export(session)
    if made := batch_of_attempt(session, attempt):
        return made
    if not wanted:
        raise NothingToExport(_("No approved refund waits for export. Reload the page."))
    batch = RefundBatch(
        account=account,
        attempt=attempt,
        size=len(wanted),
        total=sum(amount for _id, amount in wanted),
        made_by=doer.by,
        made_at=doer.at,
    )
    session.add(batch)
    session.flush()
    mine = among(session, Refund.id, [refund_id for refund_id, _amount in wanted])
    session.execute(update(Refund).where(mine).values(batch_id=batch.id).execution_options(synchronize_session=False))
    outdated(session, Refund)
    return batch


def cancel(session: Session, batch: RefundBatch, doer: Doer) -> None:
    """Its refunds are approved and not exported again, as long as none was seen paid. Does not commit."""
    refunds = lock_refunds_of(session, batch.id)
    locked = lock_batch(session, batch.id)
    if locked is None or locked.cancelled_at:
        raise CannotCancel(_("This batch is cancelled already."))
    if any(refund.debit_id for refund in refunds):
        raise CannotCancel(
            _("A statement has shown that some of this batch was paid. Give up, one by one, what the bank did not pay.")
        )
    locked.cancelled_by, locked.cancelled_at, locked.because = doer.by, doer.at, doer.because
    for refund in refunds:
        refund.batch_id = None
    session.flush()


def as_csv(session: Session, batch: RefundBatch) -> bytes:
    return write_csv(_rows(session, batch))


def as_xlsx(session: Session, batch: RefundBatch) -> bytes:
    return write_xlsx(_rows(session, batch), sheet=f"HT {batch.id}")


def _rows(session: Session, batch: RefundBatch) -> Iterator[tuple[str | int, ...]]:
    if batch.cancelled_at:
        raise CannotCancel(_("This batch is cancelled: nobody shall pay from it. Export anew."))
    refunds = refunds_of_batch(session, batch.id)
    if any(refund.forgotten_at for refund in refunds):
        raise Forgotten(_("To whom this batch went was deleted 90 days after it was paid. The sums stay on the page."))
    yield HEADINGS
    for number, refund in enumerate(refunds, start=1):
        yield (
            number,
            refund.account,
            refund.bank_bin,
            bank_name(refund.bank_bin),
            search_key(refund.name),
            refund.amount,
            memo(refund),
        )


def memo(refund: Refund) -> str:
    """What the payee reads, and by what we find the payment in a statement."""
    return f"{refund.code} hoan tien {refund.order.code}" if refund.order else f"{refund.code} hoan tien"


def bank_name(bank_bin: str) -> str:
    try:
        return find_bank(bank_bin).short
    except AccountFault:
        return bank_bin
