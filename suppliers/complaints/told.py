"""What an order's page asks and tells of complaints."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from kernel import clock
from orders.amiss.told import Amiss, CameItem, CameLine, ToldAmiss
from orders.models import Order, OrderLine
from suppliers.complaints import queries
from suppliers.complaints.keep import WITHIN, items_of
from suppliers.complaints.models import Complaint
from suppliers.complaints.queries import Brought
from suppliers.complaints.wording import kind_words, stand_words


def told_of_complaints(session: Session, order: Order) -> Amiss | None:
    """What came within the last 24 hours, item by item, and what was complained of; None before anything came."""
    came, told = queries.brought(session, order.id), queries.complaints_of_order(session, order.id)
    if not came and not told:
        return None
    now = clock.now()
    lately = [each for each in came if now <= each.at + WITHIN]
    ended = max((each.at + WITHIN for each in came), default=None) if not lately else None
    waits = {(each.line_id, each.item) for each in told if each.waits}
    lines = [line for each in lately for line in _lines(session, order, each, waits)]
    return Amiss(lines, [_told(each) for each in told], ended)


def _lines(
    session: Session, order: Order, came: Brought, waits: Collection[tuple[int | None, str]]
) -> Sequence[CameLine]:
    lines = queries.lines_of(session, order.id, came.supplier_id)
    return [_line(line, came, waits) for line in lines]


def _line(line: OrderLine, came: Brought, waits: Collection[tuple[int | None, str]]) -> CameLine:
    items = [CameItem(name, (line.id, name) in waits) for name in items_of(line)]
    return CameLine(line.id, line.name, came.at + WITHIN, (line.id, "") in waits, items)


def _told(each: Complaint) -> ToldAmiss:
    stands, tone = stand_words(each)
    return ToldAmiss(
        each.id,
        each.what,
        kind_words(each),
        each.at,
        stands,
        tone,
        each.undone_because or each.answer,
        0 if each.undone_at else each.amount,
        bool(each.photo),
        each.waits and queries.is_residents(each),
    )
