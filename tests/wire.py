"""What goes over the wire between a browser and the city: a relay counts every answer's body as it was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from playwright.sync_api import Page

WORKER = "navigator.serviceWorker.getRegistration().then(found => found && navigator.serviceWorker.ready).then(() => 1)"
OWN = {"transfer-encoding", "connection", "server", "date"}


class Relay(ThreadingHTTPServer):
    """Stands in front of the server at ``url``. ``weights``: path → bytes of the body, gzipped where it was."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(url).netloc
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.weights: dict[str, int] = {}

    def total(self) -> int:
        return sum(self.weights.values())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Relay

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        behind = HTTPConnection(self.server.behind, timeout=60)
        behind.request(self.command, self.path, body=body, headers=dict(self.headers.items()))
        answer = behind.getresponse()
        content = answer.read()
        self.server.weights[self.path] = self.server.weights.get(self.path, 0) + len(content)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OWN:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815  (the base's words)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base's word)
        pass


@contextmanager
def relay(url: str) -> Iterator[Relay]:
    between = Relay(url)
    thread = Thread(target=between.serve_forever, daemon=True)
    thread.start()
    try:
        yield between
    finally:
        between.shutdown()
        between.server_close()


def settled(page: Page) -> None:
    """Until the page, its pictures and fonts are there and the service worker, if it comes, has taken over."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => 1)")
    page.evaluate(WORKER)
    page.wait_for_load_state("networkidle")
