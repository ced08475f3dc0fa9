"""Questions about refunds: which there are, how far they got, what fits a debit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel import clock
from kernel.four_eyes import Stand
from kernel.queries import among
from orders.payments.models import Debit, DebitKind, Transfer
from orders.payments.queries import WAITS
from orders.payments.refunds.fits import Due, Out
from orders.payments.refunds.models import Refund, RefundBatch

_LIVE = Refund.stopped_at.is_(None)
_TO_EXPORT = (Refund.state == Stand.APPLIED) & Refund.batch_id.is_(None) & _LIVE
_EXPORTED = Refund.batch_id.is_not(None) & Refund.debit_id.is_(None) & _LIVE


def code_in_use(session: Session, code: str) -> bool:
    return session.scalar(select(Refund.id).where(Refund.code == code)) is not None


def lock_refunds(session: Session, refund_ids: Collection[int]) -> dict[int, Refund]:
    """These refunds with their rows locked, in the one order in which everybody locks, as they stand now.

    Whoever locks their transfers, too, has done so before.
    """
    rows = session.scalars(
        select(Refund)
        .where(among(session, Refund.id, refund_ids))
        .order_by(Refund.id)
        .with_for_update(of=Refund)
        .execution_options(populate_existing=True)
    )
    return {refund.id: refund for refund in rows}


def whose_refunds(session: Session, refund_ids: Collection[int]) -> set[tuple[int, int | None]]:
    """Of which transfers and orders these refunds are: neither ever changes."""
    rows = session.execute(select(Refund.transfer_id, Refund.order_id).where(among(session, Refund.id, refund_ids)))
    return {(transfer_id, order_id) for transfer_id, order_id in rows}


def due_refunds(session: Session) -> list[Due]:
    """Refunds that were exported and that no statement has shown. Served by a partial index."""
    rows = session.execute(
        select(
            Refund.id,
            Refund.code,
            Refund.account,
            Refund.amount,
            RefundBatch.account_id,
            RefundBatch.made_at,
        )
        .join(Refund.batch)
        .where(_EXPORTED)
        .order_by(Refund.id)
    )
    return [Due(*row[:-1], since=clock.local(row.made_at).date()) for row in rows]


def unexplained_since(session: Session, day: date) -> list[Out]:
    """Debits since that day that nobody has explained. Served by a partial index."""
    rows = session.execute(
        select(Debit.id, Debit.account_id, Debit.booked_on, Debit.amount, Debit.memo, Debit.payee_account)
        .where(Debit.kind == DebitKind.UNEXPLAINED, Debit.booked_on >= day)
        .order_by(Debit.booked_on, Debit.id)
    )
    return [Out(*row) for row in rows]


def lock_debits(session: Session, debit_ids: Collection[int]) -> dict[int, Debit]:
    """These debits with their rows locked, after their refunds, as they stand now."""
    rows = session.scalars(
        select(Debit)
        .where(among(session, Debit.id, debit_ids))
        .order_by(Debit.id)
        .with_for_update(of=Debit)
        .execution_options(populate_existing=True)
    )
    return {debit.id: debit for debit in rows}


def refund_of_debit(session: Session, debit_id: int) -> Refund | None:
    return session.scalar(select(Refund).where(Refund.debit_id == debit_id))


def lock_to_export(session: Session) -> Sequence[tuple[int, int]]:
    """Id and amount of what is approved and not exported, with the rows locked."""
    rows = session.execute(
        select(Refund.id, Refund.amount).where(_TO_EXPORT).order_by(Refund.id).with_for_update(of=Refund)
    )
    return [(refund_id, amount) for refund_id, amount in rows]


def batch_of_attempt(session: Session, attempt: str) -> RefundBatch | None:
    return session.scalar(select(RefundBatch).where(RefundBatch.attempt == attempt))


def lock_batch(session: Session, batch_id: int) -> RefundBatch | None:
    return session.scalar(
        select(RefundBatch)
        .where(RefundBatch.id == batch_id)
        .with_for_update(of=RefundBatch)
        .execution_options(populate_existing=True)
    )


def lock_refunds_of(session: Session, batch_id: int) -> Sequence[Refund]:
    """All that is in a batch, with the rows locked."""
    return session.scalars(
        select(Refund)
        .where(Refund.batch_id == batch_id)
        .order_by(Refund.id)
        .with_for_update(of=Refund)
        .execution_options(populate_existing=True)
    ).all()


def refunds_of_batch(session: Session, batch_id: int) -> Sequence[Refund]:
    """What is paid by a batch, with the orders."""
    return session.scalars(
        select(Refund).where(Refund.batch_id == batch_id, _LIVE).options(joinedload(Refund.order)).order_by(Refund.id)
    ).all()


def memos_of(session: Session, transfer_ids: Collection[int]) -> Sequence[tuple[int, str]]:
    rows = session.execute(select(Transfer.id, Transfer.memo).where(among(session, Transfer.id, transfer_ids)))
    return [(transfer_id, memo) for transfer_id, memo in rows]


def approved_by_code(session: Session, codes: Collection[str]) -> dict[str, Refund]:
    """Refunds of these codes that somebody approved, whatever became of them."""
    rows = session.scalars(
        select(Refund).where(among(session, Refund.code, codes), Refund.state == Stand.APPLIED).order_by(Refund.id)
    )
    return {refund.code: refund for refund in rows}


def over_long_ago(session: Session, moment: datetime, *, most: int) -> Sequence[Refund]:
    """Refunds over before ``moment`` whose payee still stands there, locked; but those whose money is back unplaced.

    What somebody else is at work on is left for the next time. Served by a partial index on what is not forgotten.
    """
    refused = Refund.state.in_([Stand.REFUSED, Stand.WITHDRAWN]) & (Refund.decided_at < moment)
    over = refused | (Refund.paid_at < moment) | (Refund.stopped_at < moment)
    back = Refund.returned.has(WAITS)
    return session.scalars(
        select(Refund)
        .where(Refund.forgotten_at.is_(None), over, ~back)
        .order_by(Refund.id)
        .limit(most)
        .with_for_update(of=Refund, skip_locked=True)
    ).all()
