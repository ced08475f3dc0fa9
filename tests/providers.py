"""Providers of the tests: they call our webhooks as SePay, Casso and payOS do, signed with the app's keys."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel import clock
from kernel.hooks import HookKeys
from kernel.jobs import sweep
from kernel.settings import Settings
from tests import make

KEYS = HookKeys(
    sepay_key="sepay-api-key",
    sepay_secret="sepay-hmac-secret",
    casso_key="casso-key",
    casso_token="casso-v1-secret",
    payos_key="payos-key",
)

Headers = dict[str, str]


def give_keys(app: Flask, keys: HookKeys = KEYS) -> None:
    """The app's settings with these keys."""
    settings: Settings = app.extensions["settings"]
    fields = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    app.extensions["settings"] = Settings(**{**fields, "hooks": keys})


def sepay(
    number: int, amount: int = 100_000, memo: str = "DCK7M2Q9A 0912345678", *, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """What SePay says of one movement."""
    return {
        "id": number,
        "gateway": "Vietcombank",
        "transactionDate": _wall(at),
        "accountNumber": make.ACCOUNT,
        "subAccount": None,
        "code": None,
        "content": memo,
        "transferType": "in",
        "description": "",
        "transferAmount": amount,
        "accumulated": 0,
        "referenceCode": "",
    } | more


def casso(
    number: int, amount: int = 100_000, memo: str = "DCK7M2Q9A 0912345678", *, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """What Casso's second version says of one movement."""
    data = {
        "id": number,
        "reference": "",
        "description": memo,
        "amount": amount,
        "runningBalance": 0,
        "transactionDateTime": _wall(at),
        "accountNumber": make.ACCOUNT,
        "bankName": "Vietcombank",
        "bankAbbreviation": "VCB",
    }
    return {"error": 0, "data": data | more}


def payos(
    reference: str, amount: int = 100_000, memo: str = "DCK7M2Q9A", *, at: datetime | None = None, **more: Any
) -> dict[str, Any]:
    data: dict[str, Any] = {
        "orderCode": 123,
        "amount": amount,
        "description": memo,
        "accountNumber": make.ACCOUNT,
        "reference": reference,
        "transactionDateTime": _wall(at),
        "currency": "VND",
        "code": "00",
        "counterAccountName": None,
    }
    return {"code": "00", "success": True, "data": data | more}


def signed(provider: str, told: Mapping[str, Any], *, at: datetime | None = None) -> tuple[bytes, Headers]:
    """Body and headers as the provider sends them now, or at a given moment."""
    body = json.dumps(told).encode()
    moment = int((at or clock.now()).timestamp())
    if provider == "sepay":
        return body, {
            "Authorization": f"Apikey {KEYS.sepay_key}",
            "X-SePay-Timestamp": str(moment),
            "X-SePay-Signature": "sha256=" + _hmac(KEYS.sepay_secret, f"{moment}.".encode() + body, hashlib.sha256),
        }
    if provider == "casso":
        form = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        signature = _hmac(KEYS.casso_key, f"{moment}000.{form}".encode(), hashlib.sha512)
        return body, {"X-Casso-Signature": f"t={moment}000,v1={signature}"}
    data = told["data"]
    flat = "&".join(f"{key}={'' if data[key] is None else data[key]}" for key in sorted(data))
    return json.dumps({**told, "signature": _hmac(KEYS.payos_key, flat.encode(), hashlib.sha256)}).encode(), {}


def call(client: FlaskClient, provider: str, told: Mapping[str, Any]) -> TestResponse:
    """The provider calls; nothing is booked yet."""
    body, headers = signed(provider, told)
    return client.post(f"/hooks/{provider}", data=body, headers=headers, content_type="application/json")


def tell(client: FlaskClient, provider: str, told: Mapping[str, Any]) -> None:
    """The provider calls, is answered, and the worker has done its work."""
    answer = call(client, provider, told)
    assert (answer.status_code, answer.json) == (200, {"success": True}), answer.text
    work()


def work() -> None:
    """The worker's turn, until nothing is left to do."""
    while sweep():
        pass


def _wall(at: datetime | None) -> str:
    return clock.local(at or clock.now()).strftime("%Y-%m-%d %H:%M:%S")


def _hmac(key: str, message: bytes, digest: Any) -> str:
    return hmac.new(key.encode(), message, digest).hexdigest()
