"""Questions about what moved on a day: every transfer and debit with its place, and what statements told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Row, case, cast, exists, select
from sqlalchemy.orm import Session, aliased

from kernel.queries import among
from orders.models import Order
from orders.payments.feeds.models import ImportState, InboundMessage, Outcome, StatementImport
from orders.payments.feeds.statement import Direction
from orders.payments.models import Allocation, Debit, DeskEvent, Transfer

Movement = type[Transfer] | type[Debit]


def _of_day(model: Movement, account_id: int, day: date) -> ColumnElement[bool]:
    return (model.account_id == account_id) & (model.booked_on == day)


_REVERSAL = aliased(Allocation)
_STANDS = (Allocation.amount > 0) & ~exists().where(_REVERSAL.reverses_id == Allocation.id)
_PLACED: Any = select(
    Transfer.id,
    Transfer.earliest,
    Transfer.latest,
    Transfer.booked_on,
    Transfer.amount,
    Transfer.reference,
    Transfer.memo,
    Transfer.payer_name,
    Transfer.unplaced,
    Transfer.allocated,
    Transfer.credit,
    Transfer.refund_due,
    Transfer.refunded,
    Transfer.set_aside,
    Order.code,
    Allocation.amount.label("share"),
)


def _placed() -> Any:
    """Transfers with what they pay, one row for each order: in one statement, so that both are of one moment."""
    given = _PLACED.select_from(Transfer).outerjoin(Allocation, (Allocation.transfer_id == Transfer.id) & _STANDS)
    return given.outerjoin(Order, Order.id == Allocation.order_id)


def came_in(session: Session, account_id: int, day: date) -> Sequence[Row[Any]]:
    """The transfers of a day in the order of their booking, one row for each order that they pay."""
    of_day = _placed().where(_of_day(Transfer, account_id, day))
    return session.execute(of_day.order_by(Transfer.likely_at, Transfer.id, Allocation.id)).all()


def as_they_stand(session: Session, transfer_ids: Collection[int]) -> Sequence[Row[Any]]:
    """The same of these transfers, whatever their day."""
    these = _placed().where(among(session, Transfer.id, transfer_ids))
    return session.execute(these.order_by(Transfer.booked_on, Transfer.id, Allocation.id)).all()


def reasons_aside(session: Session, account_id: int, day: date) -> dict[int, str]:
    """Transfer → why it was set aside, of those of a day that still are."""
    aside = _of_day(Transfer, account_id, day) & Transfer.set_aside & (Transfer.unplaced > 0)
    return _reasons(session, aside)


def reasons_of(session: Session, transfer_ids: Collection[int]) -> dict[int, str]:
    """The same of these transfers."""
    return _reasons(session, among(session, Transfer.id, transfer_ids))


def _reasons(session: Session, which: ColumnElement[bool]) -> dict[int, str]:
    events = (
        select(DeskEvent.transfer_id, DeskEvent.because)
        .join(Transfer, Transfer.id == DeskEvent.transfer_id)
        .where(which, DeskEvent.what == "set aside")
        .order_by(DeskEvent.id)
    )
    return {row.transfer_id: row.because for row in session.execute(events)}


_OUT: Any = select(
    Debit.id,
    Debit.booked_on,
    Debit.earliest,
    Debit.latest,
    Debit.amount,
    Debit.reference,
    Debit.memo,
    Debit.payee_name,
    Debit.kind,
    Debit.because,
)


def went_out(session: Session, account_id: int, day: date) -> Sequence[Row[Any]]:
    """The money that left an account on a day."""
    return session.execute(_OUT.where(_of_day(Debit, account_id, day)).order_by(Debit.earliest, Debit.id)).all()


def debits_as_they_stand(session: Session, debit_ids: Collection[int]) -> Sequence[Row[Any]]:
    return session.execute(_OUT.where(among(session, Debit.id, debit_ids)).order_by(Debit.booked_on, Debit.id)).all()


class Told(NamedTuple):
    """One row of a statement about a day: what it adds to the account, and the balance after it."""

    statement_id: int
    row: int
    signed: int
    balance: int | None


class StatementSays(NamedTuple):
    """A booked statement's own words: its period and balances (dates in ISO form), and the days of its ends."""

    id: int
    filename: str
    covers_until: datetime | None
    period_from: str | None
    period_to: str | None
    opening: int | None
    closing: int | None
    first: str | None
    last: str | None


