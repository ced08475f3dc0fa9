"""The outbox: notices are written in the transaction of the change they tell of, each once an event and address."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel import jobs
from kernel.bulk import insert_many
from kernel.notices.config import Notices
from kernel.notices.letters import Words
from kernel.notices.models import Channel, Notice, NoticeState, ToldAt
from kernel.notices.queries import Said, addresses_of, said_of
from kernel.notices.quiet import first_moment
from kernel.queries import among


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that happened to ``subject``, for the owner of ``phone``. See ``Notice`` for topic and sense.

    ``overtakes``: other topics of which nothing that still waits is news any more; of its own topic that always holds.
    """

    subject: str
    topic: str
    event: str
    sense: str
    phone: str
    language: str
    params: Mapping[str, Any] = field(default_factory=dict)
    overtakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trade:
    """What the outbox asks of those who know what it tells: the words, and whether they still hold ("" if so).

    ``titles``: event → what it is called in tables, for every event that can be told.
    """

    words: Callable[[Notice], Words]
    fields: Callable[[Notice], Mapping[str, str]]
    overtaken: Callable[[Session, Notice], str]
    titles: Mapping[str, Any] = field(default_factory=dict)


def install(app: Flask, trade: Trade) -> None:
    """Say who words the notices of ``app``."""
    app.extensions["notices"] = trade


def trade() -> Trade:
    found: Trade = current_app.extensions["notices"]
    return found


def rules() -> Notices:
    """How notices leave this house."""
    found: Notices = current_app.extensions["settings"].notices
    return found


def tell(session: Session, news: Sequence[News], *, at: datetime, first: bool = False) -> int:
    """Write notices in the caller's transaction, and promise that they will be sent. Answers how many were written.

    What a subject was told last of a topic is not told again. ``first``: nothing was told of these subjects before.
    Who calls holds a lock on each subject. A handful of statements however many there are. Does not commit.
    """
    if not news:
        return 0
    subjects = {each.subject for each in news}
    before = {} if first else said_of(session, subjects)
    fresh = [(each, turn) for each in news if (turn := _turn(each, before.get(each.subject, ()))) is not None]
    if not fresh:
        return 0
    _overtake(session, [each for each, _turn in fresh if _overtakes(each, before.get(each.subject, ()))], at)
    asked = {} if first else addresses_of(session, subjects)
    rows = [row for each, turn in fresh for row in _rows(each, turn, asked.get(each.subject, ()), at)]
    insert_many(session, Notice, rows, if_new=True)
    if any(row["channel"] is not Channel.HAND and row["not_before"] <= at for row in rows):
        jobs.promise(session, "notices", key=f"notices:{rows[0]['key']}", payload={})
    return len(rows)


def _turn(each: News, said: Sequence[Said]) -> int | None:
    """The how-manieth time this is told; None if it is what was told last of its topic."""
    of_topic = [known for known in said if known.topic == each.topic]
    last = max((known for known in of_topic if known.newest), key=lambda known: known.newest or 0, default=None)
    if last is not None and last.sense == each.sense:
        return None
    return max((known.turn + 1 for known in of_topic if known.sense == each.sense), default=0)


def _overtakes(each: News, said: Sequence[Said]) -> bool:
    return any(known.topic in (each.topic, *each.overtakes) for known in said)


def _overtake(session: Session, news: Sequence[News], at: datetime) -> None:
    by_topics: dict[tuple[str, ...], list[str]] = {}
    for each in news:
        by_topics.setdefault((each.topic, *each.overtakes), []).append(each.subject)
    for topics, subjects in by_topics.items():
        withdraw(session, subjects, topics=topics, because="overtaken", at=at)


def withdraw(
    session: Session, subjects: Collection[str], *, topics: Collection[str], because: str, at: datetime
) -> None:
    """Skip what still waits of these topics: it is no longer so. What somebody is sending just now is sent."""
    free = Notice.lease_until.is_(None) | (Notice.lease_until < at)
    waiting = (Notice.state == NoticeState.WAITING) & free & Notice.topic.in_(list(topics))
    session.execute(
        update(Notice)
        .where(among(session, Notice.subject, list(subjects)), waiting)
        .values(state=NoticeState.SKIPPED, fault=because, ended_at=at)
        .execution_options(synchronize_session=False)
    )


def forget(session: Session, subjects: Collection[str], *, at: datetime) -> None:
    """Delete what was told of these subjects, and the addresses; what somebody is sending just now stays."""
    free = Notice.lease_until.is_(None) | (Notice.lease_until < at)
    notices = delete(Notice).where(free, among(session, Notice.subject, list(subjects)))
    addresses = delete(ToldAt).where(among(session, ToldAt.subject, list(subjects)))
    for told in (notices, addresses):
        session.execute(told.execution_options(synchronize_session=False))


def _rows(each: News, turn: int, asked: Sequence[ToldAt], at: datetime) -> Iterator[dict[str, Any]]:
    """One row for the phone, by the first way that is on, and one for each address that was asked for."""
    now = rules()
    way = next(way_to_phone(now), Channel.HAND)
    yield _row(each, turn, way, each.phone, at=at)
    for row in asked:
        if now.is_on(row.channel):
            yield _row(each, turn, row.channel, row.address, at=at)


def way_to_phone(rules: Notices, *, beyond: Channel | None = None) -> Iterator[Channel]:
    """The ways to a phone that are on, in their order; only those that come after ``beyond``."""
    chain = list(rules.chain)
    for name in chain[chain.index(beyond) + 1 :] if beyond in chain else chain:
        if rules.is_on(name):
            yield Channel(name)


def _row(each: News, turn: int, channel: Channel, address: str, *, at: datetime) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(16),
        "subject": each.subject,
        "topic": each.topic,
        "event": each.event,
        "sense": each.sense,
        "turn": turn,
        "channel": channel,
        "address": address,
        "language": each.language,
        "params": dict(each.params),
        "text": "",
        "state": NoticeState.WAITING,
        "attempts": 0,
        "created_at": at,
        "not_before": first_moment(at, each.event, rules()),
        "lease_until": None,
        "ended_at": None,
        "ended_by": "",
        "provider_id": "",
        "fault": "",
    }


def pass_on(session: Session, notice: Notice, *, at: datetime) -> None:
    """A notice that could not reach a phone goes the next way: another gateway, in the end a person's hand."""
    if notice.channel not in rules().chain:
        return
    way = next(way_to_phone(rules(), beyond=notice.channel), Channel.HAND)
    told = News(
        subject=notice.subject,
        topic=notice.topic,
        event=notice.event,
        sense=notice.sense,
        phone=notice.address,
        language=notice.language,
        params=notice.params,
    )
    insert_many(session, Notice, [_row(told, notice.turn, way, notice.address, at=at)], if_new=True)


def try_again(notice: Notice, *, at: datetime) -> None:
    """Send one that failed once more from the beginning; its key stays, so that a gateway sees a repetition."""
    notice.state, notice.attempts, notice.fault = NoticeState.WAITING, 0, ""
    notice.not_before = first_moment(at, notice.event, rules())
    notice.lease_until = notice.ended_at = None


def done_by_hand(notice: Notice, *, by: str, text: str, at: datetime) -> None:
    """Somebody of the office has told it."""
    notice.state, notice.text, notice.ended_by, notice.ended_at = NoticeState.COPIED, text, by, at


def left_out(notice: Notice, *, by: str, at: datetime) -> None:
    """Somebody of the office decided that it need not be told."""
    notice.state, notice.fault, notice.ended_by, notice.ended_at = NoticeState.SKIPPED, "left-out", by, at
