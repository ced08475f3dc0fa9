"""How notices leave the house. Read by ``kernel.settings``; whatever is None is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""Where browsers have their push services. ``*.`` stands for any host below."""


@dataclass(frozen=True, kw_only=True)
class SmsGateway:
    """An SMS gateway that is spoken to by HTTP POST. In ``headers`` and ``body`` stand {phone} (0912…), {phone84}
    (84912…), {text}, {brand}, {key}, {token}. ``ok``: (field, value) of an answer that means success.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=lambda: {"to": "{phone84}", "from": "{brand}", "text": "{text}"})
    form: bool = False
    token: str = ""
    brand: str = ""
    tones: bool = False
    ok: tuple[str, str] | None = None
    id_field: str = ""


@dataclass(frozen=True, kw_only=True)
class ZaloOa:
    """A Zalo Official Account; ``templates``: event → number of the ZNS template that Zalo has approved."""

    app_id: str
    secret: str
    refresh_token: str
    templates: Mapping[str, str] = field(default_factory=dict)
    zns_url: str = "https://business.openapi.zalo.me"
    oa_url: str = "https://openapi.zalo.me"
    auth_url: str = "https://oauth.zaloapp.com"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """An SMTP server: ``security`` is starttls, tls, or none (for one on this machine)."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"


@dataclass(frozen=True, kw_only=True)
class WebPush:
    """Web push: ``contact`` is whom a push service may write to (mailto: or https:), ``hosts`` those we send to.

    ``here``: services on this machine, for tests; no setting of the environment reaches it.
    """

    contact: str
    hosts: tuple[str, ...] = PUSH_SERVICES
    here: bool = False


@dataclass(frozen=True, kw_only=True)
class Notices:
    """All of it. Times are those of a clock on a wall in Vietnam; ``urgent``: events that do not wait for the morning.

    ``chain``: ways to a phone, the first that is on is tried first; who is reached by none is told by a person.
    """

    sms: SmsGateway | None = None
    zalo: ZaloOa | None = None
    mail: MailServer | None = None
    push: WebPush | None = None
    chain: tuple[str, ...] = ("zalo", "sms")
    quiet_from: time = time(21)
    quiet_until: time = time(7)
    urgent: frozenset[str] = frozenset()
    public_url: str = ""
    reminder: timedelta = timedelta(hours=3)
    timeout: float = 10.0

    def is_on(self, channel: str) -> bool:
        """Whether notices leave by this channel. A person's hand is always there."""
        ways = {"sms": self.sms, "zalo": self.zalo, "email": self.mail, "push": self.push}
        return channel == "hand" or ways.get(channel) is not None
