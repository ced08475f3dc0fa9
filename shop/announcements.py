"""What the office tells: publishing, withdrawing, and what a page of a ward shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from people.models import Staff, WardRow
from shop.models import Announcement
from shop.queries import standing_announcements

MOST_ON_A_PAGE = 3


class AlreadyWithdrawn(MarketError):
    """The announcement is withdrawn."""


@dataclass(frozen=True, slots=True)
class Told:
    """The newest announcements for a page, and whether there are more. ``ward`` is None for the whole city's."""

    announcements: Sequence[Announcement]
    more: bool
    ward: WardRow | None


def told_to(session: Session, ward: WardRow | None, *, most: int = MOST_ON_A_PAGE) -> Told:
    """What stands now for the whole city and for ``ward``, newest first."""
    found = standing_announcements(session, [ward.id] if ward else [], clock.now(), most=most + 1)
    return Told(found[:most], len(found) > most, ward)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be announced; English only where the office wrote it."""

    ward: WardRow | None
    title: str
    body: str
    title_en: str = ""
    body_en: str = ""
    expires_at: datetime | None = None


def publish(session: Session, draft: Draft, *, by: Staff, at: datetime) -> Announcement:
    """Tell it from now on. Does not commit."""
    made = written(draft, by=by, at=at)
    session.add(made)
    session.flush()
    return made


def written(draft: Draft, *, by: Staff, at: datetime) -> Announcement:
    """The announcement as it would be published now; nothing is kept of it."""
    return Announcement(
        ward_id=draft.ward.id if draft.ward else None,
        title=draft.title,
        body=draft.body,
        title_en=draft.title_en,
        body_en=draft.body_en,
        author=by.name,
        username=by.username,
        published_at=at,
        expires_at=draft.expires_at,
    )


def withdraw(announcement: Announcement, *, by: Staff, at: datetime, because: str) -> None:
    """Tell it no longer. It stays on record with who took it back, and why. Does not commit."""
    if announcement.withdrawn_at is not None:
        raise AlreadyWithdrawn(_("This announcement has been withdrawn already."))
    announcement.withdrawn_at = at
    announcement.withdrawn_by = by.username
    announcement.withdrawn_because = because
