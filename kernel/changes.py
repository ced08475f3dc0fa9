"""What the office changes: taken in turns, so that nobody is overwritten, and written down in the same transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from kernel.errors import MarketError
from kernel.models import Change
from kernel.web import show_day, show_moment

NEW = "new"
"""The field of the first line in a thing's history."""

_VERSION = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Doer:
    """Who changes something, when, and why."""

    by: str
    at: datetime
    because: str = ""


class Overtaken(MarketError):
    """Somebody else changed the thing after it was shown."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this since you opened it. Look at both, then save again."))


def take_turn(session: Session, thing: Any, seen: str | None) -> None:
    """Go on only if ``thing`` still has the version that was shown; it gets the next one. Else Overtaken.

    One conditional UPDATE: of two who saw the same version, one gets through on either database.
    """
    model = type(thing)
    shown = int(seen) if seen and _VERSION.fullmatch(seen) else 0
    taken = session.execute(
        update(model)
        .where(model.id == thing.id, model.version == shown)
        .values(version=model.version + 1)
        .returning(model.version)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        raise Overtaken
    set_committed_value(thing, "version", taken)


def note_new(session: Session, kind: str, subject_id: int, name: str, doer: Doer) -> None:
    """The first line of a new thing's history."""
    _write(session, kind, subject_id, ((NEW, "", "", name),), doer)


def note(
    session: Session, kind: str, subject_id: int, was: Mapping[str, object], became: Mapping[str, object], doer: Doer
) -> int:
    """One line for each field that differs; answers how many. Does not commit."""
    differing = [
        (field, "", shown(was.get(field)), shown(value))
        for field, value in became.items()
        if shown(was.get(field)) != shown(value)
    ]
    _write(session, kind, subject_id, differing, doer)
    return len(differing)


def note_part(
    session: Session, kind: str, subject_id: int, field: str, *, about: str, was: object, became: object, doer: Doer
) -> None:
    """One line about a part of the thing, such as the places of one ward."""
    _write(session, kind, subject_id, ((field, about, shown(was), shown(became)),), doer)


def shown(value: object) -> str:
    """A value as a history keeps it: words, "yes" or "no", times as clocks in Vietnam show them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return show_moment(value)
    return show_day(value) if isinstance(value, date) else str(value)


def _write(session: Session, kind: str, subject_id: int, lines: Any, doer: Doer) -> None:
    session.add_all(
        Change(
            kind=kind,
            subject_id=subject_id,
            field=field,
            about=about,
            was=was,
            became=became,
            by=doer.by,
            at=doer.at,
            because=doer.because,
        )
        for field, about, was, became in lines
    )
