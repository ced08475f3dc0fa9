"""What a test asks for that looks at pages in their states."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from kernel.settings import Settings
from tests.apps import fresh, lent
from tests.databases import SqliteTemplates
from tests.live import launched
from tests.states.city import StatesCity, served
from tests.states.looking import Looker
from tests.states.things import Things, build, build_empty


@pytest.fixture(scope="session")
def cities(
    tmp_path_factory: pytest.TempPathFactory, sqlite_templates: SqliteTemplates
) -> Iterator[dict[str, StatesCity]]:
    """Both cities, on SQLite: what pages look like does not hang on the database. They are looked at, never changed."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(_served(sqlite_templates, tmp_path_factory.mktemp(name), builder))
            for name, builder in (("full", build), ("empty", build_empty))
        }


@contextmanager
def _served(templates: SqliteTemplates, folder: Path, builder: Callable[[], Things]) -> Iterator[StatesCity]:
    with ExitStack() as stack:
        url = stack.enter_context(templates.copy("migrated", lambda url: _migrate(_settings(url, folder))))
        app = stack.enter_context(fresh(_settings(url, folder)))  # pages that go wrong are added to it
        yield stack.enter_context(served(app, builder))


def _migrate(settings: Settings) -> None:
    with lent(settings) as app:
        result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 0, result.output


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        instance=folder,
        database_url=url,
        secret_key="test",
        proxies=1,
        log_level="CRITICAL",
        files_url=(folder / "files").as_uri(),
    )


@pytest.fixture(scope="module")
def looker(cities: dict[str, StatesCity]) -> Iterator[Looker]:
    """A browser's window in front of both cities. What a page complains of on its console fails the module."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        yield Looker(page, cities)
        browser.close()
    assert complaints == []
