"""When a resident's last order, the dispatch and the delivery of a round are, and what is promised in words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from shop.models import Round, Slot

CLOSES_HOUR, DISPATCH_HOUR = 18, 20
OPEN_FOR = timedelta(days=4)

DAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
SLOTS: dict[Slot, LazyString] = {
    Slot.MORNING: _l("in the morning"),
    Slot.AFTERNOON: _l("in the afternoon"),
    Slot.EVENING: _l("in the evening"),
    Slot.ALL_DAY: _l("in the course of the day"),
}
HOURS: dict[Slot, tuple[time, time]] = {
    Slot.MORNING: (time(7), time(12)),
    Slot.AFTERNOON: (time(12), time(18)),
    Slot.EVENING: (time(18), time(21)),
    Slot.ALL_DAY: (time(7), time(21)),
}
"""From when until when, by the clock in Vietnam."""

_NAMED = {Slot.MORNING: ", buổi sáng", Slot.AFTERNOON: ", buổi chiều", Slot.EVENING: ", buổi tối", Slot.ALL_DAY: ""}


def promise_words(on: date, slot: Slot) -> str:
    """``giao Thứ Năm 2/9, buổi sáng``, in the language of the page."""
    return str(
        _(
            "delivery on %(weekday)s %(day)s/%(month)s, %(slot)s",
            weekday=DAYS[on.weekday()],
            day=on.day,
            month=on.month,
            slot=SLOTS[slot],
        )
    )


def round_promise(delivery: Round) -> str:
    """What a round promises now."""
    return promise_words(delivery.delivery_on, delivery.slot)


def slot_ends(on: date, slot: Slot) -> datetime:
    """From this moment on, what was promised for that part of the day is late."""
    end = HOURS[slot][1]
    return clock.at(on, end.hour, end.minute)


def sentence(words: str) -> str:
    """The words with a large first letter."""
    return words[:1].upper() + words[1:]


def round_name(day: date, slot: Slot) -> str:
    """What a round is called in the office, in Vietnamese whatever the language."""
    return f"Đợt giao {day:%d/%m/%Y}{_NAMED[slot]}"


def round_delivering(
    day: date,
    *,
    closes: time = time(CLOSES_HOUR),
    leaves: time = time(DISPATCH_HOUR),
    open_for: timedelta = OPEN_FOR,
    slot: Slot = Slot.ALL_DAY,
) -> Round:
    """A round in the city's usual rhythm: open for four days, closed at 18:00 and sent at 20:00 of the day before."""
    eve = day - timedelta(days=1)
    closes_at = clock.at(eve, closes.hour, closes.minute)
    return Round(
        name=round_name(day, slot),
        opens_at=closes_at - open_for,
        closes_at=closes_at,
        dispatch_at=clock.at(eve, leaves.hour, leaves.minute),
        delivery_on=day,
        slot=slot,
    )


def shifted_close(delivery: Round, like: Round, closes_at: datetime) -> datetime:
    """A ward's last order in a round, as long before or after the round's as it is in another one; never out of it."""
    moved = delivery.closes_at + (closes_at - like.closes_at)
    return min(max(moved, delivery.opens_at + timedelta(minutes=1)), delivery.dispatch_at)
