"""Delivery: a job takes what is due, one notice at a time, and writes down what became of it.

A worker that dies between sending and writing down leaves a notice that another sends again once its lease has run out,
under the same key, by which a gateway may know it. So a notice is sent at least once, and each worker's death sends at
most one of them twice.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute, handles, promise
from kernel.notices import secrets
from kernel.notices.adapters import zalo
from kernel.notices.adapters.mail import Mail
from kernel.notices.adapters.push import Push
from kernel.notices.adapters.sms import Sms
from kernel.notices.adapters.zalo import Zalo
from kernel.notices.gsm import without_tones
from kernel.notices.letters import Adapter, Fault, Letter, Words
from kernel.notices.models import Channel, Notice, NoticeState
from kernel.notices.outbox import pass_on, rules, trade
from kernel.notices.queries import address_row, any_due, next_due, oldest_by_hand
from kernel.notices.quiet import first_moment

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 7
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
TOO_OLD = timedelta(days=2)
PIECE = 200
"""Notices that one job sends before it lets others have the worker."""


@every_minute
def notices_that_are_due(session: Session) -> None:
    """Promise a delivery for what waited for the morning, for another try, or for a worker that died."""
    now = clock.now()
    if any_due(session, now):
        promise(session, "notices", key=f"notices:due:{now:%Y%m%d%H%M}", payload={})


@every_minute
def forget_what_nobody_told(session: Session) -> None:
    """What waited for a person longer than it is news is skipped: where nobody copies, nothing piles up."""
    now = clock.now()
    old = oldest_by_hand(now - TOO_OLD)
    session.execute(
        update(Notice)
        .where(Notice.id.in_(old))
        .values(state=NoticeState.SKIPPED, fault="too-old", ended_at=now)
        .execution_options(synchronize_session=False)
    )


@handles("notices")
def deliver(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Send what is due. A channel whose gateway is ill rests for the rest of this job."""
    resting: set[Channel] = set()
    for _each in range(PIECE):
        notice = claim(session, resting)
        yield  # the claim stands before anything leaves the house
        if notice is None:
            return
        try:
            yield from _send(session, notice)
        except Exception as fault:  # noqa: BLE001  (one notice that cannot be sent must not keep the others)
            session.rollback()
            told = _as_fault(notice, fault)
            if told.everyone:
                resting.add(Channel(notice.channel))
            _not_sent(session, notice, told)
            yield
    promise(session, "notices", key=f"notices:more:{clock.now().isoformat()}", payload={})


def _as_fault(notice: Notice, fault: Exception) -> Fault:
    """What an adapter has not foreseen is tried again, and stands in the log with its frames, without its words."""
    if isinstance(fault, Fault):
        return fault
    log.error("notice broken", notice=notice.id, channel=notice.channel, exc_info=fault)
    return Fault(type(fault).__name__, passing=True)


def claim(session: Session, resting: set[Channel]) -> Notice | None:
    """Take the notice that is due first, for as long as the lease lasts. Two who claim at once get two."""
    now = clock.now()
    taken = session.scalar(
        update(Notice)
        .where(Notice.id == next_due(now, resting))
        .values(lease_until=now + LEASE, attempts=Notice.attempts + 1)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(Notice, taken, populate_existing=True) if taken is not None else None


def _send(session: Session, notice: Notice) -> Iterator[None]:
    """One notice: postponed, skipped, or sent. Nothing holds the database while a gateway is spoken to."""
    now = clock.now()
    morning = first_moment(now, notice.event, rules())
    if morning > now:
        notice.not_before, notice.lease_until, notice.attempts = morning, None, notice.attempts - 1
        yield
        return
    if because := trade().overtaken(session, notice):
        _end(notice, NoticeState.SKIPPED, now, fault=because)
        yield
        return
    if notice.attempts > MOST_ATTEMPTS:  # each try ended with its worker
        raise Fault("worker-died", passing=False)
    adapter, letter = yield from _prepared(session, notice)
    yield
    receipt = adapter(letter)
    notice.text, notice.provider_id = letter.words.text, receipt
    _end(notice, NoticeState.SENT, clock.now())
    log.info("notice sent", notice=notice.id, channel=notice.channel, event_=notice.event)
    yield


def _prepared(session: Session, notice: Notice) -> Generator[None, None, tuple[Adapter, Letter]]:
    """The adapter with what it needs from the database, and the letter."""
    if not rules().is_on(notice.channel):
        raise Fault("switched-off", passing=False)
    account = rules().zalo
    if notice.channel is Channel.ZALO and account and secrets.zalo_access_token(session, account) is None:
        yield from secrets.refresh_zalo(session, account, seconds=rules().timeout)
    return adapter_for(session, Channel(notice.channel)), _letter(session, notice)


def adapter_for(session: Session, channel: Channel) -> Adapter:
    """The channel's adapter; a Fault where the settings have none."""
    now, seconds = rules(), rules().timeout
    if channel is Channel.SMS and now.sms:
        return Sms(now.sms, seconds)
    if channel is Channel.EMAIL and now.mail:
        return Mail(now.mail, seconds)
    if channel is Channel.PUSH and now.push:
        return Push(now.push, secrets.push_private_key(session), seconds)
    if channel is Channel.ZALO and now.zalo:
        return Zalo(now.zalo, secrets.zalo_access_token(session, now.zalo) or "", seconds)
    raise Fault("switched-off", passing=False)


def _letter(session: Session, notice: Notice) -> Letter:
    asked = address_row(session, notice.subject, Channel(notice.channel), notice.address)
    if asked is None and notice.channel in (Channel.PUSH, Channel.EMAIL):
        raise Fault("unsubscribed", passing=False)
    return Letter(
        key=notice.key,
        event=notice.event,
        address=notice.address,
        words=_as_sent(Channel(notice.channel), trade().words(notice)),
        fields=trade().fields(notice),
        keys=asked.keys if asked else {},
    )


def _as_sent(channel: Channel, words: Words) -> Words:
    gateway = rules().sms
    if channel is Channel.SMS and gateway and not gateway.tones:
        return Words(words.title, without_tones(words.text), words.link)
    return words


def _not_sent(session: Session, notice: Notice, fault: Fault) -> None:
    """Later again, or never: then a phone is tried the next way, and an address that is no more is forgotten."""
    now = clock.now()
    tired = fault.passing and notice.attempts >= MOST_ATTEMPTS
    if fault.passing and not tired:
        notice.not_before = now + _wait(notice.attempts, fault)
        notice.lease_until, notice.fault = None, fault.code
    else:
        _end(notice, NoticeState.GIVEN_UP if tired else NoticeState.FAILED, now, fault=fault.code)
        pass_on(session, notice, at=now)
    if zalo.token_worn(fault):
        secrets.forget_access(session)
    if fault.gone and (asked := address_row(session, notice.subject, Channel(notice.channel), notice.address)):
        session.delete(asked)
    log.warning("notice not sent", notice=notice.id, channel=notice.channel, fault=fault.code, state=notice.state)


def _wait(attempts: int, fault: Fault) -> timedelta:
    """Four times as long after each try, up to six hours; never shorter than the gateway asks for."""
    own = timedelta(seconds=FIRST_WAIT.total_seconds() * 4.0 ** min(max(0, attempts - 1), 10))
    return max(min(own, LONGEST_WAIT), timedelta(seconds=fault.retry_after or 0))


def _end(notice: Notice, state: NoticeState, at: datetime, *, fault: str = "") -> None:
    notice.state, notice.ended_at, notice.fault, notice.lease_until = state, at, fault, None
