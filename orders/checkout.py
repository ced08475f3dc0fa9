"""From a filled form to an order that holds its places: all of it, or nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.pins import Pin
from orders import lifecycle
from orders.holds import hold
from orders.models import IfShort, Order, OrderLine, OrderState, Origin
from orders.notices import telling
from orders.notices.reminders import set_reminder
from orders.queries import codes_in_use, order_of_attempt
from orders.reference import new_code
from orders.rota.turns import check_turn
from orders.waiting import line
from people.models import WardRow
from shop.basket import Basket
from shop.models import Round
from shop.wards import refuse_if_locked


class RoundClosed(MarketError):
    """The round takes no more orders."""


class PriceChanged(MarketError):
    """The total is not the one that the resident saw."""


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who gets an order and where; ``phone`` as ten digits, ``consent`` the version of the wording agreed to.

    ``language``: in which they are told how the order stands. ``if_short``: what they want where something is missing.
    ``pin``: where that is, if they have told.
    ``waited``: the entry of the waiting list whose kept places are theirs to use.
    """

    name: str
    phone: str
    ward: WardRow
    address: str
    note: str = ""
    consent: str | None = None
    language: str = "vi"
    if_short: IfShort = IfShort.REFUND
    pin: Pin | None = None
    waited: int | None = None


def place_order(
    session: Session,
    basket: Basket,
    recipient: Recipient,
    *,
    delivery: Round,
    at: datetime,
    window: timedelta,
    attempt: str | None = None,
    by: str = "resident",
) -> Order:
    """Make the order and take its places, or refuse and change nothing. Does not commit.

    The same ``attempt`` again answers the order that it made the first time.
    """
    if attempt and (made := order_of_attempt(session, attempt)):
        return made
    ward = recipient.ward
    if not delivery.takes_orders(at, ward.id) and not line.is_kept(session, recipient.waited, delivery.id, at=at):
        raise RoundClosed(_("This delivery round has just closed for your ward. Choose the next one."))
    refuse_if_locked(session, ward)
    check_turn(session, recipient.phone, basket, delivery=delivery, ward=ward, at=at)
    taken = line.places_for(session, recipient.waited, basket, delivery=delivery, ward=ward, at=at)
    order = _write(session, basket, recipient, delivery)
    order.attempt = attempt or None
    order.placed_at = at
    order.expires_at = min(at + window, delivery.closes_for(ward.id))
    set_reminder(order, at=at)
    order.consent_at = at if recipient.consent else None
    lifecycle.begin(order, state=OrderState.OPEN, by=by, at=at, because="placed in the shop")
    session.add(order)
    session.flush()
    hold(session, order, taken, at=at)
    telling.placed(session, order, at=at)
    line.ordered(session, recipient.waited, order.id)
    return order


def _write(session: Session, basket: Basket, recipient: Recipient, delivery: Round) -> Order:
    return Order(
        code=unused_code(session),
        token=secrets.token_urlsafe(24),
        origin=Origin.SHOP,
        name=recipient.name,
        phone=recipient.phone,
        ward=recipient.ward,
        address=recipient.address,
        lat=recipient.pin.lat if recipient.pin else None,
        lon=recipient.pin.lon if recipient.pin else None,
        note=recipient.note,
        language=recipient.language,
        if_short=recipient.if_short,
        total=basket.total,
        round=delivery,
        consent_wording=recipient.consent,
        lines=[OrderLine.of(line.combo, line.quantity) for line in basket.lines],
    )


def unused_code(session: Session) -> str:
    (code,) = unused_codes(session, 1)
    return code


def unused_codes(session: Session, many: int) -> list[str]:
    """Codes that no order and no group has: 31⁶ are possible, so a second draw is rare and a third unheard of."""
    codes: set[str] = set()
    while len(codes) < many:
        drawn = {new_code() for _ in range(many - len(codes))}
        codes |= drawn - codes_in_use(session, drawn)
    return list(codes)
