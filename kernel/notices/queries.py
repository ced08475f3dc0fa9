"""Questions to the outbox of notices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, case, exists, func, select
from sqlalchemy.orm import Session

from kernel.notices.models import Channel, KeptSecret, Notice, NoticeState, ToldAt
from kernel.queries import among


class Said(NamedTuple):
    """What was told of a topic: ``newest`` is the last notice's number, None where all were skipped."""

    topic: str
    sense: str
    newest: int | None
    turn: int


def said_of(session: Session, subjects: Collection[str]) -> dict[str, list[Said]]:
    """Subject → what it was told before, one entry a sense. Served by the index on the subject."""
    live = case((Notice.state != NoticeState.SKIPPED, Notice.id))
    rows = session.execute(
        select(Notice.subject, Notice.topic, Notice.sense, func.max(live), func.max(Notice.turn))
        .where(among(session, Notice.subject, subjects))
        .group_by(Notice.subject, Notice.topic, Notice.sense)
    )
    found: dict[str, list[Said]] = {}
    for subject, *said in rows:
        found.setdefault(subject, []).append(Said(*said))
    return found


def addresses_of(session: Session, subjects: Collection[str]) -> dict[str, list[ToldAt]]:
    """Subject → the addresses that somebody asked to be told at."""
    found: dict[str, list[ToldAt]] = {}
    for row in session.scalars(select(ToldAt).where(among(session, ToldAt.subject, subjects)).order_by(ToldAt.id)):
        found.setdefault(row.subject, []).append(row)
    return found


def address_row(session: Session, subject: str, channel: Channel, address: str) -> ToldAt | None:
    return session.scalar(
        select(ToldAt).where(ToldAt.subject == subject, ToldAt.channel == channel, ToldAt.address == address)
    )


def next_due(at: datetime, resting: Collection[Channel]) -> ScalarSelect[int]:
    """The number of the notice that is due first and that nobody holds. Two who ask at once get two."""
    free = Notice.lease_until.is_(None) | (Notice.lease_until < at)
    return (
        select(Notice.id)
        .where(Notice.state == NoticeState.WAITING, Notice.channel != Channel.HAND, Notice.not_before <= at, free)
        .where(Notice.channel.not_in(list(resting)))
        .order_by(Notice.not_before, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def any_due(session: Session, at: datetime) -> bool:
    free = Notice.lease_until.is_(None) | (Notice.lease_until < at)
    due = (Notice.state == NoticeState.WAITING) & (Notice.channel != Channel.HAND) & (Notice.not_before <= at) & free
    return bool(session.scalar(select(exists().where(due))))


def lock_notice(session: Session, notice_id: int) -> Notice | None:
    return session.scalar(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update(of=Notice)
        .execution_options(populate_existing=True)
    )


def notices_log(
    session: Session,
    *,
    state: NoticeState | None = None,
    channel: Channel | None = None,
    event: str = "",
    subject: str = "",
    before: int = 0,
    most: int = 40,
) -> Sequence[Notice]:
    """The log, newest first, from ``before`` on downwards. Each filter has an index that ends with the number."""
    found = select(Notice).order_by(Notice.id.desc()).limit(most)
    wanted = ((Notice.state, state), (Notice.channel, channel), (Notice.event, event), (Notice.subject, subject))
    for column, value in wanted:
        if value:
            found = found.where(column == value)
    return session.scalars(found.where(Notice.id < before) if before else found).all()


def waiting_by_hand(session: Session, *, after: int = 0, most: int = 20) -> Sequence[Notice]:
    """What a person should tell, the oldest first. Served by a partial index."""
    by_hand = (Notice.state == NoticeState.WAITING) & (Notice.channel == Channel.HAND) & (Notice.id > after)
    return session.scalars(select(Notice).where(by_hand).order_by(Notice.id).limit(most)).all()


def oldest_by_hand(before: datetime, *, most: int = 1000) -> ScalarSelect[int]:
    """Numbers of what waits for a person since before then: of the oldest alone, so that few are looked at."""
    by_hand = (Notice.state == NoticeState.WAITING) & (Notice.channel == Channel.HAND)
    oldest = select(Notice.id, Notice.created_at).where(by_hand).order_by(Notice.id).limit(most).subquery()
    return select(oldest.c.id).where(oldest.c.created_at < before).scalar_subquery()


def trouble_counts(session: Session) -> dict[tuple[NoticeState, Channel], int]:
    """How many wait or have failed, by state and channel. Served by a partial index: what was sent is not counted."""
    open_states = (NoticeState.WAITING, NoticeState.FAILED, NoticeState.GIVEN_UP)
    rows = session.execute(
        select(Notice.state, Notice.channel, func.count())
        .where(Notice.state.in_(open_states))
        .group_by(Notice.state, Notice.channel)
    )
    return {(state, channel): many for state, channel, many in rows}


def failed_ids(session: Session, *, most: int = 500) -> Sequence[int]:
    """Those that a person may try again, oldest first."""
    lost = Notice.state.in_((NoticeState.FAILED, NoticeState.GIVEN_UP))
    return session.scalars(select(Notice.id).where(lost).order_by(Notice.id).limit(most)).all()


def kept_secret(session: Session, name: str) -> KeptSecret | None:
    return session.scalar(select(KeptSecret).where(KeptSecret.name == name).execution_options(populate_existing=True))
