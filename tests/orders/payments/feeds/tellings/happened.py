"""What may happen on an account and how it may be told: movements with twins, by any mix of feeds, in any order."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kernel import clock

DAY = date(2021, 8, 30)
MEMOS = ("DCK7M2Q9A 0912345678", "DC2CYTZ9S 0912345678", "Nguyen Thi Lan_0987654321_Di An", "chuyen tien", "")
PAYERS = ("0123456789 NGUYEN VAN AN", "9876543210 LE THI BUOI")
HOURS = (10, 22)


@dataclass(frozen=True)
class Movement:
    """What really happened. Twins are equal but for their number."""

    number: int
    amount: int
    memo: str
    payer: str
    day: date
    hour: int
    numbered: bool
    late: bool

    @property
    def looks(self) -> tuple[object, ...]:
        """What is told of it alike on any day."""
        return (self.amount, self.memo)

    @property
    def looks_in_statement(self) -> tuple[object, ...]:
        return (self.amount, self.booked_on, self.reference)

    @property
    def reference(self) -> str:
        return f"FT2124212{self.number:07d}" if self.numbered else ""

    @property
    def booked_on(self) -> date:
        """The statement's day: what comes after the bank's cut-off stands under the next."""
        return self.day + timedelta(days=self.late and self.hour >= 16)

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, 15, 30, tzinfo=clock.VIETNAM)

    def wrapped(self) -> str:
        """As the bank's app writes it; an empty memo gets no wrapper."""
        return f"MBVCB.1234567890.{self.memo}.CT tu {self.payer} toi 1013456789 PHONG KINH TE" if self.memo else ""


@dataclass(frozen=True)
class Telling:
    """``key`` names it to the clerk who was there."""

    feed: str
    movements: tuple[Movement, ...]


@st.composite
def movements(draw: st.DrawFn, late_days: int) -> list[Movement]:
    """A few movements; twins among them. On the first ``late_days`` some come after the bank's cut-off."""
    made: list[Movement] = []
    for _ in range(draw(st.integers(1, 3))):
        day = draw(st.integers(0, 1))
        looks: dict[str, Any] = {
            "amount": draw(st.sampled_from((100_000, 200_000))),
            "memo": draw(st.sampled_from(MEMOS)),
            "payer": draw(st.sampled_from(PAYERS)),
            "day": DAY + timedelta(days=day),
            "hour": draw(st.sampled_from(HOURS)),
            "numbered": draw(st.booleans()),
            "late": day < late_days and draw(st.booleans()),
        }
        made += [Movement(number=len(made) + twin, **looks) for twin in range(draw(st.integers(1, 3)))]
    return made


@st.composite
def told(draw: st.DrawFn, late_days: int = 1) -> tuple[list[Movement], list[Telling], frozenset[str]]:
    """Movements; who tells which of them, in any order and any number of times; who shows the bank's wrapper."""
    made = draw(movements(late_days))
    hooks = [Telling(feed, (each,)) for feed in ("sepay", "casso") for each in made if draw(st.booleans())]
    by_day: dict[date, list[Movement]] = {}
    for each in made:
        by_day.setdefault(each.booked_on, []).append(each)
    days = [Telling("statement", tuple(by_day[day])) for day in sorted(by_day)]
    whole = Telling("statement", tuple(each for day in sorted(by_day) for each in by_day[day]))
    again = [each for each in (*hooks, *days) if draw(st.integers(0, 3)) == 0]
    listed = draw(st.permutations([*hooks, *days, *([whole] if draw(st.booleans()) else []), *again]))
    return (
        made,
        list(listed),
        draw(
            st.sampled_from(
                [frozenset(), frozenset(("statement", "sepay", "casso")), frozenset(("statement", "sepay"))]
            )
        ),
    )
