"""A batch counted: its stops, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.upsert import upsert
from shop.rounds import slot_ends
from suppliers.scores import queries
from suppliers.scores.models import SupplierScore


def count(session: Session, batch_ids: Collection[int], *, at: datetime) -> int:
    """Write down what these batches come to now, in place of what was written before. Does not commit."""
    if not batch_ids:
        return 0
    ends = [(on, slot, slot_ends(on, slot)) for on, slot in queries.promises(session, batch_ids)]
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
