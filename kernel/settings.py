"""Settings: the only place that reads the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from kernel.hooks import HookKeys, hook_keys_from
from kernel.notices.config import Notices
from kernel.notices.environment import notices_from

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys from the suppliers, as their e-invoices name it."""

    name: str = "Phòng Kinh tế thành phố Dĩ An"
    tax_code: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs between a laptop, a test and a city. See ``.env.example`` for the names in the environment."""

    instance: Path = ROOT / "instance"
    database_url: str = ""
    secret_key: str = ""
    testing: bool = False
    secure_cookies: bool = False
    proxies: int = 0
    files_url: str = ""
    feed_patience: timedelta = timedelta(hours=48)
    payment_window: timedelta = timedelta(hours=24)
    statement_patience: timedelta = timedelta(hours=24)
    hook_patience: timedelta = timedelta(hours=2)
    price_limit_percent: int = 10
    hotline: str = "1022"
    buyer: Buyer = field(default_factory=Buyer)
    public_url: str = ""
    waiting_offer: timedelta = timedelta(hours=2)
    matching_processes: int = 1
    api_requests_per_minute: int = 120
    log_level: str = "INFO"
    notices: Notices = field(default_factory=Notices)
    hooks: HookKeys = field(default_factory=HookKeys)

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


BUYER = {"name": "DCT_BUYER_NAME", "tax_code": "DCT_BUYER_TAX_CODE", "address": "DCT_BUYER_ADDRESS"}


def from_environment() -> Settings:
    """Read the settings; make ``instance/`` and a lasting secret key where none is given."""
    env, notices = os.environ, notices_from(os.environ)
    instance = Path(env.get("DCT_INSTANCE") or ROOT / "instance").resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)  # residents' names and addresses lie in it
    return Settings(
        instance=instance,
        database_url=database_url(env.get("DATABASE_URL", ""), instance),
        secret_key=env.get("SECRET_KEY") or lasting_secret(instance / "secret-key"),
        secure_cookies=env.get("DCT_SECURE_COOKIES", "") == "1",
        proxies=int(env.get("DCT_PROXIES", "0")),
        files_url=env.get("DCT_FILES_URL", "") or (instance / "files").as_uri(),
        feed_patience=timedelta(hours=int(env.get("DCT_FEED_PATIENCE_HOURS", "48"))),
        statement_patience=timedelta(hours=int(env.get("DCT_STATEMENT_HOURS", "24"))),
        hook_patience=timedelta(hours=int(env.get("DCT_HOOKS_SILENT_HOURS", "2"))),
        payment_window=timedelta(hours=int(env.get("DCT_PAYMENT_WINDOW_HOURS", "24"))),
        price_limit_percent=int(env.get("DCT_PRICE_LIMIT_PERCENT", "10")),
        hotline=env.get("DCT_HOTLINE", "1022"),
        buyer=Buyer(**{name: env[key] for name, key in BUYER.items() if env.get(key)}),
        public_url=notices.public_url,
        waiting_offer=timedelta(hours=int(env.get("DCT_WAITING_OFFER_HOURS", "2"))),
        matching_processes=int(env.get("DCT_MATCHING_PROCESSES") or min(os.cpu_count() or 1, 4)),
        api_requests_per_minute=int(env.get("DCT_API_PER_MINUTE", "120")),
        log_level=env.get("DCT_LOG_LEVEL", "INFO"),
        notices=notices,
        hooks=hook_keys_from(env),
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment for another process of this program that is to work on the same city."""
    return os.environ | {
        "DCT_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "DCT_LOG_LEVEL": settings.log_level,
    }


def database_url(url: str, instance: Path) -> str:
    """``url`` with the driver that is installed; an embedded SQLite file where it is empty."""
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url or f"sqlite:///{instance / 'market.sqlite3'}"


def lasting_secret(path: Path) -> str:
    """The secret kept at ``path`` (mode 600), made on first use. Two processes that start together agree on one."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        with open(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
