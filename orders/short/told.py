"""What an order's page tells of what was missing. Shortages belong to a layer above, which registers who knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from orders.models import Order


@dataclass(frozen=True, slots=True)
class ToldShort:
    """One thing that was missing of one combo, in words: how much of what, and what the resident gets for it."""

    combo: str
    missing: str
    gets: str


Source = Callable[[Session, Order], Sequence[ToldShort]]

_sources: list[Source] = []


def tells_of_shortages(source: Source) -> None:
    """Register who knows what was missing of an order."""
    if source not in _sources:
        _sources.append(source)


def told_short(session: Session, order: Order) -> Sequence[ToldShort]:
    """Nothing for an order that has not left: one index look-up spared on each look at its page."""
    if order.dispatched_at is None:
        return ()
    return [told for source in _sources for told in source(session, order)]
