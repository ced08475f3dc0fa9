"""What every test may ask for: a migrated database of each kind, the app on it, a client, a stopped clock."""

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_babel import force_locale
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.settings import Settings
from tests import books, make
from tests.apps import fresh, lent
from tests.databases import (
    PostgresqlTemplates,
    SqliteTemplates,
    Templates,
    fast_folder,
    named_server,
    postgresql_server,
    temporary_folder,
)

ON_BOTH_IN_CI = (
    "tests/guards/",
    "tests/histories/",
    "tests/kernel/",
    "tests/orders/payments/close/test_at_once.py",
    "tests/orders/payments/feeds/",
    "tests/orders/payments/lookup/",
    "tests/orders/payments/refunds/test_keep.py",
    "tests/orders/payments/test_queries.py",
    "tests/orders/payments/test_reconcile.py",
    "tests/orders/payments/test_settle.py",
    "tests/orders/payments/test_undo_restores.py",
    "tests/orders/rota/",
    "tests/orders/test_capacity.py",
    "tests/scenarios/test_a_rush_on_the_real_server.py",
    "tests/scenarios/test_main_job.py",
    "tests/scenarios/test_side_by_side.py",
    "tests/scenarios/test_three_suppliers.py",
    "tests/suppliers/complaints/test_decide.py",
    "tests/suppliers/shortages/test_declare.py",
    "tests/suppliers/test_dispatch.py",
    "tests/suppliers/test_old_manifests.py",
)
"""Where the two databases differ most: guards, locks, plans, money. What else touches a database meets one of them in
CI, half of it SQLite, half PostgreSQL, or the only one that it is for; with `make test` all of it meets both."""

pytest_plugins = ["tests.live", "tests.pictures", "tests.states.fixtures"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("CI"):
        met = Counter(_whichever_database(item) for item in items)
        kept = [item for item in items if met[_whichever_database(item)] == 1 or _meets_its_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def _database(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    database = callspec.params.get("templates") if callspec else None
    return database if isinstance(database, str) else ""


def _whichever_database(item: pytest.Item) -> str:
    """The test's name without its database's."""
    return item.nodeid.replace(_database(item), "") if _database(item) else item.nodeid


def _meets_its_database(item: pytest.Item) -> bool:
    """Whether this is the database which the test meets in CI: by its name, so every process finds the same."""
    if not _database(item) or item.nodeid.startswith(ON_BOTH_IN_CI):
        return True
    return _database(item) == ("sqlite", "postgresql")[zlib.crc32(_whichever_database(item).encode()) % 2]


class Hands:
    """The hands of the stopped clock."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def set(self, moment: datetime) -> None:
        self._stack.enter_context(clock.frozen(moment))

    def forward(self, **span: float) -> None:
        """Let time pass: ``forward(hours=2)``."""
        self.set(clock.now() + timedelta(**span))


class Visitor(FlaskClient):
    """A client whose requests see what the test's session has prepared: it is committed before each of them."""

    def run_wsgi_app(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        # Flask would lend the test's app context to the request, and with it the test's session and its user.
        with self.application.app_context():
            return super().run_wsgi_app(*args, **kwargs)


class Operator(FlaskCliRunner):
    """A shell whose commands see what the test's session has prepared."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        db.session.commit()
        with self.app.app_context(), force_locale("en"):
            return super().invoke(*args, **kwargs)


@pytest.fixture(autouse=True)
def _numbers_begin_anew() -> None:
    make.begin_anew()


@pytest.fixture(scope="session")
def sqlite_templates() -> Iterator[Templates]:
    with temporary_folder(fast_folder()) as folder:
        yield SqliteTemplates(folder)


@pytest.fixture(scope="session")
def postgresql_templates() -> Iterator[Templates]:
    """Databases of the server that TEST_DATABASE_URL names, else of one that lives as long as this session."""
    with ExitStack() as stack:
        named = named_server()
        templates = PostgresqlTemplates(
            named or stack.enter_context(postgresql_server()),
            by_files=named is None,
        )
        yield templates
        templates.drop_templates()


@pytest.fixture(params=["sqlite", "postgresql"])
def templates(request: pytest.FixtureRequest) -> Templates:
    """Both kinds, one after the other: whoever touches a database is tested on each."""
    chosen: Templates = request.getfixturevalue(f"{request.param}_templates")
    return chosen


@pytest.fixture
def database(templates: Templates, settings_for: Callable[[str], Settings]) -> Iterator[str]:
    """The URL of a migrated database of this test's own, without residents, staff or goods."""
    with templates.copy("migrated", lambda url: run_commands(settings_for(url), ["db", "upgrade"])) as url:
        yield url


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[[str], Settings]:
    """Settings of a test on the database with a given URL."""

    def build(url: str) -> Settings:
        return Settings(
            instance=tmp_path,
            database_url=url,
            secret_key="test",
            testing=True,
            files_url=(tmp_path / "files").as_uri(),
        )

    return build


@pytest.fixture
def app(request: pytest.FixtureRequest, database: str, settings_for: Callable[[str], Settings]) -> Iterator[Flask]:
    """The whole app on this test's own database. A test that adds to the app itself asks for one of its own."""
    given = fresh if request.node.get_closest_marker("own_app") else lent
    with given(settings_for(database)) as app:
        yield app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The test's own session, in an app context of its own: of a request's work it sees only what was committed."""
    with app.app_context(), force_locale("en"):
        yield db.session


@pytest.fixture
def right_books(session: Session) -> Iterator[None]:
    """At the end every rule of the ledger holds, over all that the test has committed."""
    yield
    session.rollback()
    books.check(session)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A visitor who reads English: tests name the words of the source, whatever they are translated into."""
    app.test_client_class = Visitor
    visitor = app.test_client()
    visitor.set_cookie("language", "en")
    return visitor


@pytest.fixture
def cli_runner(app: Flask, session: Session) -> FlaskCliRunner:
    return Operator(app)


@pytest.fixture
def flask() -> Callable[..., None]:
    """Run `flask` commands on given settings; a failing one fails the test."""
    return run_commands


@pytest.fixture
def stopped_clock() -> Iterator[Hands]:
    """The clock stands still, on a Monday morning in Vietnam, until the test moves it."""
    with ExitStack() as stack:
        hands = Hands(stack)
        hands.set(clock.at(date(2021, 9, 6), 9))
        yield hands


def run_commands(settings: Settings, *commands: list[str]) -> None:
    with lent(settings) as app:
        for words in commands:
            result = app.test_cli_runner().invoke(args=words)
            assert result.exit_code == 0, f"flask {' '.join(words)}: {result.output}\n{result.exception!r}"
