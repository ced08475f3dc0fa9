"""Questions to the kernel's own tables, and small helpers that every package's queries share."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ARRAY, JSON, ColumnElement, Select, any_, bindparam, func, select, text, true
from sqlalchemy.orm import Session

from kernel.models import Change, Heartbeat, Job


def among(session: Session, column: Any, values: Collection[str | int]) -> ColumnElement[bool]:
    """``column`` is one of ``values``: one statement of the same text however many they are, served by an index."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(json.dumps(list(values))).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(each.c.value)))
    return cast(ColumnElement[bool], column == any_(bindparam(None, list(values), type_=ARRAY(column.type))))


def each_of(dialect: str, columns: Sequence[Any], column: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    """``columns`` of the rows whose ``column`` is one of the ``values`` it is asked with, each looked up by itself.

    ``among`` leaves that to PostgreSQL, which may read all of a middling table instead, on every processor, where there
    are some thousands of values. A statement to be made once and kept: making it takes longer than asking for a few.
    """
    if dialect == "sqlite":
        each = func.json_each(bindparam("values", type_=JSON)).table_valued("value")
        return select(*columns).where(column.in_(select(each.c.value)), *conditions)
    each = func.unnest(bindparam("values", type_=ARRAY(column.type))).table_valued("value").render_derived()
    found = select(*columns).where(column == each.c.value, *conditions).offset(0).lateral()
    return select(*found.c).select_from(each.join(found, true()))


def take_turns(session: Session, names: Collection[str]) -> None:
    """Hold these names until the transaction ends: whoever else asks for one of them waits, then sees what was done.

    SQLite has one writer at a time, and that is enough.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    for name in sorted(set(names)):
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def waiting_jobs(session: Session, at: datetime, *, most: int = 100) -> Sequence[int]:
    """Ids of jobs that are due and that nobody holds, oldest first. Served by a partial index on what waits."""
    free = Job.lease_until.is_(None) | (Job.lease_until < at)
    waits = Job.done_at.is_(None) & Job.failed_at.is_(None) & (Job.run_after <= at)
    return session.scalars(select(Job.id).where(waits, free).order_by(Job.run_after, Job.id).limit(most)).all()


def last_heartbeat(session: Session, name: str) -> datetime | None:
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))


def database_answers(session: Session) -> bool:
    return bool(session.scalar(text("SELECT 1")) == 1)


def changes_of(session: Session, kind: str, subject_id: int, *, most: int = 100) -> Sequence[Change]:
    """What was changed of a thing, newest first."""
    of_it = (Change.kind == kind) & (Change.subject_id == subject_id)
    return session.scalars(select(Change).where(of_it).order_by(Change.id.desc()).limit(most)).all()


def changes_since(
    session: Session, kind: str, subject_id: int, fields: Collection[str], since: datetime
) -> Sequence[Change]:
    """What was changed of these fields of a thing from a moment on, oldest first."""
    of_it = (Change.kind == kind) & (Change.subject_id == subject_id) & (Change.at >= since)
    return session.scalars(select(Change).where(of_it, Change.field.in_(fields)).order_by(Change.id)).all()


def job_waits(session: Session, key: str) -> bool:
    """Whether a job of this key was promised and is neither done nor given up."""
    waits = (Job.key == key) & Job.done_at.is_(None) & Job.failed_at.is_(None)
    return session.scalar(select(Job.id).where(waits)) is not None
