"""Gateways of one test's own on this machine: they hear what is sent, and answer as they are told."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Reply:
    """What the gateway says; ``drip`` seconds pass before each byte of it."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


class Gateway:
    """An HTTP server on a free port of 127.0.0.1. ``replies`` are given one by one, then ``usual`` for ever."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.replies: list[Reply] = []
        self.usual = Reply()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def last(self) -> Heard:
        return self.heard[-1]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.heard.append(Heard(self.path, dict(self.headers.items()), body))
                reply = gateway.replies.pop(0) if gateway.replies else gateway.usual
                said = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                lines = [f"HTTP/1.0 {reply.status} said", f"Content-Length: {len(said)}"]
                lines += [f"{name}: {value}" for name, value in reply.headers.items()]
                self._say("\r\n".join([*lines, "", ""]).encode() + said, reply.drip)

            def _say(self, answer: bytes, drip: float) -> None:
                try:
                    for start in range(0, len(answer), 1 if drip else len(answer)):
                        time.sleep(drip)
                        self.wfile.write(answer[start : start + 1] if drip else answer)
                except OSError:  # whoever asked has gone
                    pass

            def log_message(self, *_about: object) -> None:
                pass

        return Handler


@contextmanager
def gateway() -> Iterator[Gateway]:
    running = Gateway()
    try:
        yield running
    finally:
        running.close()


def closed_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postman:
    """What an SMTP server does with its letters: keeps them, or refuses with the answers it was given."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.refusals: list[str] = []
        self.signed_in: list[bytes] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.letters.append(envelope)
        return "250 OK"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        self.signed_in.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def post_office(**how: Any) -> Iterator[tuple[Postman, int]]:
    """An SMTP server on a free port: its postman and the port."""
    postman = Postman()
    office = Controller(postman, hostname="127.0.0.1", port=closed_port(), authenticator=postman.authenticate, **how)
    office.start()
    try:
        yield postman, office.port
    finally:
        office.stop()
