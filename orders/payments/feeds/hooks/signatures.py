"""Did the provider send this? Each has its own way to sign; all are compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.datastructures import Headers

from kernel.hooks import HookKeys
from orders.payments.feeds.tellings.told import Feed

LATEST = timedelta(minutes=5)


class WrongSignature(Exception):
    """Not signed, signed with another key, or too late. Nothing is kept of it."""


def can_sign(provider: Feed, keys: HookKeys) -> bool:
    """Whether we hold a key of this provider's."""
    held = {
        Feed.SEPAY: keys.sepay_key or keys.sepay_secret,
        Feed.CASSO: keys.casso_key or keys.casso_token,
        Feed.PAYOS: keys.payos_key,
    }
    return bool(held.get(provider))


def check(provider: Feed, headers: Headers, body: bytes, *, keys: HookKeys, at: datetime) -> str:
    """Answers the time that the sender signed, as it wrote it, or raises WrongSignature."""
    if provider is Feed.SEPAY:
        return _sepay(headers, body, keys=keys, at=at)
    if provider is Feed.CASSO:
        return _casso(headers, body, keys)
    return _payos(body, keys)


def _sepay(headers: Headers, body: bytes, *, keys: HookKeys, at: datetime) -> str:
    sent_at = headers.get("X-SePay-Timestamp", "")
    if not keys.sepay_secret:
        _compare(headers.get("Authorization", ""), f"Apikey {keys.sepay_key}")
        return sent_at[:40]
    _compare(headers.get("X-SePay-Signature", ""), "sha256=" + _hmac(keys.sepay_secret, sent_at.encode() + b"." + body))
    if not sent_at.isascii() or not sent_at.isdigit() or len(sent_at) > 11:
        raise WrongSignature
    if abs(at - datetime.fromtimestamp(int(sent_at), UTC)) > LATEST:
        raise WrongSignature
    return sent_at


def _casso(headers: Headers, body: bytes, keys: HookKeys) -> str:
    signed = headers.get("X-Casso-Signature", "")
    if not signed:
        _compare(headers.get("secure-token", ""), keys.casso_token)
        return ""
    parts = dict(part.strip().partition("=")[::2] for part in signed.split(","))
    told = _loaded(body)
    expected = [
        _hmac(keys.casso_key, f"{parts.get('t', '')}.{form}".encode(), hashlib.sha512) for form in canonical_forms(told)
    ]
    if not keys.casso_key or not any(_same(parts.get("v1", ""), each) for each in expected):
        raise WrongSignature
    return parts["t"][:40]


def canonical_forms(told: Any) -> list[str]:
    """JSON with sorted keys, as senders write it: with or without ``\\/``, with or without ``\\u1ea1``."""
    plain = [json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=ascii_) for ascii_ in (False, True)]
    return [form for text in plain for form in (text, text.replace("/", "\\/"))]


def _payos(body: bytes, keys: HookKeys) -> str:
    told = _loaded(body)
    if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
        raise WrongSignature
    data = told["data"]
    signed = "&".join(f"{key}={_flat(data[key])}" for key in sorted(data))
    _compare(str(told.get("signature", "")), _hmac(keys.payos_key, signed.encode("utf-8", "replace")))
    return ""


def _flat(value: Any) -> str:
    if value is None or value in ("null", "undefined"):
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise WrongSignature from fault


def _hmac(key: str, message: bytes, digest: Any = hashlib.sha256) -> str:
    return hmac.new(key.encode(), message, digest).hexdigest()


def _compare(given: str, expected: str) -> None:
    if not _same(given, expected):
        raise WrongSignature


def _same(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
