"""A complaint told: by the resident within a day of delivery, or by the courier at the door; and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError, NotFound
from kernel.forms import tidy
from kernel.web import show_moment
from orders.models import Order, OrderLine
from orders.payments.settle import ChangedMeanwhile
from suppliers.complaints import queries
from suppliers.complaints.models import Complaint, ComplaintKind, ComplaintSource, ComplaintState
from suppliers.models import Parcel
from suppliers.queries import lock_parcel

WITHIN = timedelta(hours=24)
"""So long after it was handed over something can be said of it, to the second."""
LONGEST_ITEM = 80


class NotBroughtYet(MarketError):
    """Nothing can be wrong with what has not come."""


class TooLate(MarketError):
    """The day after delivery is over."""


class ToldAlready(MarketError):
    """A complaint of the same thing waits."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What of an order a complaint is about: a line that came, or one ``item`` of it; in time until ``until``."""

    parcel_id: int
    line: OrderLine
    item: str
    until: datetime


def goods(session: Session, order: Order, line_id: int, item: str) -> Goods:
    """What these name of the order, once it was brought. Whether it is in time is not looked at."""
    line = next((each for each in order.lines if each.id == line_id), None)
    if line is None or (item and item not in items_of(line)):
        raise NotFound(_("This order has no such goods. Go back to the order and choose what is wrong."))
    came = {each.supplier_id: each for each in queries.brought(session, order.id)}.get(line.supplier_id or 0)
    if came is None:
        raise NotBroughtYet(
            _("This has not been delivered yet. Once it has come you can say here what is wrong with it, for 24 hours.")
        )
    return Goods(came.parcel_id, line, item, came.at + WITHIN)


def items_of(line: OrderLine) -> Sequence[str]:
    """What is in a line, each once."""
    return list(dict.fromkeys(item.name for item in line.combo.items)) if line.combo else []


def check(session: Session, about: Goods, *, at: datetime, hotline: str) -> None:
    """Refuse what comes too late, and what is being looked at already."""
    if at > about.until:
        raise TooLate(
            _(
                "This could be said until %(at)s, 24 hours after delivery. Please call %(hotline)s.",
                at=show_moment(about.until),
                hotline=hotline,
            )
        )
    theirs = queries.complaints_of_parcel(session, about.parcel_id)
    if any(each.waits and (each.line_id, each.item) == (about.line.id, about.item) for each in theirs):
        raise ToldAlready(_("We know of this already, and the office is looking at it. See the page of your order."))


@dataclass(frozen=True, slots=True)
class Said:
    """What a resident says of it. ``photo``: the name under which the file store has it, or empty."""

    kind: ComplaintKind
    words: str = ""
    photo: str = ""
    attempt: str | None = None


def complain(session: Session, order: Order, about: Goods, said: Said, *, at: datetime, hotline: str) -> Complaint:
    """The resident complains. The same attempt again answers the complaint that it made. Does not commit."""
    lock_parcel(session, about.parcel_id)
    if said.attempt and (made := queries.complaint_of_attempt(session, said.attempt)):
        return made
    check(session, goods(session, order, about.line.id, about.item), at=at, hotline=hotline)
    complaint = Complaint(
        order_id=order.id,
        parcel_id=about.parcel_id,
        supplier_id=about.line.supplier_id,
        line_id=about.line.id,
        item=about.item,
        kind=said.kind,
        words=said.words,
        photo=said.photo,
        source=ComplaintSource.RESIDENT,
        attempt=said.attempt,
        told_by="resident",
        at=at,
    )
    session.add(complaint)
    session.flush()
    return complaint


def withdraw(session: Session, complaint: Complaint, *, by: str, at: datetime) -> None:
    """Whoever told it takes it back while it waits. Does not commit."""
    held = hold(session, complaint)
    if not held.waits:
        raise ChangedMeanwhile(_("This was decided meanwhile. Reload the page to see how."))
    held.state, held.decided_by, held.decided_at = ComplaintState.WITHDRAWN, by, at
    held.version += 1
    session.flush()


def hold(session: Session, complaint: Complaint) -> Complaint:
    """The parcel, then the complaint, locked in the order in which everybody locks."""
    lock_parcel(session, complaint.parcel_id)
    return queries.lock_complaint(session, complaint.id)


def told_at_door(
    session: Session, parcel: Parcel, *, key: str, short: Sequence[Mapping[str, Any]], at: datetime, by: str
) -> None:
    """A courier handed over a parcel (locked) with something missing. Told again with its key, nothing is added.

    Each entry of ``short`` has a combo's ``code`` and an ``item``'s name; what is no goods of the parcel is kept as
    words. Does not commit.
    """
    known = queries.complaints_of_parcel(session, parcel.id)
    taken = {
        (each.line_id, each.item)
        for each in known
        if each.waits or (each.door_key == key and each.state is not ComplaintState.WITHDRAWN)
    }
    lines = queries.lines_of(session, parcel.order_id, parcel.supplier_id)
    for entry in short:
        line, item, words = _read(entry, lines)
        about = (line.id if line else None, item)
        if about in taken or not (item or words):
            continue
        taken.add(about)
        session.add(_of_courier(parcel, line, item, words, Telling(key, at, by)))
    session.flush()


@dataclass(frozen=True, slots=True)
class Telling:
    """A courier's telling: its key, when, by whom."""

    key: str
    at: datetime
    by: str


def _of_courier(parcel: Parcel, line: OrderLine | None, item: str, words: str, telling: Telling) -> Complaint:
    return Complaint(
        order_id=parcel.order_id,
        parcel_id=parcel.id,
        supplier_id=parcel.supplier_id,
        line_id=line.id if line else None,
        item=item,
        kind=ComplaintKind.MISSING,
        words=words,
        source=ComplaintSource.COURIER,
        door_key=telling.key,
        told_by=telling.by,
        at=telling.at,
    )


def _read(entry: object, lines: Sequence[OrderLine]) -> tuple[OrderLine | None, str, str]:
    """The line of which something is missing, the item, and words where one of both is not known."""
    told = entry if isinstance(entry, Mapping) else {"item": entry}
    code, item = (tidy(str(told.get(name) or ""))[:LONGEST_ITEM] for name in ("code", "item"))
    line = next((each for each in lines if each.combo and each.combo.code == code), None)
    if line is not None and (not item or item in items_of(line)):
        return line, item, ""
    return line, item, tidy(f"{code} {item}")


def taken_back_at_door(session: Session, *, key: str, at: datetime, by: str) -> None:
    """The courier's telling was a mistake: what of it waits is withdrawn; its parcel is locked. Does not commit."""
    for each in queries.told_with_key(session, key):
        if queries.lock_complaint(session, each.id).waits:
            withdraw(session, each, by=by, at=at)
