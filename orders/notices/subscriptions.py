"""E-mail and push: a resident asks for them on the order's page, and stops them there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.notices.adapters.push import BadSubscription, read_subscription
from kernel.notices.models import Channel, ToldAt
from kernel.notices.outbox import rules
from kernel.notices.queries import addresses_of
from kernel.upsert import upsert
from orders.models import Order

MOST_BROWSERS = 5


class NotOffered(MarketError):
    """This city does not tell people this way."""

    def __init__(self) -> None:
        super().__init__(_("This way of telling you is not offered at the moment."))


class NoSubscription(MarketError):
    """What a browser sent is no subscription to a push service that we know."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("This browser's subscription was not understood. Try another browser, or ask for e-mail."))


@dataclass(frozen=True, slots=True)
class Ways:
    """How a resident can be told besides by phone, and where they asked for it."""

    mail: bool
    push: bool
    address: str


def ways_to_tell(session: Session, order: Order) -> Ways | None:
    """None where the city offers neither."""
    mail, push = rules().is_on("email"), rules().is_on("push")
    if not (mail or push):
        return None
    asked = addresses_of(session, [order.code]).get(order.code, ())
    return Ways(mail, push, next((row.address for row in asked if row.channel is Channel.EMAIL), ""))


def tell_by_mail(session: Session, order: Order, address: str, *, at: datetime) -> None:
    """Tell this order's news to one e-mail address, or to none (""). Does not commit."""
    if not rules().is_on("email"):
        raise NotOffered
    for row in addresses_of(session, [order.code]).get(order.code, ()):
        if row.channel is Channel.EMAIL and row.address != address:
            session.delete(row)
    if address:
        _ask(session, order, Channel.EMAIL, address, {}, at=at)


def tell_by_push(session: Session, order: Order, sent: Any, *, at: datetime) -> None:
    """Tell it to the browser that sent its subscription; of too many the oldest is forgotten. Does not commit."""
    push = rules().push
    if push is None:
        raise NotOffered
    try:
        endpoint, keys = read_subscription(sent, push)
    except BadSubscription as fault:
        raise NoSubscription from fault
    _ask(session, order, Channel.PUSH, endpoint, keys, at=at)
    rows = addresses_of(session, [order.code]).get(order.code, ())
    browsers = sorted((row for row in rows if row.channel is Channel.PUSH), key=lambda row: (row.asked_at, row.id))
    for row in browsers[:-MOST_BROWSERS]:
        session.delete(row)


def stop_push(session: Session, order: Order, endpoint: Any) -> None:
    """A browser does not want to be told any more. One that never asked changes nothing."""
    for row in addresses_of(session, [order.code]).get(order.code, ()):
        if row.channel is Channel.PUSH and row.address == endpoint:
            session.delete(row)


def _ask(session: Session, order: Order, channel: Channel, address: str, keys: dict[str, str], *, at: datetime) -> None:
    row = {"subject": order.code, "channel": channel, "address": address, "keys": keys, "asked_at": at}
    session.execute(upsert(session, ToldAt, row, on=["subject", "channel", "address"]))
