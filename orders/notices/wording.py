"""What each notice says, in its reader's language: short enough for a text message, whole enough to act on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.money import format_dong
from kernel.notices.letters import Words
from kernel.notices.models import Channel, Notice
from kernel.notices.outbox import rules
from orders.notices.events import Event
from shop.models import Slot
from shop.rounds import SLOTS

EVENTS: dict[str, LazyString] = {
    Event.PLACED: _l("Order placed"),
    Event.PART_PAID: _l("Paid in part"),
    Event.PAID: _l("Paid"),
    Event.OVERPAID: _l("Paid, and more than that"),
    Event.DEADLINE_NEAR: _l("Deadline near"),
    Event.DEADLINE_MOVED: _l("More time to pay"),
    Event.DELIVERY_MOVED: _l("Delivery moved"),
    Event.TAKEN_BACK: _l("Payment taken back by the bank"),
    Event.MONEY_KEPT: _l("Money kept for the next order"),
    Event.CANCELLED: _l("Cancelled, with a refund"),
    Event.ON_ITS_WAY: _l("On its way"),
    Event.DELIVERED: _l("Delivered"),
    Event.FAILED: _l("Could not be delivered"),
    Event.REFUNDED: _l("Refunded"),
    Event.SHORT: _l("Something can't be brought"),
    Event.NOT_SHORT: _l("It is brought after all"),
    Event.COMPLAINT_ACCEPTED: _l("Complaint accepted"),
    Event.COMPLAINT_REFUSED: _l("Complaint refused"),
    Event.PLACE_KEPT: _l("A place is kept"),
}
"""For tables and titles."""

FAULTS: dict[str, LazyString] = {
    "overtaken": _l("overtaken by later news"),
    "taken-back": _l("what it tells of was taken back"),
    "no-order": _l("the order is gone"),
    "no-entry": _l("has left the waiting list"),
    "place-gone": _l("the place is no longer kept"),
    "order-confirmed": _l("paid meanwhile"),
    "order-expired": _l("the order has lapsed"),
    "order-cancelled": _l("the order was cancelled"),
    "moved-again": _l("moved again meanwhile"),
    "deadline-passed": _l("the deadline has passed"),
    "other-sum": _l("the sum has changed"),
    "left-out": _l("left out by the office"),
    "acknowledged": _l("acknowledged meanwhile"),
    "nothing-left": _l("all was brought meanwhile"),
    "too-old": _l("nobody has told it in time"),
    "timeout": _l("the gateway did not answer in time"),
    "unreachable": _l("the gateway can't be reached"),
    "certificate": _l("the gateway's certificate is not valid"),
    "malformed-answer": _l("the gateway's answer can't be read"),
    "switched-off": _l("this way is switched off"),
    "unsubscribed": _l("the resident does not want it any more"),
    "bad-address": _l("the address is not valid"),
    "bad-endpoint": _l("the address is not valid"),
    "bad-keys": _l("the browser's keys are not valid"),
    "private-address": _l("the address is not valid"),
    "no-template": _l("Zalo has no template for it"),
    "zalo-refresh-refused": _l("Zalo gives no new token: enter a fresh one in the settings"),
    "zalo-refreshing": _l("waits for a new token of Zalo"),
    "zalo-114": _l("can't be reached by Zalo"),
    "zalo-118": _l("has no Zalo account"),
    "zalo-119": _l("can't be reached by Zalo"),
    "http-401": _l("the gateway refuses our password"),
    "http-403": _l("the gateway refuses our password"),
    "http-404": _l("the address is no more"),
    "http-410": _l("the address is no more"),
    "http-429": _l("the gateway asks to wait"),
}


def fault_words(code: str) -> str:
    """Why it was not told, for the office; a gateway's own code where nothing more is known."""
    if not code:
        return ""
    return str(FAULTS.get(code) or _("fault %(code)s", code=code))