_TOLD = StatementImport.id == InboundMessage.statement_id


def told_of(session: Session, account_id: int, day: date) -> list[Told]:
    """Every row that any booked statement has of the movements of this day."""
    booked = StatementImport.state == ImportState.BOOKED
    balance = cast(InboundMessage.raw["balance"].as_string(), BigInteger).label("balance")
    found: list[Told] = []
    for model, sign in ((Transfer, 1), (Debit, -1)):
        link = InboundMessage.transfer_id if model is Transfer else InboundMessage.debit_id
        rows = select(InboundMessage.statement_id, InboundMessage.row, (model.amount * sign).label("signed"), balance)
        joined = (
            rows.select_from(InboundMessage)
            .join(model, model.id == link)
            .join(StatementImport, StatementImport.id == InboundMessage.statement_id)
        )
        found += [Told(*row) for row in session.execute(joined.where(_of_day(model, account_id, day), booked))]
    return found + _in_doubt(session, {each.statement_id for each in found}, day)


def _in_doubt(session: Session, statement_ids: Collection[int], day: date) -> list[Told]:
    """Rows of the day that wait in quarantine: no movements yet, but their balances count."""
    raw = InboundMessage.raw
    amount, balance = (cast(raw[name].as_string(), BigInteger) for name in ("amount", "balance"))
    signed = case((raw["direction"].as_string() == Direction.IN.value, amount), else_=-amount)
    waits = (InboundMessage.outcome == Outcome.QUARANTINED) & (raw["booked_on"].as_string() == day.isoformat())
    rows = select(InboundMessage.statement_id, InboundMessage.row, signed, balance)
    theirs = rows.where(among(session, InboundMessage.statement_id, statement_ids), waits)
    return [Told(*row) for row in session.execute(theirs)]


def statements_that_say(session: Session, statement_ids: Collection[int]) -> dict[int, StatementSays]:
    """What these statements say of themselves, read out of their content without loading it."""
    content = StatementImport.content
    columns = (
        StatementImport.id,
        StatementImport.filename,
        StatementImport.covers_until,
        content["period_from"].as_string(),
        content["period_to"].as_string(),
        cast(content["opening"].as_string(), BigInteger),
        cast(content["closing"].as_string(), BigInteger),
        _end(InboundMessage.row.asc()),
        _end(InboundMessage.row.desc()),
    )
    rows = session.execute(select(*columns).where(among(session, StatementImport.id, statement_ids)))
    return {row[0]: StatementSays(*row) for row in rows}


def _end(order: Any) -> Any:
    """The day of a statement's first or last row."""
    ends = select(InboundMessage.raw["booked_on"].as_string()).where(InboundMessage.statement_id == StatementImport.id)
    return ends.order_by(order).limit(1).correlate(StatementImport).scalar_subquery()


def brought_by(session: Session, *, transfers: Collection[int], debits: Collection[int]) -> dict[tuple[str, int], str]:
    """("in" or "out", movement) → the file that told of it first."""
    found: dict[tuple[str, int], str] = {}
    for side, link, ids in (("in", InboundMessage.transfer_id, transfers), ("out", InboundMessage.debit_id, debits)):
        told = (
            select(link, StatementImport.filename)
            .select_from(InboundMessage)
            .join(StatementImport, _TOLD)
            .where(among(session, link, ids))
        )
        rows = session.execute(told.order_by(InboundMessage.id.desc()))
        found |= {(side, movement): filename for movement, filename in rows if movement is not None}
    return found
