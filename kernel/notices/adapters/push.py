"""Web push: a message sealed for one browser (RFC 8291), signed with our key (RFC 8292), left at its push service."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from kernel import clock
from kernel.notices.config import WebPush
from kernel.notices.http import post
from kernel.notices.letters import Fault, Letter

KEEP = timedelta(hours=12)
"""How long a push service keeps a message for a phone that is off."""

LONGEST_ENDPOINT = 1000


class BadSubscription(ValueError):
    """What a browser's subscription must be, it is not."""


@dataclass(frozen=True, slots=True)
class Push:
    """Sends to the browser that asked for it."""

    settings: WebPush
    private_key: str
    seconds: float

    def __call__(self, letter: Letter) -> str:
        endpoint, keys = letter.address, letter.keys
        check_endpoint(endpoint, self.settings)
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEEP.total_seconds())),
            "Urgency": "normal",
            "Topic": letter.key[:32],  # a repetition takes the place of what still waits there
            **self._signature(endpoint),
        }
        sealed = seal(_message(letter), keys)
        outside = not self.settings.here
        answer = post(endpoint, sealed, headers, seconds=self.seconds, strange=True, public_only=outside)
        return answer.header("Location").rpartition("/")[2][:60]

    def _signature(self, endpoint: str) -> Mapping[str, str]:
        parts = urlsplit(endpoint)
        until = int((clock.now() + KEEP).timestamp())
        claims = {"sub": self.settings.contact, "aud": f"{parts.scheme}://{parts.netloc}", "exp": until}
        signed = Vapid02.from_string(self.private_key).sign(claims)
        return {"Authorization": str(signed["Authorization"])}


def new_private_key() -> str:
    """A fresh key of P-256, as 32 bytes in base64url: what VAPID calls the raw form."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _encoded(number.to_bytes(32, "big"))


def public_key(private_key: str) -> str:
    """What a browser is given to know us by: the uncompressed point in base64url."""
    point = ec.derive_private_key(int.from_bytes(_decoded(private_key), "big"), ec.SECP256R1()).public_key()
    numbers = point.public_numbers()
    return _encoded(b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big"))


def seal(content: bytes, keys: Mapping[str, Any]) -> bytes:
    """Only the browser with these keys can read it. A key that is none is a fault for good."""
    try:
        return bytes(
            http_ece.encrypt(
                content,
                salt=secrets.token_bytes(16),
                private_key=ec.generate_private_key(ec.SECP256R1()),
                dh=_decoded(str(keys["p256dh"])),
                auth_secret=_decoded(str(keys["auth"])),
                version="aes128gcm",
            )
        )
    except (http_ece.ECEException, ValueError, KeyError) as fault:
        raise Fault("bad-keys", passing=False, gone=True) from fault


def read_subscription(sent: Any, settings: WebPush) -> tuple[str, dict[str, str]]:
    """Endpoint and keys of what a browser's ``PushSubscription.toJSON()`` sent, or BadSubscription."""
    if not isinstance(sent, dict) or not isinstance(sent.get("keys"), dict):
        raise BadSubscription("shape")
    endpoint, keys = sent.get("endpoint"), sent["keys"]
    kept = {name: keys.get(name) for name in ("p256dh", "auth")}
    if not isinstance(endpoint, str) or not all(isinstance(key, str) for key in kept.values()):
        raise BadSubscription("shape")
    try:
        check_endpoint(endpoint, settings)
        _check_keys(_decoded(kept["p256dh"]), _decoded(kept["auth"]))
    except (Fault, ValueError) as fault:
        raise BadSubscription("content") from fault
    return endpoint, kept


def check_endpoint(endpoint: str, settings: WebPush) -> None:
    """Only what is a push service's address: whoever subscribes must not choose whom our server talks to."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as fault:
        raise Fault("bad-endpoint", passing=False, gone=True) from fault
    usual = parts.scheme == "https" and port in (None, 443)
    plain = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and "@" not in parts.netloc
    lawful = plain and len(endpoint) <= LONGEST_ENDPOINT and (usual or settings.here)
    if not (lawful and _known(parts.hostname, settings)):
        raise Fault("bad-endpoint", passing=False, gone=True)


def _known(host: str | None, settings: WebPush) -> bool:
    return bool(host) and any(
        str(host).endswith(known[1:]) if known.startswith("*.") else host == known for known in settings.hosts
    )


def _check_keys(point: bytes, auth: bytes) -> None:
    if len(auth) != 16:
        raise ValueError("auth")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def _message(letter: Letter) -> bytes:
    """What push-worker.js shows. At most 4096 bytes leave a service sure to take it: ours are under 1,000."""
    said = {"title": letter.words.title, "body": letter.words.text, "link": letter.words.link, "tag": letter.event}
    return json.dumps(said, ensure_ascii=False).encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str | None) -> bytes:
    try:
        return base64.urlsafe_b64decode(str(text).encode("ascii").rstrip(b"=") + b"==")
    except (binascii.Error, UnicodeEncodeError) as fault:
        raise ValueError("base64") from fault
