"""How each day of an account stands: not covered yet, ready, sealed, reopened by late rows, or after such a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from orders.payments.close.models import DaySeal
from orders.payments.close.queries import (
    Behind,
    LateDay,
    days_moved,
    last_sealed_days,
    late_days,
    seals_behind,
    seals_between,
)
from orders.payments.close.stated import end_of


class DayState(StrEnum):
    OPEN = "open"
    READY = "ready"
    SEALED = "sealed"
    REOPENED = "reopened"
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Faults:
    """What unsettles seals: rows that came late, and seals made anew before days that were sealed already."""

    late: Sequence[LateDay]
    behind: Sequence[Behind]

    def of(self, account_id: int) -> Faults:
        return Faults(
            [each for each in self.late if each.account_id == account_id],
            [each for each in self.behind if each.account_id == account_id],
        )


def faults(session: Session) -> Faults:
    return Faults(late_days(session), seals_behind(session))


def sealed_state(seal: DaySeal, known: Faults) -> DayState:
    """How a sealed day stands. Its own late rows come first, then whatever an earlier day's do to its opening."""
    mine = known.of(seal.account_id)
    if any(each.day == seal.day for each in mine.late):
        return DayState.REOPENED
    unsettled = any(min(each.day, each.booked_on) < seal.day for each in mine.late)
    overtaken = any(each.day < seal.day and each.number > seal.number for each in mine.behind)
    return DayState.DEPENDS if unsettled or overtaken else DayState.SEALED


def unsealed_state(day: date, covered_until: datetime | None) -> DayState:
    """Ready once the account's feed tells the whole day."""
    return DayState.READY if covered_until is not None and covered_until >= end_of(day) else DayState.OPEN


def to_seal(session: Session, account_id: int, until: date) -> list[date]:
    """The days up to ``until`` that have movements and no seal that stands, in the order in which to seal them."""
    known = faults(session).of(account_id)
    last = last_sealed_days(session).get(account_id)
    fresh = days_moved(session, account_id, after=last, until=until)
    sealed = _since_first_fault(session, account_id, known, until)
    shaken = [seal.day for seal in sealed if sealed_state(seal, known) is not DayState.SEALED]
    between = {each.booked_on for each in known.late if each.booked_on <= until} - {seal.day for seal in sealed}
    return sorted({*fresh, *shaken, *between})


def _since_first_fault(session: Session, account_id: int, known: Faults, until: date) -> Sequence[DaySeal]:
    first = _first(known)
    return seals_between(session, first, until, account_id) if first else []


def _first(known: Faults) -> date | None:
    days: Iterable[date] = [*(each.booked_on for each in known.late), *(each.day for each in known.behind)]
    return min(days, default=None)
