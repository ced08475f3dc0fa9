"""What notices to suppliers and teams say, and whether what waits holds; all others are left to who words those."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from kernel import clock
from kernel.money import format_dong, format_number
from kernel.notices.letters import Words
from kernel.notices.models import Notice
from kernel.notices.outbox import Trade, rules
from suppliers.desk.deliveries.keep import left_of
from suppliers.notices.events import SupplierEvent
from suppliers.purchase.queries import order_by_number

TITLES: dict[str, LazyString] = {
    SupplierEvent.ORDERED: _l("Purchase order"),
    SupplierEvent.NUDGED: _l("Purchase order: please acknowledge"),
    SupplierEvent.SETTLEMENT: _l("Settlement to agree to"),
    SupplierEvent.TEAM_NUDGED: _l("Stops left to bring"),
    SupplierEvent.SHARE_NUDGED: _l("Stops in no run yet"),
}
SAYINGS: dict[str, LazyString] = {
    SupplierEvent.ORDERED: _l(
        "Đi Chợ Thay: purchase order %(code)s, %(total)s, delivery on %(delivery)s. Please acknowledge it."
    ),
    SupplierEvent.NUDGED: _l(
        "Đi Chợ Thay: purchase order %(code)s for delivery on %(delivery)s still waits for your acknowledgement."
    ),
    SupplierEvent.SETTLEMENT: _l("Đi Chợ Thay: settlement %(code)s comes to %(total)s. Please look and agree."),
    SupplierEvent.TEAM_NUDGED: _l(
        "Đi Chợ Thay: of %(day)s your team has %(left)s stops left, %(late)s of them late. Please bring them, "
        "and tell at each door what happened."
    ),
    SupplierEvent.SHARE_NUDGED: _l(
        "Đi Chợ Thay: of %(day)s %(left)s stops are in no run yet, %(late)s of them late. Please share them out, "
        "or bring them and mark them."
    ),
}


def with_suppliers(residents: Trade) -> Trade:
    """The trade of ``residents``, and beside it that of suppliers."""
    return Trade(
        words=lambda notice: words(notice) if notice.event in TITLES else residents.words(notice),
        fields=lambda notice: fields(notice) if notice.event in TITLES else residents.fields(notice),
        overtaken=lambda session, notice: (
            overtaken(session, notice) if notice.event in TITLES else residents.overtaken(session, notice)
        ),
        titles={**residents.titles, **TITLES},
    )


def words(notice: Notice) -> Words:
    """The notice as the supplier gets it, with the address of the page where the site's is set."""
    facts = fields(notice)
    with force_locale(notice.language):
        said = str(SAYINGS[notice.event]) % facts
        if link := facts["link"]:
            said = f"{said} {_('See: %(link)s', link=link)}"
        return Words(f"{TITLES[notice.event]} {notice.subject}", said, link)


def fields(notice: Notice) -> dict[str, str]:
    """The facts as texts."""
    params: Mapping[str, Any] = notice.params
    shown = {"code": notice.subject, "link": _link(params)}
    if "total" in params:
        shown["total"] = format_dong(params["total"])
    shown |= {
        name: date.fromisoformat(params[name]).strftime("%d/%m") for name in ("delivery", "day") if name in params
    }
    shown |= {name: format_number(params[name]) for name in ("left", "late") if name in params}
    return {**shown, "hotline": str(current_app.extensions["settings"].hotline)}


def _link(params: Mapping[str, Any]) -> str:
    return f"{rules().public_url}/{params['page']}" if rules().public_url else ""


def overtaken(session: Session, notice: Notice) -> str:
    """Why it is not told any more, as a short code; empty if it still holds."""
    if notice.event == SupplierEvent.SETTLEMENT:
        return ""
    if notice.event in (SupplierEvent.TEAM_NUDGED, SupplierEvent.SHARE_NUDGED):
        return _brought(session, notice.params)
    order = order_by_number(session, notice.subject)
    return "acknowledged" if order is None or order.acknowledged_at else ""


def _brought(session: Session, params: Mapping[str, Any]) -> str:
    day, team, idle = date.fromisoformat(params["day"]), params.get("team"), params.get("supplier")
    return "" if left_of(session, day, team=team, idle=idle, at=clock.now()).left else "nothing-left"
