"""What the office sees of the notices, and does with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError, NotFound
from kernel.notices import outbox
from kernel.notices.letters import Words
from kernel.notices.models import Channel, Notice, NoticeState
from kernel.notices.queries import failed_ids, lock_notice, trouble_counts, waiting_by_hand

LOST = (NoticeState.FAILED, NoticeState.GIVEN_UP)


@dataclass(frozen=True, slots=True)
class ToTell:
    """A notice for a person: what to say, and why it need not be said any more, if so."""

    notice: Notice
    words: Words
    overtaken: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait to be sent, wait for a person, or were not sent."""

    waiting: int
    by_hand: int
    failed: int
    given_up: int


def counts(session: Session) -> Counts:
    found = trouble_counts(session)
    by_state = Counter[NoticeState]()
    for (state, _way), many in found.items():
        by_state[state] += many
    by_hand = found.get((NoticeState.WAITING, Channel.HAND), 0)
    return Counts(
        waiting=by_state[NoticeState.WAITING] - by_hand,
        by_hand=by_hand,
        failed=by_state[NoticeState.FAILED],
        given_up=by_state[NoticeState.GIVEN_UP],
    )


def to_tell(session: Session, *, after: int, most: int) -> list[ToTell]:
    """What waits for a person, oldest first."""
    trade = outbox.trade()
    return [
        ToTell(each, trade.words(each), trade.overtaken(session, each))
        for each in waiting_by_hand(session, after=after, most=most)
    ]


def finish_by_hand(session: Session, notice_id: int, *, told: bool, by: str, at: datetime) -> Notice:
    """Somebody has told it, or decided that it need not be. Refuses what is no longer waiting. Does not commit."""
    notice = _locked(session, notice_id)
    if (notice.state, notice.channel) != (NoticeState.WAITING, Channel.HAND):
        raise MarketError(_("Somebody else has just done this. Reload the page."))
    if told:
        outbox.done_by_hand(notice, by=by, text=outbox.trade().words(notice).text, at=at)
    else:
        outbox.left_out(notice, by=by, at=at)
    return notice


def retry(session: Session, notice_id: int, *, at: datetime) -> Notice:
    """Try a notice that failed once more. Does not commit."""
    notice = _locked(session, notice_id)
    if notice.state not in LOST:
        raise MarketError(_("This notice has not failed. Reload the page to see how it stands."))
    outbox.try_again(notice, at=at)
    return notice


def retry_all(session: Session, *, at: datetime, only: Collection[int] = ()) -> Sequence[Notice]:
    """Try those that failed once more, at most 500 at once. Does not commit."""
    again = []
    for notice_id in only or failed_ids(session):
        notice = lock_notice(session, notice_id)
        if notice is not None and notice.state in LOST:
            outbox.try_again(notice, at=at)
            again.append(notice)
    return again


def _locked(session: Session, notice_id: int) -> Notice:
    notice = lock_notice(session, notice_id)
    if notice is None:
        raise NotFound(_("There is no such notice."))
    return notice
