"""Builders of what webhooks leave behind: a doubt beside a transfer, a call that was only recorded."""

from dataclasses import replace

from kernel import clock
from kernel.database import db
from orders.payments.feeds.hooks.models import CallState, HookCall, HookMessage, HookOutcome
from orders.payments.feeds.tellings import decide
from orders.payments.feeds.tellings.models import Doubt
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.told import Feed
from orders.payments.feeds.tellings.write import Doubtful, as_told, raise_doubts
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from tests import make

CLERK = Hand(by="clerk-7", at=clock.at(clock.today(), 9), because="the bank says so on the phone")


def doubt(
    transfer: Transfer | None = None,
    why: Why = Why.REFERENCE,
    *,
    feed: Feed = Feed.SEPAY,
    key: str = "77",
    memo: str = "",
) -> Doubt:
    """Something that ``feed`` told and that may be this transfer; of a stranger where none is named."""
    known = transfer or make.transfer()
    told = replace(as_told(known), feed=feed, key=key, memo=memo or known.memo)
    may_be = [transfer.id] if transfer else []
    made = raise_doubts(db.session, known.account_id, [Doubtful(told, why, may_be)], at=clock.now())
    return db.session.get_one(Doubt, made[key])


def decided(doubt: Doubt, *, transfer_id: int = 0) -> Doubt:
    """The same as that transfer, or another one."""
    if transfer_id:
        decide.same(db.session, doubt, transfer_id, CLERK)
    else:
        decide.another(db.session, doubt, CLERK)
    return doubt


def recorded_call() -> HookMessage:
    """A call about money of somebody else."""
    call = HookCall(
        provider=Feed.SEPAY,
        digest="0" * 64,
        body=b"{}",
        sent_at="",
        state=CallState.BOOKED,
        received_at=clock.now(),
        booked_at=clock.now(),
    )
    db.session.add(call)
    db.session.flush()
    message = HookMessage(
        call_id=call.id,
        place=0,
        provider=Feed.SEPAY,
        provider_id="1",
        account_number="99999999",
        amount=5_000,
        raw={},
        outcome=HookOutcome.IGNORED,
        why="unknown account",
        received_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    return message
