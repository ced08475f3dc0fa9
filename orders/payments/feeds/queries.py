"""Questions about the banks' feeds: whose accounts, what they told, up to when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.four_eyes import Stand
from kernel.queries import among
from orders.payments.accounts.models import ReceivingChange
from orders.payments.feeds.models import BankAccount, ImportState, InboundMessage, StatementImport
from orders.payments.models import Debit, DebitKind, Proposal, Transfer
from orders.payments.queries import WAITS
from orders.payments.refunds.models import Refund


def accounts(session: Session) -> Sequence[BankAccount]:
    return session.scalars(select(BankAccount).order_by(BankAccount.id)).all()


def receiving_account(session: Session) -> BankAccount | None:
    """The account that residents are asked to pay to."""
    return session.scalar(select(BankAccount).where(BankAccount.receives))


def account_at(session: Session, bank_code: str, number: str) -> BankAccount | None:
    same = (BankAccount.bank_code == bank_code) & (BankAccount.number == number)
    return session.scalar(select(BankAccount).where(same))


def lock_accounts(session: Session) -> Sequence[BankAccount]:
    """Every account as it stands, held: which one receives does not change meanwhile."""
    found = select(BankAccount).order_by(BankAccount.id).with_for_update(of=BankAccount)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def waiting_receiver(session: Session) -> ReceivingChange | None:
    """The change of the receiving account that waits for a second person."""
    return session.scalar(select(ReceivingChange).where(ReceivingChange.state == Stand.PROPOSED))


def decided_receivers(session: Session, *, most: int = 20) -> Sequence[ReceivingChange]:
    decided = ReceivingChange.state != Stand.PROPOSED
    return session.scalars(select(ReceivingChange).where(decided).order_by(ReceivingChange.id.desc()).limit(most)).all()


def covered_until(session: Session) -> datetime | None:
    """Up to when the feed of every account in use has told everything; None if one has told nothing yet."""
    moments = session.scalars(select(BankAccount.covered_until).where(BankAccount.active)).all()
    known = [moment for moment in moments if moment is not None]
    return min(known) if known and len(known) == len(moments) else None


def known_identities(
    session: Session, account_id: int, identities: Collection[str], *, of: type[Transfer | Debit] = Transfer
) -> dict[str, int]:
    """Identity → transfer (or debit), for those that are booked already."""
    rows = session.execute(
        select(of.identity, of.id).where(of.account_id == account_id, among(session, of.identity, identities))
    )
    return {row.identity: row.id for row in rows}


def statement_imports(session: Session, *, most: int = 50) -> Sequence[StatementImport]:
    done = StatementImport.state != ImportState.DROPPED
    return session.scalars(select(StatementImport).where(done).order_by(StatementImport.id.desc()).limit(most)).all()


def unfinished(session: Session, account_id: int) -> Sequence[StatementImport]:
    """Imports whose booking has begun and has not come to its end, oldest first."""
    running = (StatementImport.account_id == account_id) & (StatementImport.state == ImportState.BOOKING)
    return session.scalars(select(StatementImport).where(running).order_by(StatementImport.id)).all()


def last_statements(session: Session) -> dict[int, StatementImport]:
    """Account → the statement that was booked last."""
    newest = (
        select(func.max(StatementImport.id))
        .where(StatementImport.state == ImportState.BOOKED)
        .group_by(StatementImport.account_id)
    )
    rows = session.scalars(select(StatementImport).where(StatementImport.id.in_(newest)))
    return {statement.account_id: statement for statement in rows}


def messages_of(session: Session, statement_id: int) -> Sequence[InboundMessage]:
    return session.scalars(
        select(InboundMessage).where(InboundMessage.statement_id == statement_id).order_by(InboundMessage.row)
    ).all()


def under_way(session: Session, statement_id: int) -> Row[int, str, str, int, int, str, str] | None:
    """How far a statement is that is being booked, without its content: who waits asks every other second."""
    found = select(
        StatementImport.id,
        StatementImport.filename,
        StatementImport.phase,
        StatementImport.phase_done,
        StatementImport.phase_total,
        BankAccount.bank_code,
        BankAccount.number,
    ).join(StatementImport.account)
    running = (StatementImport.id == statement_id) & (StatementImport.state == ImportState.BOOKING)
    return session.execute(found.where(running)).first()


def brought(session: Session, statement_id: int) -> dict[str, int]:
    """What became of the transfers that a statement brought: how many are placed, how many wait, by their verdict."""
    told = select(InboundMessage.transfer_id).where(InboundMessage.statement_id == statement_id)
    rows = session.execute(
        select(WAITS, Proposal.verdict, func.count())
        .select_from(Transfer)
        .join(Transfer.proposal, isouter=True)
        .where(Transfer.id.in_(told))
        .group_by(WAITS, Proposal.verdict)
    ).all()
    found = Counter[str]()
    for waiting, verdict, many in rows:
        found[(verdict.value if verdict else "undecided") if waiting else "placed"] += many
        found["waiting"] += many if waiting else 0
    return found


_SHORTEST = 5
"""A bank's number with fewer signs stands in many a memo by chance."""


