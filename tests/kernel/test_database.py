"""Honest transactions on both databases, and times that never lose their zone."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import Base, db, writes
from kernel.models import Heartbeat, Job
from tests import make
from tests.listening import listening
from tests.rush import PATIENCE, rush

on_sqlite = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
HANOI = timezone(timedelta(hours=7))


def test_a_moment_comes_back_aware_and_the_same_whatever_its_zone(session):
    noon = datetime(2021, 9, 6, 12, 0, 0, 123456, HANOI)
    session.add(Heartbeat(name="x", at=noon))
    session.commit()
    session.expire_all()

    at = session.scalars(select(Heartbeat.at)).one()

    assert (at, at.utcoffset()) == (noon, timedelta(0))


@pytest.mark.parametrize("told", [{"n": 2**70}, {"n": -(2**63)}, {1: "a"}, {"a": [None, True, 1.5, "Đặng 😀"]}])
def test_json_comes_back_as_the_standard_library_would_have_it(session, told):
    session.add(Job(kind="x", key="x", payload=told, run_after=clock.now()))
    session.commit()
    session.expire_all()

    assert session.scalars(select(Job.payload)).one() == json.loads(json.dumps(told))


@pytest.mark.parametrize("told", [datetime(2021, 9, 6, tzinfo=HANOI), timedelta(1), {1, 2}])
def test_what_json_knows_nothing_of_is_refused(session, told):
    session.add(Job(kind="x", key="x", payload={"told": told}, run_after=clock.now()))

    with pytest.raises((StatementError, TypeError), match="serializable"):
        session.flush()


def test_a_time_without_a_zone_is_refused(session):
    session.add(Heartbeat(name="x", at=datetime(2021, 9, 6, 12)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="zone"):
        session.flush()


def test_moments_are_compared_in_the_database_as_moments(session):
    early, late = datetime(2021, 9, 6, 23, tzinfo=HANOI), datetime(2021, 9, 6, 17, tzinfo=timezone.utc)  # noqa: UP017
    session.add_all([Heartbeat(name="early", at=early), Heartbeat(name="late", at=late)])
    session.flush()

    assert session.scalars(select(Heartbeat.name).order_by(Heartbeat.at)).all() == ["early", "late"]
    assert session.scalars(select(Heartbeat.name).where(Heartbeat.at < late)).all() == ["early"]


def test_enums_are_readable_in_plain_sql(session):
    make.order()

    assert session.execute(text("SELECT state, origin FROM orders")).one() == ("open", "shop")


def test_foreign_keys_hold(session):
    order = make.order()
    order.ward_id = 999_999

    with pytest.raises(IntegrityError):
        session.flush()


def test_the_migrations_make_exactly_the_tables_of_the_models(session):
    in_database = set(inspect(db.engine).get_table_names()) - {"alembic_version"}

    assert in_database == set(Base.metadata.tables)
    for name, table in Base.metadata.tables.items():
        assert {c["name"] for c in inspect(db.engine).get_columns(name)} == {c.name for c in table.columns}, name


def add_one(session: Session) -> None:
    """Read, decide, write: in one transaction that nobody can step into."""
    attempts = session.scalars(select(Job.attempts).with_for_update()).one()
    session.execute(text("UPDATE jobs SET attempts = :n"), {"n": attempts + 1})
    session.commit()


def counter(session: Session) -> None:
    session.add(Job(kind="x", key="x", payload={}, run_after=clock.now()))
    session.commit()


def test_no_increment_is_lost_however_many_come_at_once(app, session):
    counter(session)

    def act(_number: int) -> str:
        add_one(db.session)
        return "done"

    assert rush(app, 40, act) == {"done": 40}
    assert session.scalars(select(Job.attempts)).one() == 40


@on_sqlite
def test_control_with_the_drivers_own_transactions_increments_are_lost(app, session, database):
    """Both read before either writes: the driver begins a transaction only with the write."""
    counter(session)
    untamed = create_engine(database)
    both_have_read = Barrier(2)

    def act(_number: int) -> str:
        with untamed.begin() as connection:
            attempts = connection.scalar(text("SELECT attempts FROM jobs"))
            both_have_read.wait(PATIENCE)
            connection.execute(text("UPDATE jobs SET attempts = :n"), {"n": attempts + 1})
        return "done"

    assert rush(app, 2, act) == {"done": 2}
    assert session.scalars(select(Job.attempts)).one() == 1
    untamed.dispose()


@pytest.fixture
def begun() -> Iterator[Callable[[], list[str]]]:
    """How transactions were begun since it was last asked, in order."""
    with listening() as heard:

        def said() -> list[str]:
            found = [each.statement for each in heard if each.statement.startswith("BEGIN")]
            heard.clear()
            return found

        yield said


@on_sqlite
def test_a_page_that_only_reads_does_not_wait_for_writers(session, client, begun):
    session.commit()
    begun()

    client.get("/")

    assert begun() == ["BEGIN"]


@on_sqlite
def test_a_form_begins_as_a_writer(session, client, begun):
    make.submit(client, "/track", code="DCKHV6B9D", last4="1111")
    session.commit()
    begun()
    token = make.csrf_token(client, "/track")

    client.post("/track", data={"csrf_token": token, "code": "DCKHV6B9D", "last4": "1111"})

    assert set(begun()) == {"BEGIN IMMEDIATE"}


@pytest.mark.own_app
@on_sqlite
def test_a_page_that_writes_what_it_shows_begins_as_a_writer(app: Flask, session, client, begun):
    @app.get("/logged")
    @writes
    def logged() -> str:
        db.session.add(Heartbeat(name="seen", at=clock.now()))
        db.session.commit()
        return ""

    session.commit()
    begun()

    assert client.get("/logged").status_code == 200
    assert begun() == ["BEGIN IMMEDIATE"]
    assert session.get(Heartbeat, "seen") is not None


@on_sqlite
def test_every_connection_keeps_what_it_wrote_and_checks_what_it_refers_to(app, session):
    pragmas = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}

    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
