"""What an order's page asks and tells of what is wrong with the goods. Complaints belong to a layer above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from orders.models import Order


@dataclass(frozen=True, slots=True)
class CameItem:
    """One thing of a line; ``waits``: a complaint of it is being looked at."""

    name: str
    waits: bool


@dataclass(frozen=True, slots=True)
class CameLine:
    """One line that came, of which something may be wrong until ``until``."""

    line_id: int
    name: str
    until: datetime
    waits: bool
    items: Sequence[CameItem]


@dataclass(frozen=True, slots=True)
class ToldAmiss:
    """A complaint as its resident sees it: ``stands`` is where it stands, in words; ``answer`` what the office says."""

    id: int
    what: str
    kind: str
    at: datetime
    stands: str
    tone: str
    answer: str
    amount: int
    photo: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Amiss:
    """What came and can be complained of now, what was, and until when it was possible where that is over."""

    came: Sequence[CameLine]
    told: Sequence[ToldAmiss]
    ended_at: datetime | None


Source = Callable[[Session, Order], Amiss | None]

_sources: list[Source] = []


def tells_of_complaints(source: Source) -> None:
    """Register who knows what may be complained of, and what was."""
    if source not in _sources:
        _sources.append(source)


def told_amiss(session: Session, order: Order) -> Amiss | None:
    """None for an order of which nothing was delivered yet."""
    if order.dispatched_at is None:
        return None
    return next((told for source in _sources if (told := source(session, order))), None)
