"""A day is sealed: what has to be so before, what stands in the seal, and who is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.chain.seal import seal_now
from kernel.errors import MarketError, NotFound
from kernel.jobs import promise
from kernel.money import format_dong
from kernel.web import show_day
from orders.payments.close.minute import Minute, fingerprint, gather, opened_with
from orders.payments.close.models import DaySeal
from orders.payments.close.queries import last_link, lock_account, sealed_after, versions_of
from orders.payments.close.states import DayState, faults, sealed_state, to_seal, unsealed_state
from orders.payments.feeds.models import BankAccount


@dataclass(frozen=True, slots=True)
class Sealer:
    """Who seals, and when; ``heads``: may seal over a difference. ``because`` is what they say of it."""

    by: str
    name: str
    at: datetime
    heads: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """An opening balance that no statement states, and where it was read."""

    amount: int
    because: str


class NotReady(MarketError):
    """The day cannot be closed yet."""


class SealedAlready(MarketError):
    """The day is sealed, and nothing has come in for it since."""


class NoOpening(MarketError):
    """With what the account began stands nowhere."""

    status = 422


class Differs(MarketError):
    """The bank states another balance, and nobody who may has said why that is accepted."""

    status = 422


class Changed(MarketError):
    """What is there now is not what was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The day has changed since you opened its page. Nothing was sealed: look at it as it is now.")
        )


def seal(
    session: Session, account_id: int, day: date, sealer: Sealer, *, typed: Typed | None = None, seen: str = ""
) -> DaySeal:
    """Seal a day as it stands, or refuse. ``seen``: the fingerprint of what was shown. Does not commit.

    The account's row is held, so that of two who seal the second is told, and what is booked meanwhile comes late. What
    it goes by is sealed first, row by row.
    """
    account = lock_account(session, account_id)
    if account is None:
        raise NotFound(_("There is no such account."))
    check(session, account, day)
    seal_now(session)
    minute = gather(session, account, day)
    if seen and seen != fingerprint(minute):
        raise Changed
    if typed and minute["balances"]["opening"] is None:
        minute = opened_with(minute, typed.amount, typed.because)
    _adds_up(minute, sealer)
    made = _seal(session, account, minute, sealer)
    session.add(made)
    session.flush()
    promise(session, "minute", key=f"minute:{made.sha256}", payload={"seal_id": made.id})
    return made


def check(session: Session, account: BankAccount, day: date) -> None:
    """The feed tells the whole day, the days before it are closed, and it is not sealed as it stands."""
    if unsealed_state(day, account.covered_until) is not DayState.READY:
        raise NotReady(
            _(
                "The statements do not reach to the end of %(day)s yet. Import the one that does, then close the day.",
                day=show_day(day),
            )
        )
    newest = next(iter(versions_of(session, account.id, day)), None)
    if newest and sealed_state(newest, faults(session)) is DayState.SEALED:
        raise SealedAlready(
            _("%(day)s is sealed already, by %(by)s. There is nothing to do.", day=show_day(day), by=newest.by)
        )
    if earlier := [each for each in to_seal(session, account.id, day) if each < day]:
        raise NotReady(
            _(
                "%(many)s earlier days are not closed, the first is %(day)s. Close that first, or all of them at once.",
                many=len(earlier),
                day=show_day(earlier[0]),
            )
        )


def _adds_up(minute: Minute, sealer: Sealer) -> None:
    balances = minute["balances"]
    if balances["opening"] is None:
        raise NoOpening(
            _("No statement says with what the account began this day. Read it at the bank and type it, with a reason.")
        )
    if balances["difference"] and not (sealer.heads and sealer.because):
        raise Differs(
            _(
                "The bank states %(stated)s, the movements lead to %(closing)s. Look for what is missing; "
                "only a head of the office can seal the day over it, with a reason.",
                stated=format_dong(balances["stated"]),
                closing=format_dong(balances["closing"]),
            )
        )


def _seal(session: Session, account: BankAccount, minute: Minute, sealer: Sealer) -> DaySeal:
    day, balances = date.fromisoformat(minute["day"]), minute["balances"]
    number, previous = last_link(session, account.id)
    version = len(versions_of(session, account.id, day)) + 1
    because = sealer.because if balances["difference"] else ""
    facts = {"version": version, "number": number + 1, "by": sealer.by, "because": because, "previous": previous}
    snapshot = {**minute, "seal": {**facts, "name": sealer.name, "at": sealer.at.isoformat()}}
    return DaySeal(
        account=account,
        day=day,
        **facts,
        at=sealer.at,
        behind=sealed_after(session, account.id, day),
        opening=balances["opening"],
        incoming=balances["in"],
        outgoing=balances["out"],
        closing=balances["closing"],
        stated=balances["stated"],
        snapshot=snapshot,
        sha256=fingerprint(snapshot),
    )


def next_to_seal(session: Session, account_id: int, until: date) -> date | None:
    """The first day that is to be sealed on the way to ``until``; that day itself comes last, even if nothing moved."""
    days = to_seal(session, account_id, until)
    if days:
        return days[0]
    return None if versions_of(session, account_id, until) else until
