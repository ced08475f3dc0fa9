"""Questions about days of accounts: what moved, what the bank told of it, what is sealed, what came late."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Date, bindparam, exists, func, select, union
from sqlalchemy.orm import Session, aliased, undefer

from orders.payments.close.models import DaySeal, LateMovement
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Debit, Transfer

Movement = type[Transfer] | type[Debit]


def lock_account(session: Session, account_id: int) -> BankAccount | None:
    """The account, held: nobody else closes its days, and no row is booked on it, until this transaction ends."""
    found = select(BankAccount).where(BankAccount.id == account_id).with_for_update(of=BankAccount)
    return session.scalar(found.execution_options(populate_existing=True))


_NEWER = aliased(DaySeal)
_NEWEST = ~exists().where(
    _NEWER.account_id == DaySeal.account_id, _NEWER.day == DaySeal.day, _NEWER.version > DaySeal.version
)


def seals_between(session: Session, first: date, last: date, account_id: int | None = None) -> Sequence[DaySeal]:
    """The newest seal of each day from ``first`` to ``last``, by day, without the snapshots."""
    within = select(DaySeal).where(DaySeal.day.between(first, last), _NEWEST)
    mine = within if account_id is None else within.where(DaySeal.account_id == account_id)
    return session.scalars(mine.order_by(DaySeal.day, DaySeal.account_id)).all()


def seal_of(session: Session, account_id: int, day: date, version: int | None = None) -> DaySeal | None:
    """A day's seal with all that stands in it: the newest, or that version."""
    of_day = select(DaySeal).where(DaySeal.account_id == account_id, DaySeal.day == day)
    one = of_day if version is None else of_day.where(DaySeal.version == version)
    return session.scalar(one.options(undefer(DaySeal.snapshot)).order_by(DaySeal.version.desc()).limit(1))


def seal_before(session: Session, account_id: int, day: date) -> DaySeal | None:
    """The newest seal of the last sealed day before this one, with all that stands in it."""
    earlier = select(DaySeal).where(DaySeal.account_id == account_id, DaySeal.day < day)
    newest = earlier.options(undefer(DaySeal.snapshot)).order_by(DaySeal.day.desc(), DaySeal.version.desc())
    return session.scalar(newest.limit(1))


def versions_of(session: Session, account_id: int, day: date) -> Sequence[DaySeal]:
    """Every seal of a day, newest first, without the snapshots."""
    of_day = (DaySeal.account_id == account_id) & (DaySeal.day == day)
    return session.scalars(select(DaySeal).where(of_day).order_by(DaySeal.version.desc())).all()


def last_link(session: Session, account_id: int) -> tuple[int, str]:
    """The number and hash of an account's newest seal; (0, "") where there is none."""
    newest = select(DaySeal.number, DaySeal.sha256).where(DaySeal.account_id == account_id)
    found = session.execute(newest.order_by(DaySeal.number.desc()).limit(1)).first()
    return (found[0], found[1]) if found else (0, "")


def last_sealed_days(session: Session) -> dict[int, date]:
    """Account → the last of its days that is sealed."""
    newest = select(func.max(DaySeal.day)).where(DaySeal.account_id == BankAccount.id).scalar_subquery()
    return {account_id: day for account_id, day in session.execute(select(BankAccount.id, newest)) if day}


def sealed_after(session: Session, account_id: int, day: date) -> bool:
    """Whether a later day of the account is sealed."""
    later = (DaySeal.account_id == account_id) & (DaySeal.day > day)
    return session.scalar(select(DaySeal.id).where(later).limit(1)) is not None


def all_seals(session: Session, account_id: int, after: int, *, most: int = 20) -> Sequence[DaySeal]:
    """An account's seals with all that stands in them, in the order of the chain, a few at a time."""
    further = (DaySeal.account_id == account_id) & (DaySeal.number > after)
    found = select(DaySeal).where(further).options(undefer(DaySeal.snapshot)).order_by(DaySeal.number).limit(most)
    return session.scalars(found).all()


