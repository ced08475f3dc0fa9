"""Scores as pages show them: shares of a hundred, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from kernel import clock
from suppliers.scores import queries
from suppliers.scores.models import SupplierScore
from suppliers.scores.queries import Sum

SUMMED = timedelta(days=30)
BARS = 30
BAR_WIDTH, BAR_HEIGHT = 8, 40  # in units of the drawing


class Stops(Protocol):
    """One batch, or several summed."""

    @property
    def stops(self) -> int: ...
    @property
    def delivered(self) -> int: ...
    @property
    def on_time(self) -> int: ...
    @property
    def short(self) -> int: ...
    @property
    def complaints(self) -> int: ...
    @property
    def upheld(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a hundred stops, one decimal; None where there is none to divide by."""

    on_time: float | None
    short: float | None
    complaints: float | None
    upheld: float | None


def shares(of: Stops) -> Shares:
    """On time of what was delivered; the others of all stops."""
    return Shares(
        _percent(of.on_time, of.delivered),
        _percent(of.short, of.stops),
        _percent(of.complaints, of.stops),
        _percent(of.upheld, of.stops),
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One batch in the drawing: how high it stands."""

    x: int
    height: int

    @property
    def y(self) -> int:
        return BAR_HEIGHT - self.height


def bars(scores: Sequence[SupplierScore]) -> list[Bar]:
    """The share on time of each batch, the oldest first; one of which nothing was delivered has no height."""
    oldest_first = list(reversed(scores[:BARS]))
    return [
        Bar(place * BAR_WIDTH, round(BAR_HEIGHT * each.on_time / each.delivered) if each.delivered else 0)
        for place, each in enumerate(oldest_first)
    ]


def last_days(session: Session, supplier_id: int | None = None) -> Sequence[Sum]:
    """The last thirty days, summed by supplier."""
    return queries.sums(session, since=clock.today() - SUMMED, supplier_id=supplier_id)
