"""A call booked: each movement becomes a transfer, is one that we know, is put in quarantine, or is only recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.banks import AccountFault, find_bank
from orders.payments.feeds.hooks.models import CallState, HookCall, HookMessage, HookOutcome
from orders.payments.feeds.hooks.queries import first_told, lock_call
from orders.payments.feeds.hooks.read import Movement, UnreadableCall, movements
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.queries import doubted_before, lock_every_account
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.feeds.tellings.write import Doubtful, book_transfer, join, raise_doubts, sort_out
from orders.payments.intervals import interval

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Fate:
    """What becomes of one movement."""

    outcome: HookOutcome
    why: str = ""
    transfer_id: int | None = None
    doubt_id: int | None = None


def book_call(session: Session, call_id: int, *, at: datetime) -> Sequence[int]:
    """Book what the call tells; answers the transfers that are new. A call that is booked already is left alone.

    Calls take turns on the accounts, and so do statements: each sees what was booked before it.
    """
    accounts = lock_every_account(session)
    call = lock_call(session, call_id)
    if call.state is not CallState.RECEIVED:
        return []
    try:
        told = movements(call.provider, call.body)
    except UnreadableCall as fault:
        log.error("webhook unreadable", provider=call.provider.value, call=call.id, fault=str(fault))
        call.state = CallState.UNREADABLE
        return []
    made = [_book(session, call, place, movement, accounts, at=at) for place, movement in enumerate(told)]
    call.state, call.booked_at = CallState.BOOKED, at
    session.flush()
    return [fate.transfer_id for fate in made if fate.outcome is HookOutcome.BOOKED and fate.transfer_id]


def _book(
    session: Session, call: HookCall, place: int, movement: Movement, accounts: Sequence[BankAccount], *, at: datetime
) -> _Fate:
    account = _ours(movement, accounts)
    fate = _fate(session, call, movement, account, at=at)
    session.add(
        HookMessage(
            call_id=call.id,
            place=place,
            provider=call.provider,
            provider_id=movement.provider_id,
            account_id=account.id if account else None,
            account_number=movement.numbers[0] if movement.numbers else "",
            amount=movement.amount,
            raw=movement.raw,
            outcome=fate.outcome,
            why=fate.why,
            transfer_id=fate.transfer_id,
            doubt_id=fate.doubt_id,
            received_at=call.received_at,
        )
    )
    session.flush()
    return fate


def _ours(movement: Movement, accounts: Sequence[BankAccount]) -> BankAccount | None:
    """The office's account that the movement is of, by its number and, where it is told, its bank."""
    fitting = [account for account in accounts if account.number in movement.numbers]
    try:
        code = find_bank(movement.bank).code if movement.bank else ""
    except AccountFault:
        code = ""
    fitting = [account for account in fitting if code in ("", account.bank_code)]
    return fitting[0] if len(fitting) == 1 else None


def _fate(session: Session, call: HookCall, movement: Movement, account: BankAccount | None, *, at: datetime) -> _Fate:
    if earlier := first_told(session, call.provider, movement.provider_id):
        return _again(session, movement, account, earlier, at=at)
    if why := _no_credit(movement, account):
        return _Fate(HookOutcome.IGNORED, why)
    assert account is not None  # noqa: S101  (for the type checker: without one it is ignored)
    return _credit(session, account, _told(call.provider, movement, account), at=at)


def _no_credit(movement: Movement, account: BankAccount | None) -> str:
    """Why no money is credited for it; empty where it is money that came into an account of ours."""
    if movement.failed:
        return "failed"
    if movement.amount <= 0:
        return "money out" if movement.amount else "nothing"
    return "" if account else "unknown account"


def _again(
    session: Session, movement: Movement, account: BankAccount | None, earlier: HookMessage, *, at: datetime
) -> _Fate:
    """A number that we know. Told otherwise than the first time, it is a clerk's to judge."""
    if earlier.amount == movement.amount and earlier.account_id == (account.id if account else None):
        outcome = HookOutcome.KNOWN if earlier.outcome is HookOutcome.BOOKED else earlier.outcome
        return _Fate(outcome, earlier.why, earlier.transfer_id, earlier.doubt_id)
    if why := _no_credit(movement, account):
        return _Fate(HookOutcome.IGNORED, why)
    assert account is not None  # noqa: S101  (for the type checker: without one it is ignored)
    told = _told(earlier.provider, movement, account)
    changed = replace(told, key=f"{told.key}:{told.amount}")
    if raised := doubted_before(session, account.id, told.feed, [changed.key]).get(changed.key):
        return _Fate(HookOutcome.QUARANTINED, raised.why.value, doubt_id=raised.id)
    may_be = [earlier.transfer_id] if earlier.transfer_id else []
    return _doubt(session, account, Doubtful(changed, Why.CHANGED, may_be), at=at)


def _credit(session: Session, account: BankAccount, told: Told, *, at: datetime) -> _Fate:
    found = sort_out(session, account.id, told.feed, [told])
    if told.key in found.paired.doubtful:
        why, ids = found.paired.doubtful[told.key]
        return _doubt(session, account, Doubtful(told, why, ids), at=at)
    joined = found.paired.joined.get(told.key)
    transfer_id = joined or book_transfer(
        session, account.id, told, by="webhook", because=f"told by {told.feed}", at=at
    )
    join(session, account.id, told, transfer_id, at=at)
    return _Fate(HookOutcome.KNOWN if joined else HookOutcome.BOOKED, transfer_id=transfer_id)


def _doubt(session: Session, account: BankAccount, doubtful: Doubtful, *, at: datetime) -> _Fate:
    made = raise_doubts(session, account.id, [doubtful], at=at)
    return _Fate(HookOutcome.QUARANTINED, doubtful.why.value, doubt_id=made[doubtful.told.key])


def _told(provider: Feed, movement: Movement, account: BankAccount) -> Told:
    day = clock.local(movement.at).date()
    earliest, latest = interval(day, movement.at)
    return Told(
        feed=provider,
        key=movement.provider_id,
        amount=movement.amount,
        booked_on=day,
        earliest=earliest,
        latest=latest,
        likely_at=earliest,
        reference=movement.reference,
        memo=movement.memo,
        payer_name=movement.payer_name,
        payer_account=movement.payer_account,
        bank_hint=account.bank_code,
        also=movement.also,
    )
