"""When a resident's last order, the dispatch and the delivery of a round are."""

from __future__ import annotations

from datetime import date, timedelta

from kernel import clock
from shop.models import Round

CLOSES_HOUR, DISPATCH_HOUR = 18, 20
OPEN_FOR = timedelta(days=4)


def round_delivering(day: date) -> Round:
    """A round in the city's usual rhythm: open for four days, closed at 18:00 and sent at 20:00 of the day before."""
    eve = day - timedelta(days=1)
    closes = clock.at(eve, CLOSES_HOUR)
    return Round(
        name=f"Đợt giao {day:%d/%m/%Y}",
        opens_at=closes - OPEN_FOR,
        closes_at=closes,
        dispatch_at=clock.at(eve, DISPATCH_HOUR),
        delivery_on=day,
    )
