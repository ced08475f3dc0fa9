"""A demo city that is gone at the end, with an order to look at and a clerk signed in; served as in production."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds
PRIVATE = ("is-crawlable",)
RECIPIENT = {"name": "Trần Thị Bưởi", "phone": "0912345678", "ward": "Dĩ An", "address": "12 Lý Thường Kiệt"}


@dataclass(frozen=True)
class Page:
    """What Lighthouse visits, and as whom. ``skipped``: audits that are meant to fail here."""

    name: str
    url: str
    cookie: str = ""
    desktop: bool = False
    skipped: tuple[str, ...] = ()


class Visitor:
    """Fills in forms as a browser without scripts does."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    @property
    def cookie(self) -> str:
        return "; ".join(f"{each.name}={each.value}" for each in self.cookies)

    def get(self, path: str) -> str:
        with self._opener.open(self.url + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def send(self, path: str, *, page: str = "", **fields: str) -> str:
        """Post a form that stands on ``page``; the address that it leads to."""
        (token, *_others) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page or path))
        body = urllib.parse.urlencode({**fields, "csrf_token": token}).encode()
        with self._opener.open(self.url + path, data=body, timeout=PATIENCE) as answer:
            return str(answer.geturl())


@contextmanager
def city() -> Iterator[list[Page]]:
    """The pages to judge, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="market-") as folder, _served(Path(folder)) as url:
        yield _pages(url, Path(folder))


def _pages(url: str, instance: Path) -> list[Page]:
    shopper, resident, clerk = Visitor(url), Visitor(url), Visitor(url)
    for each in (shopper, resident):
        each.send("/basket/add", page="/", combo="C02", quantity="1")
    delivery = re.findall(r'name="round"[^>]*value="(\d+)"', resident.get("/checkout"))[0]
    order = resident.send("/checkout", **RECIPIENT, round=delivery, consent="y")
    accounts = json.loads((instance / "demo-accounts.json").read_text(encoding="utf-8"))
    clerk.send("/sign-in", username="kinhte1", password=accounts[0]["password"])
    return [
        Page("shop", f"{url}/"),
        Page("checkout", f"{url}/checkout", shopper.cookie),
        Page("order page", order, skipped=PRIVATE),
        Page("desk, on a phone", f"{url}/desk", clerk.cookie),
        Page("desk", f"{url}/desk", clerk.cookie, desktop=True),
    ]


@contextmanager
def _served(instance: Path) -> Iterator[str]:
    """The address of web and worker as `make run` starts them, behind no proxy."""
    port = _free_port()
    environment = os.environ | {
        "DCT_INSTANCE": str(instance),
        "DATABASE_URL": "",
        "FLASK_SKIP_DOTENV": "1",
        "WEB_CONCURRENCY": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    for command in ("db upgrade", "seed"):
        subprocess.run(
            [sys.executable, "-m", "flask", *command.split()],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    honcho = [sys.executable, "-m", "honcho", "start", "--env", os.devnull, "--port", str(port)]
    log = (instance / "processes.log").open("wb")
    running = subprocess.Popen(honcho, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _await(f"http://127.0.0.1:{port}/readyz", running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=20)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("The city did not come up.")
