"""What the tests stand on, tried itself: databases apart, sessions apart, a clock that stops."""

import secrets
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.models import Heartbeat
from tests.apps import lent


def beats(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM heartbeats")).scalar_one())


def leave_a_beat(session: Session) -> None:
    session.add(Heartbeat(name=secrets.token_hex(4), at=clock.now()))


def test_each_test_runs_on_both_databases(database, templates, request):
    assert request.node.callspec.params == {"templates": make_url(database).get_backend_name()}


def test_a_database_begins_migrated_and_without_what_others_left(session):
    assert beats(session) == 0
    leave_a_beat(session)
    session.commit()


test_the_next_test_finds_nothing_of_it = test_a_database_begins_migrated_and_without_what_others_left


def test_what_a_test_puts_into_an_app_is_gone_for_the_next(database, settings_for):
    with lent(settings_for(database)) as app:
        app.config["MARK"] = app.extensions["mark"] = True

    with lent(settings_for(database)) as again:
        assert again is app
        assert not {"MARK", "mark"} & {*again.config, *again.extensions}


def test_two_at_a_time_are_two_apps_each_on_its_own_database(sqlite_templates, settings_for):
    def nothing(url: str) -> None:
        create_engine(url).connect().close()

    with ExitStack() as stack:
        urls = [stack.enter_context(sqlite_templates.copy("blank", nothing)) for _each in range(2)]
        apps = [stack.enter_context(lent(settings_for(url))) for url in urls]
        for app, name in zip(apps, ("first", "second"), strict=True):
            with app.app_context():
                db.session.execute(text(f"CREATE TABLE {name} (id INTEGER)"))
                db.session.commit()
        found = [_tables(app) for app in apps]

    assert found == [["first"], ["second"]]


def _tables(app):
    with app.app_context():
        return inspect(db.engine).get_table_names()


@pytest.mark.own_app
def test_a_request_sees_what_the_test_prepared_but_only_what_it_commits_stays(app: Flask, session, client):
    seen = []

    @app.post("/forgets-to-commit")
    def forgets() -> str:
        seen.append(beats(db.session))
        leave_a_beat(db.session)
        db.session.flush()
        return ""

    app.config["WTF_CSRF_ENABLED"] = False
    leave_a_beat(session)
    client.post("/forgets-to-commit")

    assert seen == [1]
    assert beats(session) == 1


@pytest.mark.own_app
def test_a_command_has_a_session_of_its_own(app: Flask, session, cli_runner):
    seen = []

    @app.cli.command("look")
    def look() -> None:
        seen.append((beats(db.session), db.session is session))

    leave_a_beat(session)
    cli_runner.invoke(args=["look"])

    assert seen == [(1, False)]


def test_the_clock_stands_still_until_it_is_moved(stopped_clock):
    before = clock.now()

    stopped_clock.forward(hours=2)

    assert (clock.now() - before).total_seconds() == 7200