def unexplained_debits(
    session: Session, *, since: datetime, statement_id: int | None = None, most: int = 1000
) -> Sequence[Debit]:
    """Money that went out since then and that nobody has explained, the newest first. Served by a partial index."""
    found = select(Debit).where(Debit.kind == DebitKind.UNEXPLAINED, Debit.booked_on >= clock.local(since).date())
    if statement_id is not None:
        told = select(InboundMessage.debit_id).where(
            InboundMessage.statement_id == statement_id, InboundMessage.debit_id.is_not(None)
        )
        found = found.where(Debit.id.in_(told))
    return session.scalars(found.order_by(Debit.booked_on.desc(), Debit.id.desc()).limit(most)).all()


def fitting_reversals(
    session: Session, debit_ids: Collection[int], reaching_back: timedelta
) -> Sequence[tuple[int, int]]:
    """(debit, transfer): the same account and sum, not long before, and the transfer's number is in the debit's words.

    Served by the index on account and day.
    """
    words = Debit.memo + " " + Debit.reference
    named = (func.length(Transfer.reference) >= _SHORTEST) & (func.replace(words, Transfer.reference, "") != words)
    rows = session.execute(
        select(Debit.id, Transfer.id)
        .join(Transfer, (Transfer.account_id == Debit.account_id) & (Transfer.amount == Debit.amount))
        .where(among(session, Debit.id, debit_ids), named, Transfer.booked_on <= Debit.booked_on)
        .where(Transfer.booked_on >= _earliest(session, debit_ids, reaching_back))
        .where(Transfer.id.not_in(select(Debit.reverses_id).where(Debit.reverses_id.is_not(None))))
        .order_by(Debit.id, Transfer.id)
    )
    return [(row[0], row[1]) for row in rows]


def _earliest(session: Session, debit_ids: Collection[int], reaching_back: timedelta) -> date:
    first = session.scalar(select(func.min(Debit.booked_on)).where(among(session, Debit.id, debit_ids)))
    return (first or clock.today()) - reaching_back


def debits_like(session: Session, transfer: Transfer, *, most: int = 5) -> Sequence[Debit]:
    """Unexplained debits of a transfer's account and sum, not before it: what may have taken it back."""
    same = (Debit.account_id == transfer.account_id) & (Debit.amount == transfer.amount)
    later = (Debit.booked_on >= transfer.booked_on) & (Debit.kind == DebitKind.UNEXPLAINED)
    return session.scalars(select(Debit).where(same, later).order_by(Debit.booked_on, Debit.id).limit(most)).all()


def debit_reversing(session: Session, transfer_id: int) -> Debit | None:
    """By which debit the bank took a transfer back."""
    return session.scalar(select(Debit).where(Debit.reverses_id == transfer_id))


def refunds_under_way(session: Session, transfer_id: int) -> Sequence[Refund]:
    """Refunds of a transfer that are proposed or approved, and not paid yet."""
    open_still = Refund.state.in_((Stand.PROPOSED, Stand.APPLIED)) & Refund.stopped_at.is_(None)
    mine = (Refund.transfer_id == transfer_id) & Refund.debit_id.is_(None)
    return session.scalars(select(Refund).where(mine, open_still).order_by(Refund.id)).all()


class LastStatement(NamedTuple):
    """An account in use, when its newest statement was booked, and how far its feed reaches."""

    account_id: int
    bank_code: str
    number: str
    covered_until: datetime | None
    booked_at: datetime | None


def last_statements_in(session: Session) -> list[LastStatement]:
    """Of every account in use. The statements' content is not looked at."""
    booked = (
        select(func.max(StatementImport.booked_at))
        .where(StatementImport.account_id == BankAccount.id, StatementImport.state == ImportState.BOOKED)
        .scalar_subquery()
    )
    columns = (BankAccount.id, BankAccount.bank_code, BankAccount.number, BankAccount.covered_until, booked)
    rows = session.execute(select(*columns).where(BankAccount.active).order_by(BankAccount.id))
    return [LastStatement(*row) for row in rows]
