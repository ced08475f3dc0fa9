"""The real thing: the demo city served by the processes of the Procfile, and a real browser in front of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from kernel.database import tame
from kernel.settings import ROOT, Settings
from tests.databases import Templates

PHONE = ViewportSize(width=360, height=740)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing that Chromium would ask of the world on its own account.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120  # seconds; machines that test are busy


@dataclass(frozen=True)
class City:
    """A demo city of one test's own: its database and its instance folder, with the demo sign-ins."""

    database: str
    instance: Path

    @property
    def accounts(self) -> Any:
        return json.loads((self.instance / "demo-accounts.json").read_text(encoding="utf-8"))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A look into the database from outside the app."""
        engine = create_engine(self.database)
        tame(engine)
        with Session(engine) as session:
            yield session
        engine.dispose()


@dataclass(frozen=True)
class Live:
    """A running city: where it answers."""

    url: str
    city: City


@pytest.fixture
def demo_city(templates: Templates, tmp_path: Path, flask: Callable[..., None]) -> Iterator[City]:
    """A migrated and seeded database; the seed itself ran once a session and kind."""
    first = tmp_path.parent / f"demo-{type(templates).__name__}"

    def prepare(url: str) -> None:
        flask(_settings(url, first), ["db", "upgrade"], ["seed"])

    with templates.copy("seeded", prepare) as url:
        shutil.copytree(first, tmp_path / "instance")
        yield City(database=url, instance=tmp_path / "instance")


@pytest.fixture
def live_server(demo_city: City) -> Iterator[Live]:
    """Web and worker as `make run` starts them, on a free port of this machine alone."""
    port = _free_port()
    environment = os.environ | {
        "DATABASE_URL": demo_city.database,
        "DCT_INSTANCE": str(demo_city.instance),
        "FLASK_SKIP_DOTENV": "1",
        "WEB_CONCURRENCY": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    honcho = [sys.executable, "-m", "honcho", "start", "--env", os.devnull, "--port", str(port)]
    log = demo_city.instance / "processes.log"
    with log.open("wb") as out:
        running = subprocess.Popen(honcho, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        _await(f"http://127.0.0.1:{port}/readyz", running=running, log=log)
        yield Live(url=f"http://127.0.0.1:{port}", city=demo_city)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=20)


@pytest.fixture
def browser(live_server: Live) -> Iterator[Browser]:
    """Chromium with an empty profile. Not kept from test to test: while it runs, so does an event loop of Playwright's
    in this thread, in which no app context can end; look into the database with ``City.session``.
    """
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


def launched(playwright: Playwright, *more: str) -> Browser:
    """This machine's Chromium, with ``more`` on its command line; whoever launches it closes it."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise RuntimeError("No Chromium here: apt-get install chromium, or leave these tests out: -m 'not browser'")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox, *more])


@pytest.fixture
def browser_page(browser: Browser, live_server: Live) -> Iterator[Page]:
    """A phone's page. Whatever a page complains about, or asks of any other host, fails the test at its end."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN", accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", partial(_hear, complaints))
    context.on(
        "request", lambda request: complaints.append(request.url) if _foreign(request.url, live_server) else None
    )
    yield page
    context.close()
    assert complaints == []


def _hear(complaints: list[str], message: Any) -> None:
    # An answer of 4xx is also said on the console; whether it was due is the test's to know.
    if message.type == "error" and "Failed to load resource" not in message.text:
        complaints.append(message.text)


def _foreign(url: str, live: Live) -> bool:
    return not url.startswith((live.url + "/", "data:", "blob:", "about:"))


def _settings(url: str, instance: Path) -> Settings:
    instance.mkdir(exist_ok=True)
    return Settings(instance=instance, database_url=url, secret_key="test", files_url=(instance / "files").as_uri())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, *, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The city did not come up:\n{log.read_text(errors='replace')}")
