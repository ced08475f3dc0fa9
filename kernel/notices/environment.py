"""The notices' part of the environment, read for ``kernel.settings``: names, forms, and refusals in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from kernel.notices.config import PUSH_SERVICES, MailServer, Notices, SmsGateway, WebPush, ZaloOa

Environment = Mapping[str, str]


class SettingFault(ValueError):
    """A setting that cannot be meant: the program does not start with it."""


def notices_from(env: Environment) -> Notices:
    """What is set; everything else is off, or at its default."""
    quiet = _quiet(env.get("DCT_QUIET_HOURS", ""))
    return Notices(
        sms=_sms(env),
        zalo=_zalo(env),
        mail=_mail(env),
        push=_push(env),
        chain=tuple(_listed(env, "DCT_NOTICE_CHAIN")) or Notices.chain,
        quiet_from=quiet[0],
        quiet_until=quiet[1],
        urgent=frozenset(_listed(env, "DCT_NOTICES_URGENT")),
        public_url=_web_address("DCT_PUBLIC_URL", env.get("DCT_PUBLIC_URL", "")).rstrip("/"),
        reminder=timedelta(hours=float(env.get("DCT_REMINDER_HOURS") or 3)),
    )


def _sms(env: Environment) -> SmsGateway | None:
    url = _web_address("DCT_SMS_URL", env.get("DCT_SMS_URL", ""))
    if not url:
        return None
    name, equals, value = env.get("DCT_SMS_OK", "").partition("=")
    return SmsGateway(
        url=url,
        headers=_object(env, "DCT_SMS_HEADERS") or {},
        body=_object(env, "DCT_SMS_BODY") or SmsGateway(url=url).body,
        form=env.get("DCT_SMS_FORM", "") == "1",
        token=env.get("DCT_SMS_TOKEN", ""),
        brand=env.get("DCT_SMS_BRAND", ""),
        tones=env.get("DCT_SMS_TONES", "") == "1",
        ok=(name, value) if equals else None,
        id_field=env.get("DCT_SMS_ID_FIELD", ""),
    )


def _zalo(env: Environment) -> ZaloOa | None:
    app_id = env.get("DCT_ZALO_APP_ID", "")
    if not app_id:
        return None
    own = {
        name: _web_address(f"DCT_ZALO_{name.upper()}", env[f"DCT_ZALO_{name.upper()}"]).rstrip("/")
        for name in ("zns_url", "oa_url", "auth_url")
        if env.get(f"DCT_ZALO_{name.upper()}")
    }
    return ZaloOa(
        app_id=app_id,
        secret=_needed(env, "DCT_ZALO_SECRET"),
        refresh_token=_needed(env, "DCT_ZALO_REFRESH_TOKEN"),
        templates=_object(env, "DCT_ZALO_TEMPLATES") or {},
        **own,
    )


def _mail(env: Environment) -> MailServer | None:
    """``smtp://user:password@host:587`` asks for STARTTLS, ``smtps://`` for TLS, ``smtp+plain://`` for none."""
    url = env.get("DCT_SMTP_URL", "")
    if not url:
        return None
    parts = urlsplit(url)
    kinds = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("none", 25)}
    if parts.scheme not in kinds or not parts.hostname:
        raise SettingFault("DCT_SMTP_URL looks like smtp://user:password@host:587 or smtps://…")
    security, port = kinds[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=parts.port or port,
        sender=_needed(env, "DCT_MAIL_FROM"),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )


def _push(env: Environment) -> WebPush | None:
    contact = env.get("DCT_PUSH_CONTACT", "")
    if not contact:
        return None
    if not contact.startswith(("mailto:", "https://")):
        raise SettingFault("DCT_PUSH_CONTACT begins with mailto: or https://")
    return WebPush(contact=contact, hosts=tuple(_listed(env, "DCT_PUSH_HOSTS")) or PUSH_SERVICES)


def _quiet(text: str) -> tuple[time, time]:
    """``21:00-07:00``; the same hour twice is never quiet."""
    if not text:
        return Notices.quiet_from, Notices.quiet_until
    try:
        begins, ends = text.split("-")
        return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError as fault:
        raise SettingFault("DCT_QUIET_HOURS looks like 21:00-07:00") from fault


def _needed(env: Environment, name: str) -> str:
    if not env.get(name):
        raise SettingFault(f"{name} is missing")
    return env[name]


def _listed(env: Environment, name: str) -> list[str]:
    return [word.strip() for word in env.get(name, "").split(",") if word.strip()]


def _object(env: Environment, name: str) -> dict[str, str]:
    text = env.get(name, "")
    try:
        found: Any = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SettingFault(f'{name} is a JSON object, such as {{"to": "{{phone84}}"}}')
    return {key: str(value) for key, value in found.items()}


def _web_address(name: str, url: str) -> str:
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        raise SettingFault(f"{name} is a web address, such as https://…")
    return url
