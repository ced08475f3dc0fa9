"""What notices to suppliers say, and whether what waits still holds; all others are left to who words those."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from kernel.money import format_dong
from kernel.notices.letters import Words
from kernel.notices.models import Notice
from kernel.notices.outbox import Trade, rules
from suppliers.notices.events import SupplierEvent
from suppliers.purchase.queries import order_by_number

TITLES: dict[str, LazyString] = {
    SupplierEvent.ORDERED: _l("Purchase order"),
    SupplierEvent.NUDGED: _l("Purchase order: please acknowledge"),
    SupplierEvent.SETTLEMENT: _l("Settlement to agree to"),
}
SAYINGS: dict[str, LazyString] = {
    SupplierEvent.ORDERED: _l(
        "Đi Chợ Thay: purchase order %(code)s, %(total)s, delivery on %(delivery)s. Please acknowledge it."
    ),
    SupplierEvent.NUDGED: _l(
        "Đi Chợ Thay: purchase order %(code)s for delivery on %(delivery)s still waits for your acknowledgement."
    ),
    SupplierEvent.SETTLEMENT: _l("Đi Chợ Thay: settlement %(code)s comes to %(total)s. Please look and agree."),
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
    shown = {"code": notice.subject, "total": format_dong(params["total"]), "link": _link(params)}
    if "delivery" in params:
        shown["delivery"] = date.fromisoformat(params["delivery"]).strftime("%d/%m")
    return {**shown, "hotline": str(current_app.extensions["settings"].hotline)}


def _link(params: Mapping[str, Any]) -> str:
    return f"{rules().public_url}/{params['page']}" if rules().public_url else ""


def overtaken(session: Session, notice: Notice) -> str:
    """Why it is not told any more, as a short code; empty if it still holds."""
    if notice.event == SupplierEvent.SETTLEMENT:
        return ""
    order = order_by_number(session, notice.subject)
    return "acknowledged" if order is None or order.acknowledged_at else ""
