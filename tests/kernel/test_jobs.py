"""Background work: promised with the transaction that causes it, done once, put back when its worker dies."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from kernel import clock, jobs
from kernel.database import db
from kernel.jobs import LEASE, MOST_ATTEMPTS, perform, promise, sweep
from kernel.models import Heartbeat, Job
from kernel.settings import ROOT
from tests.rush import rush


class Errand:
    """A job in two pieces, each of which leaves a row; it fails before the second as often as it is told."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.to_fail = 0

    def __call__(self, session: Session, payload: dict[str, Any]) -> Iterator[None]:
        self._piece(session, payload["name"] + "-1")
        yield
        if self.to_fail:
            self.to_fail -= 1
            raise RuntimeError(payload["name"])
        self._piece(session, payload["name"] + "-2")

    def _piece(self, session: Session, name: str) -> None:
        """Resumable: what an earlier attempt has committed is not done again."""
        if session.get(Heartbeat, name) is None:
            session.add(Heartbeat(name=name, at=clock.now()))
            self.done.append(name)


@pytest.fixture
def errand(monkeypatch) -> Errand:
    errand = Errand()
    monkeypatch.setitem(jobs._handlers, "errand", errand)
    monkeypatch.setattr(jobs, "_chores", [])
    return errand


@pytest.fixture
def carried(app) -> list[int]:
    """The ids that were handed to the carrier."""
    ids: list[int] = []
    app.extensions["carry"] = ids.append
    return ids


def promised(session: Session, name: str = "milk") -> Job:
    promise(session, "errand", key=f"errand:{name}", payload={"name": name})
    session.commit()
    job = session.scalars(select(Job).where(Job.key == f"errand:{name}")).one()
    session.commit()  # a transaction that is left open would hold SQLite's writers up
    return job


def again(session: Session, job: Job) -> Job:
    session.refresh(job)
    session.commit()
    return job


def test_a_promise_is_made_with_its_transaction(session, carried):
    job = promised(session)

    assert carried == [job.id]


def test_a_promise_of_a_transaction_that_fails_was_never_made(session, carried):
    promise(session, "errand", key="errand:milk", payload={"name": "milk"})
    session.rollback()
    session.add(Heartbeat(name="something else", at=clock.now()))
    session.commit()

    assert (session.scalars(select(Job)).all(), carried) == ([], [])


def test_a_second_promise_with_the_same_key_changes_nothing(session, carried):
    first = promised(session)
    promise(session, "errand", key=first.key, payload={"name": "another"})
    session.commit()

    (job,) = session.scalars(select(Job)).all()
    assert (job.payload, carried) == ({"name": "milk"}, [job.id])


def test_many_who_promise_the_same_at_once_promise_it_once(app, session):
    def act(_number: int) -> str:
        promised(db.session)
        return "promised"

    assert rush(app, 20, act) == {"promised": 20}
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_a_carrier_that_fails_breaks_nothing_for_the_promise_is_kept(app, session, errand):
    def lose(_job_id: int) -> None:
        raise OSError("the queue is gone")

    app.extensions["carry"] = lose

    job = promised(session)

    assert sweep() == 1
    assert again(session, job).done_at is not None


def test_a_job_is_done_in_pieces_and_once(session, errand, stopped_clock):
    job = promised(session)

    assert [perform(job.id), perform(job.id)] == [True, False]
    stopped_clock.forward(days=1)
    assert perform(job.id) is False  # its carrier may bring it once more, however late
    assert errand.done == ["milk-1", "milk-2"]
    assert again(session, job).done_at is not None


def test_two_performers_at_once_do_it_once(app, session, errand):
    job_id = promised(session).id

    assert rush(app, 8, lambda _number: str(perform(job_id))) == {"True": 1, "False": 7}
    assert errand.done == ["milk-1", "milk-2"]


def test_a_failure_is_tried_again_later_and_later_and_keeps_what_was_done(session, errand, stopped_clock):
    job, errand.to_fail = promised(session), 2

    waits = []
    for _attempt in range(2):
        assert perform(job.id) is False
        waits.append((again(session, job).run_after - clock.now()).total_seconds())
        assert (job.fault, job.done_at, job.lease_until) == ("RuntimeError", None, None)
        assert perform(job.id) is False  # not before its time
        stopped_clock.set(job.run_after)

    assert waits == [10, 20]
    assert perform(job.id) is True
    assert errand.done == ["milk-1", "milk-2"]