class LateDay(NamedTuple):
    """So many rows of ``booked_on`` that the seal of ``day`` should have held and does not."""

    account_id: int
    day: date
    booked_on: date
    many: int


class Behind(NamedTuple):
    """A seal that was made when later days were sealed already: theirs rest on what it replaced."""

    account_id: int
    day: date
    number: int


def late_days(session: Session) -> list[LateDay]:
    """What came late and stands in no seal yet. It is little: whatever is sealed anew is gone from it."""
    columns = (DaySeal.account_id, DaySeal.day, LateMovement.booked_on)
    late = select(*columns, func.count()).join(DaySeal, DaySeal.id == LateMovement.seal_id).where(_NEWEST)
    return [LateDay(*row) for row in session.execute(late.group_by(*columns))]


def seals_behind(session: Session) -> list[Behind]:
    """Seals of days before others that were sealed already. Served by a partial index."""
    found = select(DaySeal.account_id, DaySeal.day, DaySeal.number).where(DaySeal.behind)
    return [Behind(*row) for row in session.execute(found)]


def late_of(session: Session, seal_id: int) -> Sequence[LateMovement]:
    """What came in after this seal and belongs into it."""
    return session.scalars(
        select(LateMovement).where(LateMovement.seal_id == seal_id).order_by(LateMovement.id).limit(1000)
    ).all()


def _moved_days(account_id: int, after: date | None, until: date) -> Any:
    spans = []
    for model in (Transfer, Debit):
        span = select(model.booked_on).where(model.account_id == account_id, model.booked_on <= until)
        spans.append(span if after is None else span.where(model.booked_on > after))
    return union(*spans)


def days_moved(session: Session, account_id: int, *, after: date | None, until: date) -> list[date]:
    """The days on which something moved, oldest first: of what is not sealed yet."""
    return sorted(session.scalars(_moved_days(account_id, after, until)))


def first_moves(session: Session) -> dict[int, date]:
    """Account → the first day after its last sealed one on which something moved. One look into each index."""
    sealed = select(func.max(DaySeal.day)).where(DaySeal.account_id == BankAccount.id).scalar_subquery()
    looked = [_edge(model, func.min, after=func.coalesce(sealed, date.min)) for model in (Transfer, Debit)]
    rows = session.execute(select(BankAccount.id, *looked))
    return {row[0]: min(filter(None, row[1:])) for row in rows if any(row[1:])}


def last_moves(session: Session) -> dict[int, date]:
    """Account → the last day on which something moved. One look into each index."""
    rows = session.execute(select(BankAccount.id, *(_edge(model, func.max) for model in (Transfer, Debit))))
    return {row[0]: max(filter(None, row[1:])) for row in rows if any(row[1:])}


def _edge(model: Movement, which: Any, after: Any = None) -> Any:
    mine = select(which(model.booked_on)).where(model.account_id == BankAccount.id)
    further = mine if after is None else mine.where(model.booked_on > after)
    return further.correlate(BankAccount).scalar_subquery()


def moved_on(session: Session, days: Collection[date]) -> set[tuple[int, date]]:
    """(account, day) for those of ``days`` on which something moved: an index is asked once for each, none is read."""
    each = _as_rows(session, days)
    moved = [
        exists().where(model.account_id == BankAccount.id, model.booked_on == each.c.value)
        for model in (Transfer, Debit)
    ]
    rows = session.execute(select(BankAccount.id, each.c.value).join(each, moved[0] | moved[1]))
    return {(account_id, _day(value)) for account_id, value in rows}


def _as_rows(session: Session, days: Collection[date]) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return func.json_each(json.dumps([day.isoformat() for day in days])).table_valued("value")
    return func.unnest(bindparam(None, [*days], type_=ARRAY(Date))).table_valued("value").render_derived()


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def seal_by_id(session: Session, seal_id: int) -> DaySeal | None:
    """One seal with all that stands in it."""
    return session.scalar(select(DaySeal).where(DaySeal.id == seal_id).options(undefer(DaySeal.snapshot)))
