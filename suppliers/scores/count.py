"""A batch counted: its stops, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from kernel import clock
from kernel.upsert import upsert
from shop.models import Slot
from suppliers.scores import queries
from suppliers.scores.models import SupplierScore

ENDS: dict[Slot, int] = {Slot.MORNING: 12, Slot.AFTERNOON: 18, Slot.EVENING: 22, Slot.ALL_DAY: 24}
"""The hour by which what was promised for a part of the day has to be there."""


def end_of(on: date, slot: Slot) -> datetime:
    """The moment by which it is on time."""
    hour = ENDS[slot]
    return clock.at(on, hour) if hour < 24 else clock.at(on + timedelta(days=1), 0)


def count(session: Session, batch_ids: Collection[int], *, at: datetime) -> int:
    """Write down what these batches come to now, in place of what was written before. Does not commit."""
    if not batch_ids:
        return 0
    ends = [(on, slot, end_of(on, slot)) for on, slot in queries.promises(session, batch_ids)]
    complained = queries.complained(session, batch_ids)
    counted = queries.counted_stops(session, batch_ids, ends)
    for each in counted:
        complaints, upheld = complained.get(each.batch_id, (0, 0))
        row = {**each._asdict(), "complaints": complaints, "upheld": upheld, "counted_at": at}
        session.execute(upsert(session, SupplierScore, row, on=["batch_id"]))
    return len(counted)


def count_again(session: Session, batch_id: int, *, at: datetime) -> None:
    """A complaint of this batch was decided. Does not commit."""
    session.flush()
    count(session, [batch_id], at=at)
