"""One function for each event: what a supplier should know goes into the outbox with the change itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from kernel.notices.outbox import News, tell, withdraw
from people.models import Supplier, Team
from suppliers.notices.events import BRINGING, PURCHASE, SETTLING, SupplierEvent

if TYPE_CHECKING:
    from suppliers.purchase.models import PurchaseOrder
    from suppliers.settlement.models import Settlement


def ordered(session: Session, order: PurchaseOrder, *, at: datetime) -> None:
    """A purchase order was made: what it comes to, and for which day."""
    _tell_of_order(session, order, SupplierEvent.ORDERED, at=at, first=True)


def nudged(session: Session, order: PurchaseOrder, *, times: int, at: datetime) -> None:
    """The office asks, for the how-manieth time, that a purchase order (locked) be acknowledged."""
    _tell_of_order(session, order, SupplierEvent.NUDGED, at=at, apart=str(times))


def acknowledged(session: Session, order: PurchaseOrder, *, at: datetime) -> None:
    """What still waits about it is no news any more."""
    withdraw(session, [order.number], topics=[PURCHASE], because="acknowledged", at=at)


def settlement_drawn(session: Session, settlement: Settlement, *, at: datetime) -> None:
    """A settlement (locked) was drawn up, perhaps anew: the supplier should look and agree."""
    about = {"page": f"suppliers/settlements/{settlement.number}", "total": settlement.net}
    event, number = SupplierEvent.SETTLEMENT, settlement.number
    news = _news(settlement.supplier, number, SETTLING, event, apart=str(settlement.version), params=about)
    tell(session, [news], at=at)


def settlement_answered(session: Session, settlement: Settlement, *, at: datetime) -> None:
    """What still waits about it is no news any more."""
    withdraw(session, [settlement.number], topics=[SETTLING], because="acknowledged", at=at)


def team_nudged(session: Session, team: Team, day: date, *, left: int, late: int, at: datetime) -> None:
    """The office asks a team (locked) for what is left of a day. Each nudge is news."""
    about = {"page": "courier/", "day": day.isoformat(), "team": team.id, "left": left, "late": late}
    subject, event = f"{team.supplier.code}-T{team.id}", SupplierEvent.TEAM_NUDGED
    tell(session, [_news(team, subject, BRINGING, event, apart=at.isoformat(), params=about)], at=at)


def share_nudged(session: Session, supplier: Supplier, day: date, *, left: int, late: int, at: datetime) -> None:
    """The office asks a supplier (locked) for what of a day is in no run yet. Each nudge is news."""
    about = {"page": "suppliers/", "day": day.isoformat(), "supplier": supplier.id, "left": left, "late": late}
    event = SupplierEvent.SHARE_NUDGED
    tell(session, [_news(supplier, supplier.code, BRINGING, event, apart=at.isoformat(), params=about)], at=at)


def _tell_of_order(
    session: Session, order: PurchaseOrder, event: SupplierEvent, *, at: datetime, apart: str = "", first: bool = False
) -> None:
    about = {"page": f"suppliers/orders/{order.number}", "total": order.amount}
    delivery = {"delivery": order.snapshot["round"]["delivery_on"]}
    news = _news(order.supplier, order.number, PURCHASE, event, apart=apart, params=about | delivery)
    tell(session, [news], at=at, first=first)


def _news(
    to: Supplier | Team, subject: str, topic: str, event: SupplierEvent, *, apart: str, params: dict[str, Any]
) -> News:
    """``apart``: what sets it apart from others of the same event."""
    return News(
        subject=subject,
        topic=topic,
        event=event,
        sense=f"{event}:{apart}" if apart else event.value,
        phone=to.phone,
        language="vi",
        params=params,
    )
