"""Background work: promised in a row of the outbox, carried by huey, done in small committed pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy import event, or_, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.models import Heartbeat, Job
from kernel.queries import waiting_jobs
from kernel.settings import Settings
from kernel.upsert import insert_if_new, upsert

log = structlog.get_logger()

Handler = Callable[[Session, dict[str, Any]], Iterator[None]]
"""Work in pieces: what stands before each ``yield`` is committed there, and must be resumable from there."""

Chore = Callable[[Session], None]
"""What is looked at every minute: promises jobs for whatever is due."""

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8

_handlers: dict[str, Handler] = {}
_chores: list[Chore] = []


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of ``kind``."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def every_minute(chore: Chore) -> Chore:
    """Register a chore that the worker runs each minute."""
    if chore not in _chores:
        _chores.append(chore)
    return chore


def promise(session: Session, kind: str, *, key: str, payload: dict[str, Any]) -> None:
    """Write a job into the outbox, in the caller's transaction. A second promise with the same key changes nothing."""
    row = {"kind": kind, "key": key, "payload": payload, "attempts": 0, "run_after": clock.now(), "fault": ""}
    job_id = session.scalar(insert_if_new(session, Job, row).returning(Job.id))
    if job_id is not None:
        session.info.setdefault("promised", []).append(job_id)


@event.listens_for(Session, "after_commit")
def _carry(session: Session) -> None:
    """Hand the promises on. One that is lost on the way is found by the next sweep: what was committed stands."""
    for job_id in session.info.pop("promised", []):
        try:
            current_app.extensions["carry"](job_id)
        except Exception as fault:
            log.error("job not carried", job=job_id, exc_info=fault)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("promised", None)


def perform(job_id: int) -> bool:
    """Do one job unless somebody else holds it or it is done. Answers whether it was done here, now. Commits."""
    session = db.session
    if not _claim(session, job_id):
        return False
    job = session.get_one(Job, job_id)
    try:
        for _ in _handlers[job.kind](session, job.payload):
            job.lease_until = clock.now() + LEASE
            session.commit()
        job.done_at = clock.now()
        session.commit()
    except Exception as fault:  # noqa: BLE001  (whatever a job dies of, it is put back and told in the log)
        session.rollback()
        _put_back(session, job_id, fault)
        return False
    log.info("job done", kind=job.kind, job=job_id)
    return True


def _claim(session: Session, job_id: int) -> bool:
    now = clock.now()
    free = or_(Job.lease_until.is_(None), Job.lease_until < now)
    waits = (Job.id == job_id) & Job.done_at.is_(None) & Job.failed_at.is_(None) & (Job.run_after <= now)
    held = session.execute(
        update(Job).where(waits, free).values(lease_until=now + LEASE, attempts=Job.attempts + 1).returning(Job.id)
    ).first()
    session.commit()
    return held is not None


def _put_back(session: Session, job_id: int, fault: Exception) -> None:
    """Try again later, twice as late each time; give up after MOST_ATTEMPTS. The log gets no data."""
    job = session.get_one(Job, job_id)
    job.fault = type(fault).__name__
    job.lease_until = None
    job.run_after = clock.now() + timedelta(seconds=5 * 2**job.attempts)
    job.failed_at = clock.now() if job.attempts >= MOST_ATTEMPTS else None
    session.commit()
    log.error("job failed", kind=job.kind, job=job_id, attempts=job.attempts, fault=job.fault, exc_info=fault)


def sweep() -> int:
    """Run the chores, then do what is due and nobody holds: promises whose carrier was lost. Answers how many jobs."""
    session = db.session
    for chore in _chores:
        _run(chore, session)
    return sum(perform(job_id) for job_id in list(waiting_jobs(session, clock.now())))


def _run(chore: Chore, session: Session) -> None:
    """One chore that fails must not keep the others, or the jobs, from being done."""
    try:
        chore(session)
        session.commit()
    except Exception as fault:
        session.rollback()
        log.error("chore failed", chore=chore.__name__, exc_info=fault)


def beat(session: Session) -> None:
    """Say that the worker is alive. Does not commit."""
    session.execute(upsert(session, Heartbeat, {"name": "worker", "at": clock.now()}, on=["name"]))


def install(app: Flask, settings: Settings) -> None:
    """Give ``app`` its carrier: huey on the same kind of database as the rest; in tests jobs wait for ``sweep``."""
    if settings.testing:
        app.extensions["carry"] = lambda job_id: None
        return
    huey = _make_huey(settings)
    app.extensions["huey"] = huey

    @huey.task(name="perform")
    def carried(job_id: int) -> None:
        with app.app_context():
            perform(job_id)

    @huey.periodic_task(crontab(minute="*"), name="sweep")
    def each_minute() -> None:
        with app.app_context():
            beat(db.session)
            db.session.commit()
            sweep()

    app.extensions["carry"] = carried


def _make_huey(settings: Settings) -> Huey:
    if settings.sqlite:
        return SqliteHuey("market", filename=str(settings.instance / "huey.sqlite3"), fsync=True)
    dsn = settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    # It makes its tables if they are not there, and two that do so at once stumble over each other.
    with psycopg.connect(dsn) as turn:
        turn.execute("SELECT pg_advisory_xact_lock(hashtext('tables of huey'))")
        return PostgresHuey("market", dsn=dsn, table_prefix="huey")
