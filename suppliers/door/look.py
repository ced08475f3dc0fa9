"""What a scanned code is to a courier: the stop's card, or why nothing may be handed over on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.text import search_key
from kernel.web import show_moment
from orders.models import Order, OrderState
from orders.queries import order_by_code
from orders.reference import is_valid
from people.models import Staff
from suppliers.door.queries import events_of_parcel, run_of_parcel
from suppliers.models import Parcel, ParcelState
from suppliers.queries import parcels_of_order
from suppliers.runs.queries import run_of

_CODE = re.compile(r"DC[0-9A-Z]{7}")


class Verdict(StrEnum):
    """What comes of a scan; all but the first two are refusals."""

    HAND_OVER = "hand_over"
    AGAIN = "again"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"
    NOT_PAID = "not_paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"
    ANOTHERS = "anothers"
    OTHER_WARD = "other_ward"
    OTHER_TEAM = "other_team"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Looked:
    """The verdict in words; ``parcel`` and ``run`` where its card is to be found."""

    verdict: Verdict
    words: str
    code: str = ""
    parcel_id: int | None = None
    run: str = ""

    @property
    def good(self) -> bool:
        return self.verdict in (Verdict.HAND_OVER, Verdict.AGAIN)


def code_in(text: str) -> str:
    """The order's code in what was scanned or typed; empty if there is none that could be."""
    words = search_key(text)
    found = (*_CODE.findall(words), *_CODE.findall(words.replace(" ", "")))
    return next((code for code in found if is_valid(code)), "")


def look(session: Session, text: str, staff: Staff) -> Looked:
    """What the bag or resident with this code is to the courier. Tells nobody's name or address."""
    code = code_in(text)
    if not code:
        return Looked(
            Verdict.NOT_OURS, _("This is no code of ours. Scan the label on the bag, or type its code: DC and 7 signs.")
        )
    order = order_by_code(session, code)
    if order is None:
        return Looked(Verdict.UNKNOWN, _("There is no order %(code)s. Check the code.", code=code), code)
    return _unsent(order) or _sent(session, order, staff)


def _unsent(order: Order) -> Looked | None:
    words = {
        OrderState.OPEN: (Verdict.NOT_PAID, _("Not paid: hand nothing over. The resident pays first, by transfer.")),
        OrderState.CANCELLED: (Verdict.CANCELLED, _("Cancelled: hand nothing over.")),
        OrderState.EXPIRED: (Verdict.EXPIRED, _("Not paid in time, so it has expired: hand nothing over.")),
    }
    if order.state in words:
        return Looked(*words[order.state], order.code)
    if order.dispatched_at is None:
        return Looked(Verdict.NOT_SENT, _("Paid, but not sent out yet: it comes with a later round."), order.code)
    return None


def _sent(session: Session, order: Order, staff: Staff) -> Looked:
    parcel = next((each for each in parcels_of_order(session, order.id) if each.supplier_id == staff.supplier_id), None)
    if parcel is None:
        return Looked(Verdict.ANOTHERS, _("Another supplier brings this order: it is not in your bags."), order.code)
    if parcel.state is ParcelState.DELIVERED:
        return Looked(Verdict.DELIVERED, _delivered(session, parcel), order.code, parcel.id)
    run_id = run_of_parcel(session, parcel.id)
    run = run_of(session, run_id) if run_id else None
    if run is not None and run.team_id == staff.team_id:
        return _in_hand(parcel, run.code, order.code)
    served = {block.ward_id for block in staff.team.blocks} if staff.team else set()
    if order.ward_id not in served:
        return Looked(Verdict.OTHER_WARD, _("Another ward: this goes to “%(ward)s”.", ward=order.ward.name), order.code)
    whose = _("This is in a run of “%(team)s”.", team=run.team.name) if run else _("This is in no run yet.")
    return Looked(Verdict.OTHER_TEAM, f"{whose} {_('Ask who shares out the stops.')}", order.code)


def _in_hand(parcel: Parcel, run: str, code: str) -> Looked:
    if parcel.state is ParcelState.FAILED:
        words = _("It could not be handed over before. Try again.")
        return Looked(Verdict.AGAIN, words, code, parcel.id, run)
    return Looked(Verdict.HAND_OVER, _("Paid and yours: hand it over."), code, parcel.id, run)


def _delivered(session: Session, parcel: Parcel) -> str:
    last = parcel.history[-1]
    told = next((each for each in events_of_parcel(session, parcel.id) if each.id == last.door_id), None)
    by = told.staff.name if told else last.by
    return str(_("Already delivered at %(at)s by “%(by)s”.", at=show_moment(last.at), by=by))
