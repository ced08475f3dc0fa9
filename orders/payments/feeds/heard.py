"""What the desk's banner says: when each account's last statement came in, and which webhooks have gone silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from kernel import clock
from kernel.notices.quiet import is_quiet
from kernel.settings import Settings
from orders.payments.feeds.hooks.queries import last_heard
from orders.payments.feeds.queries import LastStatement, last_statements_in
from orders.payments.feeds.tellings.told import Feed

NAMES = {Feed.SEPAY: "SePay", Feed.CASSO: "Casso", Feed.PAYOS: "payOS"}


@dataclass(frozen=True, slots=True)
class AccountFeed:
    """One account's feed. ``late``: its last statement came in too long ago, or none ever did."""

    last: LastStatement
    late: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What the banner says: every account's feed, and the providers that are silent, by name, with their last call."""

    accounts: list[AccountFeed]
    silent: list[tuple[str, datetime]]

    @property
    def well(self) -> bool:
        return not self.silent and not any(each.late for each in self.accounts)


def heard(session: Session) -> Heard:
    """How fresh what the desk works with is."""
    settings: Settings = current_app.extensions["settings"]
    since = clock.now() - settings.statement_patience
    accounts = [AccountFeed(last, _is_late(last, since)) for last in last_statements_in(session)]
    return Heard(accounts, _silent(session, settings, clock.now()))


def _is_late(last: LastStatement, since: datetime) -> bool:
    return last.booked_at is None or last.booked_at < since


def _silent(session: Session, settings: Settings, now: datetime) -> list[tuple[str, datetime]]:
    """Providers that have a key, were heard before, and by day have not been for too long. Few pay at night."""
    if is_quiet(now, settings.notices):
        return []
    last = last_heard(session, [Feed(name) for name in settings.hooks.configured])
    return [(NAMES[each], at) for each, at in last.items() if _waited(at, settings, now) > settings.hook_patience]


def _waited(last: datetime, settings: Settings, now: datetime) -> timedelta:
    """How long nothing came, not counting the quiet hours before this day began."""
    begins = settings.notices.quiet_until
    morning = clock.at(clock.local(now).date(), begins.hour, begins.minute)
    return now - (max(last, morning) if morning <= now else last)
