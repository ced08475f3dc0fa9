"""Zalo: a ZNS template to a phone, or a message of the Official Account to somebody who follows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from kernel.notices.config import ZaloOa
from kernel.notices.http import post
from kernel.notices.letters import Fault, Letter

FOLLOWER = "user:"
"""An address that begins so is a follower's number at the Official Account; any other is a phone."""

# What Zalo says in the body of a 200. https://zalo.cloud/zns/guidelines/handle-error-code
TOKEN_WORN = {-124, -216, -220}
LATER = {-100, -32, -133, -144, -147, -211}  # unknown, too fast, night, quota of the day or of the template
UNPAID = {-115}
NOBODY = {-108, -110, -114, -118, -119, -139, -201, -213, -217, -219}
"""This person cannot be reached by Zalo: no account, an old app, has said no."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a refresh brought. The refresh token is good for one more refresh only."""

    access: str
    refresh: str
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Zalo:
    """Sends with an access token that somebody keeps fresh (``kernel.notices.tokens``)."""

    settings: ZaloOa
    access_token: str
    seconds: float

    def __call__(self, letter: Letter) -> str:
        if letter.address.startswith(FOLLOWER):
            url, body = f"{self.settings.oa_url}/v3.0/oa/message/cs", _to_follower(letter)
        else:
            url, body = f"{self.settings.zns_url}/message/template", self._to_phone(letter)
        headers = {"Content-Type": "application/json", "access_token": self.access_token}
        said = post(url, json.dumps(body, ensure_ascii=False).encode(), headers, seconds=self.seconds).json()
        return _receipt(said)

    def _to_phone(self, letter: Letter) -> dict[str, Any]:
        template = self.settings.templates.get(letter.event)
        if template is None:
            raise Fault("no-template", passing=False)
        return {
            "phone": "84" + letter.address.removeprefix("0"),
            "template_id": template,
            "template_data": dict(letter.fields),
            "tracking_id": letter.key,
        }


def _to_follower(letter: Letter) -> dict[str, Any]:
    return {
        "recipient": {"user_id": letter.address.removeprefix(FOLLOWER)},
        "message": {"text": letter.words.text[:2000]},
    }


def _receipt(said: Mapping[str, Any]) -> str:
    """Zalo's number of the message. An error's code stands in the body of a 200."""
    code = said.get("error")
    if code == 0:
        data = said.get("data")
        found = (data.get("msg_id") or data.get("message_id") or "") if isinstance(data, dict) else ""
        return str(found)[:60]
    if not isinstance(code, int):
        raise Fault("malformed-answer", passing=True, everyone=True)
    passing = code in TOKEN_WORN | LATER | UNPAID
    raise Fault(f"zalo{code}", passing=passing, everyone=passing)


def token_worn(fault: Fault) -> bool:
    """Whether the access token was refused: a new one may help."""
    return fault.code in {f"zalo{code}" for code in TOKEN_WORN}


def refresh(settings: ZaloOa, refresh_token: str, *, seconds: float) -> Tokens:
    """Give the refresh token away for new ones, or a Fault. The old one is worthless from now on."""
    body = urlencode({"refresh_token": refresh_token, "app_id": settings.app_id, "grant_type": "refresh_token"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": settings.secret}
    said = post(f"{settings.auth_url}/v4/oa/access_token", body.encode(), headers, seconds=seconds).json()
    access, fresh = said.get("access_token"), said.get("refresh_token")
    if not (isinstance(access, str) and isinstance(fresh, str) and access and fresh):
        raise Fault("zalo-refresh-refused", passing=True, everyone=True)
    return Tokens(access, fresh, timedelta(seconds=_seconds(said.get("expires_in"))))


def _seconds(said: Any) -> int:
    """Zalo writes it as text; a day and an hour where it says nothing."""
    try:
        return min(int(said), 7 * 86400)
    except (TypeError, ValueError):
        return 90_000


def is_fresh(expires_at: datetime, now: datetime) -> bool:
    return now + timedelta(minutes=5) < expires_at