def test_a_job_that_always_fails_is_given_up_and_says_so(session, errand, stopped_clock):
    job, errand.to_fail = promised(session), 99
    for _attempt in range(MOST_ATTEMPTS):
        perform(job.id)
        stopped_clock.forward(days=1)

    assert sweep() == 0
    job = again(session, job)
    assert (job.attempts, job.failed_at is not None, job.done_at) == (MOST_ATTEMPTS, True, None)


def test_a_kind_that_nobody_handles_is_put_back(session, errand):
    promise(session, "unheard-of", key="x", payload={})
    session.commit()

    assert sweep() == 0
    assert session.scalars(select(Job.fault)).all() == ["KeyError"]


def test_what_a_killed_worker_held_is_done_after_its_lease_and_what_it_had_done_is_not_repeated(
    session, database, errand, stopped_clock
):
    job = promised(session)

    words = [database, str(job.id), clock.now().isoformat()]
    killed = subprocess.run([sys.executable, "-c", DYING_WORKER, *words], cwd=ROOT, check=False)

    assert killed.returncode == -9
    stopped_clock.set(again(session, job).lease_until)
    assert (job.attempts, job.done_at) == (1, None)
    assert sweep() == 0  # its lease is not over yet
    stopped_clock.forward(seconds=1)
    assert sweep() == 1
    assert errand.done == ["milk-2"]
    assert sweep() == 0


DYING_WORKER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from app import create_app
from kernel import clock, jobs
from kernel.models import Heartbeat
from kernel.settings import Settings

@jobs.handles("errand")
def errand(session, payload):
    session.add(Heartbeat(name="milk-1", at=clock.now()))
    yield
    session.add(Heartbeat(name="milk-2", at=clock.now()))
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
    yield

settings = Settings(instance=Path("/nowhere"), database_url=sys.argv[1], secret_key="x", testing=True)
with create_app(settings).app_context(), clock.frozen(datetime.fromisoformat(sys.argv[3])):
    jobs.perform(int(sys.argv[2]))
"""


def test_a_lease_grows_with_each_piece(session, errand, monkeypatch, stopped_clock):
    job, begun = promised(session), clock.now()
    leases = []

    def slow(session: Session, payload: dict[str, Any]) -> Iterator[None]:
        for _piece in range(3):
            stopped_clock.forward(minutes=4)
            yield
            leases.append(session.get_one(Job, job.id).lease_until)

    monkeypatch.setitem(jobs._handlers, "errand", slow)

    assert perform(job.id)
    assert leases == [begun + LEASE + timedelta(minutes=minutes) for minutes in (4, 8, 12)]


def test_the_sweep_does_what_is_due_and_leaves_what_is_not(session, errand, stopped_clock):
    now = promised(session)
    later = promised(session, "eggs")
    later.run_after = clock.now() + timedelta(minutes=1)
    session.commit()

    assert sweep() == 1
    assert (again(session, now).done_at, again(session, later).done_at) == (clock.now(), None)


def test_a_chore_that_fails_keeps_neither_the_others_nor_the_jobs_from_being_done(session, errand, monkeypatch):
    def broken(session: Session) -> None:
        session.add(Heartbeat(name="half done", at=clock.now()))
        session.flush()
        raise RuntimeError

    def sound(session: Session) -> None:
        session.add(Heartbeat(name="done", at=clock.now()))

    monkeypatch.setattr(jobs, "_chores", [broken, sound])
    job = promised(session)

    assert sweep() == 1
    assert again(session, job).done_at is not None
    assert session.get(Heartbeat, "done") is not None
    assert session.get(Heartbeat, "half done") is None


def test_in_a_running_city_huey_carries_the_promise(database, settings_for, errand: Errand):
    """As in `make run`: the commit queues the job's id on the database's own kind of queue, a worker performs it."""
    app = create_app(replace(settings_for(database), testing=False))
    with app.app_context():
        job = promised(db.session)
        huey = app.extensions["huey"]
        carried = huey.dequeue()
        huey.execute(carried)

        assert carried.args == (job.id,)
        assert again(db.session, job).done_at is not None
        db.engine.dispose()


@pytest.mark.parametrize("templates", ["postgresql"], indirect=True)
def test_processes_that_start_at_once_do_not_stumble_over_each_others_tables(app):
    def start(_number: int) -> str:
        jobs._make_huey(app.extensions["settings"]).storage.close()
        return "up"

    assert rush(app, 8, start) == {"up": 8}
