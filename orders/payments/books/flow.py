"""A transfer's way: where its đồng are now, as the parts of a picture, and how they came there, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.models import Order
from orders.payments.models import Allocation, DeskEvent, Place, Posting, Transfer

WIDE = 1_000
GAP = 12
NARROWEST = 56
"""A part's least width at the foot of the picture, so that its number can be read. All in units of the picture."""
DRAWN = 9
"""More parts than these are drawn as one; the table has them all."""


@dataclass(frozen=True, slots=True)
class Part:
    """So much of a transfer lies here: with an order, or in another place."""

    place: Place
    amount: int
    order: Order | None = None
    many: int = 1


@dataclass(frozen=True, slots=True)
class Stripe:
    """A part as it is drawn: from ``left`` … ``right`` of the transfer's bar down to ``foot_left`` … ``foot_right``."""

    number: int
    part: Part
    left: float
    right: float
    foot_left: float
    foot_right: float

    @property
    def path(self) -> str:
        """The outline, in a picture whose bar ends at 60 and whose parts begin at 160."""
        left, right, begin, end = (round(x, 1) for x in (self.left, self.right, self.foot_left, self.foot_right))
        return f"M{left} 60C{left} 110 {begin} 110 {begin} 160H{end}C{end} 110 {right} 110 {right} 60Z"

    @property
    def middle(self) -> float:
        return round((self.foot_left + self.foot_right) / 2, 1)

    @property
    def foot(self) -> float:
        return round(self.foot_right - self.foot_left, 1)


def parts_of(transfer: Transfer, standing: Sequence[Allocation]) -> list[Part]:
    """Orders first, as they were given; then the other places."""
    by_order: dict[int, Part] = {}
    for each in standing:
        before = by_order.get(each.order_id)
        amount = each.amount + (before.amount if before else 0)
        by_order[each.order_id] = Part(Place.ALLOCATED, amount, each.order)
    others = (Place.CREDIT, Place.REFUND_DUE, Place.REFUNDED, Place.UNPLACED)
    lies = [Part(place, getattr(transfer, place.value)) for place in others]
    return [*by_order.values(), *(part for part in lies if part.amount)]


def stripes(parts: Sequence[Part]) -> list[Stripe]:
    """The picture: the bar is cut by amounts; at the foot each part is at least wide enough for its number."""
    drawn = _few(parts)
    total = sum(part.amount for part in drawn)
    room = WIDE - GAP * (len(drawn) - 1) - NARROWEST * len(drawn)
    made, left, foot = [], 0.0, 0.0
    for number, part in enumerate(drawn, start=1):
        share = part.amount / total
        right, foot_right = left + share * WIDE, foot + NARROWEST + share * room
        made.append(Stripe(number, part, left, right, foot, foot_right))
        left, foot = right, foot_right + GAP
    return made


def _few(parts: Sequence[Part]) -> list[Part]:
    """The last of too many orders are drawn together."""
    orders = [part for part in parts if part.order is not None]
    if len(parts) <= DRAWN:
        return list(parts)
    kept = DRAWN - 1 - (len(parts) - len(orders))
    together = orders[kept:]
    rest = Part(Place.ALLOCATED, sum(part.amount for part in together), many=len(together))
    return [*orders[:kept], rest, *parts[len(orders) :]]


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to a transfer: money moved (``amount``) or a clerk's mark (``what``)."""

    at: datetime
    by: str
    because: str
    amount: int = 0
    moved_from: str = ""
    moved_to: str = ""
    code: str = ""
    what: str = ""


def steps_of(postings: Sequence[Posting], events: Sequence[DeskEvent], codes: Mapping[int, str]) -> list[Step]:
    """Oldest first. What was done in the same moment stays in the order in which it was written."""
    moved = [
        Step(
            *(each.at, each.by, each.because, each.amount, each.moved_from, each.moved_to),
            code=codes.get(each.order_id or 0, ""),
        )
        for each in postings
    ]
    marks = [Step(each.at, each.by, each.because, what=each.what) for each in events]
    return sorted([*moved, *marks], key=lambda step: step.at)