SAYINGS: dict[str, LazyString] = {
    Event.PLACED: _l("Đi Chợ Thay: order %(code)s is placed. Please transfer %(total)s before %(deadline)s."),
    Event.PART_PAID: _l(
        "Đi Chợ Thay: %(paid)s has come for order %(code)s. Please transfer the other %(owed)s before %(deadline)s."
    ),
    Event.PAID: _l("Đi Chợ Thay: order %(code)s is paid, thank you. It is delivered on %(delivery)s."),
    Event.DEADLINE_NEAR: _l(
        "Đi Chợ Thay: %(owed)s for order %(code)s has not come yet. Please transfer it before %(deadline)s, "
        "or the order lapses."
    ),
    Event.OVERPAID: _l(
        "Đi Chợ Thay: order %(code)s is paid. %(amount)s too much is kept for your next order; "
        "you can have it back, too."
    ),
    Event.DEADLINE_MOVED: _l("Đi Chợ Thay: you have until %(deadline)s now to transfer %(owed)s for order %(code)s."),
    Event.DELIVERY_MOVED: _l(
        "Đi Chợ Thay: order %(code)s is now brought on %(delivery)s, %(slot)s. The office had to change it; sorry."
    ),
    Event.TAKEN_BACK: _l(
        "Đi Chợ Thay: the bank has taken back %(amount)s of order %(code)s, so it is not paid. Questions? %(hotline)s."
    ),
    Event.MONEY_KEPT: _l(
        "Đi Chợ Thay: %(amount)s came for order %(code)s, too late or twice. It is kept for your next order; "
        "you can have it back, too."
    ),
    Event.CANCELLED: _l("Đi Chợ Thay: order %(code)s is cancelled. You get %(amount)s back."),
    Event.ON_ITS_WAY: _l(
        "Đi Chợ Thay: order %(code)s is on its way, for delivery on %(delivery)s. Please keep your phone near."
    ),
    Event.DELIVERED: _l("Đi Chợ Thay: order %(code)s was delivered. Is something missing? Call %(hotline)s."),
    Event.FAILED: _l("Đi Chợ Thay: order %(code)s could not be delivered: %(reason)s. Please call %(hotline)s."),
    Event.REFUNDED: _l("Đi Chợ Thay: %(amount)s for order %(code)s was paid back to the account that it came from."),
    Event.SHORT: _l("Đi Chợ Thay: of order %(code)s we can't bring %(missing)s. %(gets)s"),
    Event.NOT_SHORT: _l("Đi Chợ Thay: order %(code)s is brought with %(item)s after all, so nothing goes back for it."),
    Event.COMPLAINT_ACCEPTED: _l(
        "Đi Chợ Thay: your complaint about order %(code)s (%(item)s) is accepted: %(amount)s goes back to you."
    ),
    Event.COMPLAINT_REFUSED: _l(
        "Đi Chợ Thay: order %(code)s, %(item)s: nothing goes back. %(answer)s. Call %(hotline)s."
    ),
    Event.PLACE_KEPT: _l(
        "Đi Chợ Thay: a place is kept for you for delivery on %(delivery)s. Order before %(deadline)s, on your page of "
        "the waiting list."
    ),
}

FAILED_ONCE = _l(
    "Đi Chợ Thay: order %(code)s could not be delivered: %(reason)s. We try once more; please keep your phone near."
)
"""Instead of what a failure says where a second attempt follows."""

GETS: dict[str, LazyString] = {
    "equivalent": _l("You get instead: %(instead)s."),
    "refund": _l("%(amount)s goes back to you."),
    "nothing": _l("Questions? Call %(hotline)s."),
    "call": _l("We call you; if we can't reach you, you get %(amount)s back."),
}
"""What a resident gets for what is missing."""

LEADS_TO_PAYMENT = {Event.PLACED, Event.PART_PAID, Event.DEADLINE_NEAR, Event.DEADLINE_MOVED}


def words(notice: Notice) -> Words:
    """The notice as its reader gets it, with the link of the order's own page where the site's address is set."""
    facts = fields(notice)
    with force_locale(notice.language):
        title = _title(notice)
        said = str(FAILED_ONCE if notice.params.get("again") else SAYINGS[notice.event]) % facts
        if link := facts["link"]:
            paying = notice.event in LEADS_TO_PAYMENT
            lead = _("How to pay: %(link)s", link=link) if paying else _("See: %(link)s", link=link)
            said = f"{said} {lead}"
        if notice.channel is Channel.EMAIL:
            said += "\n\n" + _("You asked for this e-mail on your order's page. There you can stop it, too.")
    return Words(title, said, link)


def _title(notice: Notice) -> str:
    event = str(EVENTS[notice.event])
    if notice.event == Event.PLACE_KEPT:
        return event
    return str(_("Order %(code)s: %(event)s", code=notice.subject, event=event.lower()))


def fields(notice: Notice) -> dict[str, str]:
    """The facts as texts: what our own sentences hold, and what fills a template that Zalo has approved."""
    facts = {**_shown(notice.params), "code": notice.subject, "hotline": _hotline(), "link": link_of(notice.params)}
    if gets := GETS.get(str(notice.params.get("gets", ""))):
        with force_locale(notice.language):
            facts["gets"] = str(gets) % facts
    return facts


def link_of(params: Mapping[str, Any]) -> str:
    """The private page of the order, or of the place in the line, as a whole address.

    Empty where nobody has said what the site's is.
    """
    base, pages = rules().public_url, {"o": params.get("token"), "w": params.get("place")}
    return next((f"{base}/{page}/{token}" for page, token in pages.items() if base and token), "")


def _shown(params: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: format_dong(params[name]) for name in ("total", "paid", "owed", "amount") if name in params}
    if "deadline" in params:
        shown["deadline"] = clock.local(datetime.fromisoformat(params["deadline"])).strftime("%H:%M %d/%m")
    if "delivery" in params:
        shown["delivery"] = date.fromisoformat(params["delivery"]).strftime("%d/%m")
    if "slot" in params:
        shown["slot"] = str(SLOTS[Slot(params["slot"])])
    shown |= {name: str(params[name]) for name in ("missing", "item", "instead") if name in params}
    shown |= {name: str(params[name]).rstrip(".") for name in ("reason", "answer") if name in params}
    return shown


def _hotline() -> str:
    return str(current_app.extensions["settings"].hotline)
