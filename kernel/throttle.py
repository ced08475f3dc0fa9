"""Throttles that live in the database, so that they hold over every web node."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from flask_babel import gettext as _
from sqlalchemy import case
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from kernel import clock
from kernel.errors import TooManyTries
from kernel.models import ThrottleWindow
from kernel.upsert import insert


def count(session: Session, key: str, *, most: int, per: timedelta) -> None:
    """Count a try under ``key``; past ``most`` in a window of ``per``, refuse. The caller commits before it acts on it.

    One statement counts and reads back, so that parallel tries cannot share a count.
    """
    now = clock.now()
    opened, tries = session.execute(_count(session, key, per)).one()
    if tries > most:
        wait = max(1, ceil((opened + per - now).total_seconds()))
        raise TooManyTries(_("Too many tries. Wait %(minutes)s minutes, then try again.", minutes=-(-wait // 60)), wait)


def _count(session: Session, key: str, per: timedelta) -> ReturningInsert[datetime, int]:
    now = clock.now()
    stale = ThrottleWindow.opened_at <= now - per
    return (
        insert(session, ThrottleWindow, {"key": key, "opened_at": now, "tries": 1})
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "opened_at": case((stale, now), else_=ThrottleWindow.opened_at),
                "tries": case((stale, 1), else_=ThrottleWindow.tries + 1),
            },
        )
        .returning(ThrottleWindow.opened_at, ThrottleWindow.tries)
    )
