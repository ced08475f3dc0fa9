"""One POST to a gateway: no redirects followed, every wait bounded, and on demand to public addresses only."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from kernel import clock
from kernel.notices.letters import Fault

LONGEST_ANSWER = 64 * 1024
LONGEST_WAIT = 24 * 3600  # what a gateway may ask for by Retry-After, in seconds
PASSING = {408, 421, 425, 429}
OURS = {401, 403, 404, 405, 407, 410}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a request that was understood (2xx)."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")

    def json(self) -> dict[str, Any]:
        """The body as an object, or a passing fault: a gateway that stammers is ill, the letter is not."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise Fault("malformed-answer", passing=True, everyone=True)
        return found


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    strange: bool = False,
    public_only: bool = False,
) -> Answer:
    """POST, or a Fault. ``seconds`` bound all of it.

    ``strange``: the address comes from a visitor, not from our settings. ``public_only``: never one of our own network.
    """
    try:
        with _connected(url, seconds, public_only=public_only) as connection:
            connection.request("POST", _path(url), body=body, headers=dict(headers))
            response = connection.getresponse()
            answer = Answer(response.status, dict(response.headers.items()), response.read(LONGEST_ANSWER))
    except TimeoutError as fault:
        raise Fault("timeout", passing=True, everyone=True) from fault
    except ssl.SSLCertVerificationError as fault:
        raise Fault("certificate", passing=True, everyone=True) from fault
    except (OSError, http.client.HTTPException, ValueError) as fault:
        # Also what our own timer cut off: a gateway that drips.
        raise Fault("unreachable", passing=True, everyone=True) from fault
    _check(answer, strange=strange)
    return answer


def _check(answer: Answer, *, strange: bool) -> None:
    """4xx: it would be refused again. 5xx, 429 and the like: later. A redirect is no gateway's answer.

    A gateway of our own settings that knows no such address or password is the office's to mend: letters wait for that.
    """
    if 200 <= answer.status < 300:
        return
    ours = not strange and (answer.status in OURS or answer.status < 400)
    passing = answer.status >= 500 or answer.status in PASSING or ours
    raise Fault(
        f"http-{answer.status}",
        passing=passing,
        everyone=passing and not strange,
        gone=strange and answer.status in {404, 410},
        retry_after=_retry_after(answer.header("Retry-After")) if passing else None,
    )


def _retry_after(text: str) -> int | None:
    """Seconds, given as such or as a date; at most a day."""
    if text.strip().isdigit():
        return min(int(text), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - clock.now()).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(0, round(wait)), LONGEST_WAIT)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@contextmanager
def _connected(url: str, seconds: float, *, public_only: bool) -> Iterator[http.client.HTTPConnection]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    host = parts.hostname or ""
    raw = _reach(host, port, seconds, public_only=public_only)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    timer = threading.Timer(seconds, _cut, [raw])
    timer.daemon = True
    timer.start()
    try:
        connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
        yield connection
    finally:
        timer.cancel()
        connection.close()
        raw.close()


def _cut(connection: socket.socket) -> None:
    """Each read may be quick while the whole lasts for ever."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        connection.close()


def _reach(host: str, port: int, seconds: float, *, public_only: bool) -> socket.socket:
    """A connection to the address that was looked at: a name must not mean another one a moment later."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [entry for entry in found if not public_only or is_public(str(entry[4][0]))]
    if not addresses:
        raise Fault("private-address", passing=False)
    last: OSError | None = None
    for family, kind, protocol, _name, address in addresses[:3]:
        reached = socket.socket(family, kind, protocol)
        reached.settimeout(seconds)
        try:
            reached.connect(address)
        except OSError as fault:
            reached.close()
            last = fault
            continue
        return reached
    raise last or OSError("no address")


def is_public(address: str) -> bool:
    """Whether a machine out in the world has this address: not ours, not this network's, not one inside another."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if inner is not None:
        return is_public(str(inner))
    return found.is_global and not found.is_multicast
