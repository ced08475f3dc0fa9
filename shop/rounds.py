"""When a resident's last order, the dispatch and the delivery of a round are."""

from __future__ import annotations

from datetime import date, time, timedelta

from kernel import clock
from shop.models import Round

CLOSES_HOUR, DISPATCH_HOUR = 18, 20
OPEN_FOR = timedelta(days=4)


def round_delivering(
    day: date,
    *,
    closes: time = time(CLOSES_HOUR),
    leaves: time = time(DISPATCH_HOUR),
    open_for: timedelta = OPEN_FOR,
) -> Round:
    """A round in the city's usual rhythm: open for four days, closed at 18:00 and sent at 20:00 of the day before."""
    eve = day - timedelta(days=1)
    closes_at = clock.at(eve, closes.hour, closes.minute)
    return Round(
        name=f"Đợt giao {day:%d/%m/%Y}",
        opens_at=closes_at - open_for,
        closes_at=closes_at,
        dispatch_at=clock.at(eve, leaves.hour, leaves.minute),
        delivery_on=day,
    )
