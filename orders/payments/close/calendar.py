"""The list of days, a month at a time: which days moved or are sealed, how each stands, and what waits elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.close.minute import Movement, as_they_are
from orders.payments.close.models import DaySeal
from orders.payments.close.moved.queries import brought_by
from orders.payments.close.queries import first_moves, last_moves, last_sealed_days, late_of, moved_on, seals_between
from orders.payments.close.states import DayState, Faults, faults, sealed_state, unsealed_state
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import accounts

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Line:
    """One day of one account."""

    account: BankAccount
    day: date
    state: DayState
    seal: DaySeal | None


@dataclass(frozen=True, slots=True)
class Stand:
    """How far an account is closed, and the first day that is not."""

    account: BankAccount
    sealed: date | None
    following: date | None


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month, newest first; ``shaken``: every day, whatever its month, that came open again."""

    first: date
    lines: Sequence[Line]
    stands: Sequence[Stand]
    shaken: Sequence[tuple[BankAccount, date, int]]


def month_of(session: Session, asked: str) -> Month:
    """The asked-for month, else the one in which something moved last."""
    everyone = {each.id: each for each in accounts(session)}
    first = _first(asked) or max(last_moves(session).values(), default=clock.today()).replace(day=1)
    known = faults(session)
    sealed, following = last_sealed_days(session), first_moves(session)
    return Month(
        first,
        _lines(session, first, everyone, known),
        [Stand(each, sealed.get(key), following.get(key)) for key, each in everyone.items()],
        _shaken(everyone, known),
    )


def _first(asked: str) -> date | None:
    found = _MONTH.fullmatch(asked)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _lines(session: Session, first: date, everyone: dict[int, BankAccount], known: Faults) -> list[Line]:
    last = _after(first) - timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(last.day)]
    seals = {(seal.account_id, seal.day): seal for seal in seals_between(session, first, last)}
    there = moved_on(session, days) | seals.keys()
    return [
        _line(everyone[account_id], day, seals.get((account_id, day)), known)
        for account_id, day in sorted(there, key=lambda place: (-place[1].toordinal(), place[0]))
    ]


def _line(account: BankAccount, day: date, seal: DaySeal | None, known: Faults) -> Line:
    state = sealed_state(seal, known) if seal else unsealed_state(day, account.covered_until)
    return Line(account, day, state, seal)


def _shaken(everyone: dict[int, BankAccount], known: Faults) -> list[tuple[BankAccount, date, int]]:
    many: dict[tuple[int, date], int] = {}
    for each in known.late:
        many[each.account_id, each.day] = many.get((each.account_id, each.day), 0) + each.many
    return [(everyone[key], day, count) for (key, day), count in sorted(many.items(), key=lambda place: place[0][1])]


def _after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def months(month: Month) -> tuple[date, date | None]:
    """The month before, and the one after, if it has begun."""
    after = _after(month.first)
    return (month.first - timedelta(days=1)).replace(day=1), after if after <= clock.today() else None


def late_rows(session: Session, seal: DaySeal) -> list[tuple[Movement, str]]:
    """What came in after the seal and belongs into it, with the file that told of it."""
    late = late_of(session, seal.id)
    transfers = [each.transfer_id for each in late if each.transfer_id]
    debits = [each.debit_id for each in late if each.debit_id]
    told = brought_by(session, transfers=transfers, debits=debits)
    return [(row, told.get((row["side"], row["id"]), "")) for row in as_they_are(session, transfers, debits)]
