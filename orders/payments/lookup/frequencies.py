"""How common names, sums and wards are among the orders: counted now and then, kept in one row, read once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.upsert import upsert
from orders.payments.lookup.models import FrequencyTable
from orders.payments.lookup.queries import names_sums_wards, newest_order
from orders.payments.matcher.frequencies import Frequencies
from people.queries import ward_names

GROWTH = 1.1  # counted anew, by the worker, once there is a tenth more
TOO_OLD = 2.0  # so many times the orders, and a decision counts for itself: a bit of log-odds at most is at stake
_SLACK = 20  # orders; a city of ten is not counted at each one


def frequencies(session: Session, *, at: datetime, since: datetime) -> Frequencies:
    """As of the last count. A decision waits for a new one only if the orders have doubled since, or there is none."""
    kept, newest = session.get(FrequencyTable, 1), newest_order(session)
    if kept and newest <= kept.newest_order * TOO_OLD + _SLACK:
        return Frequencies(
            kept.size,
            words=kept.words,
            totals={int(total): many for total, many in kept.totals.items()},
            wards=kept.wards,
        )
    return _count(session, newest, at=at, since=since)


def keep_counted(session: Session, *, at: datetime, since: datetime) -> bool:
    """Count anew if a tenth more orders have come, or a day has gone by. Answers whether it did. Does not commit."""
    kept, newest = session.get(FrequencyTable, 1), newest_order(session)
    if kept and newest <= kept.newest_order * GROWTH + _SLACK and at - kept.counted_at < timedelta(days=1):
        return False
    _count(session, newest, at=at, since=since)
    return True


def _count(session: Session, newest: int, *, at: datetime, since: datetime) -> Frequencies:
    words, totals, wards = Counter[str](), Counter[int](), Counter[int]()
    size = 0
    for name, total, ward in names_sums_wards(session, since):
        words.update(name.split())
        totals[total] += 1
        wards[ward] += 1
        size += 1
    names = ward_names(session)
    by_name = {names[ward]: many for ward, many in wards.items()}
    counted = Frequencies(size, words=words, totals=totals, wards=by_name)
    row = {
        "id": 1,
        "counted_at": at,
        "newest_order": newest,
        "size": size,
        "words": dict(words),
        "totals": {str(total): many for total, many in totals.items()},
        "wards": by_name,
    }
    session.execute(upsert(session, FrequencyTable, row, on=["id"]))
    return counted
