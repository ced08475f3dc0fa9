"""What shortages have changed of a batch's lines, for its manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from suppliers.manifest import LineChange
from suppliers.shortages import queries
from suppliers.shortages.models import Outcome, Shortage, ShortageShare, ShortageStep

Stands = Mapping[tuple[int, int], ShortageStep]


def changes_by_shortages(session: Session, batch_id: int) -> Mapping[int, LineChange]:
    """Order line → what it goes without, and what is handed over in its place."""
    shared = queries.shared_in_batch(session, batch_id)
    stands = queries.stands_of(session, {shortage.id for theirs in shared.values() for shortage, _share in theirs})
    return {line_id: _change(theirs, stands) for line_id, theirs in shared.items()}


def _change(theirs: Sequence[tuple[Shortage, ShortageShare]], stands: Stands) -> LineChange:
    without: Counter[str] = Counter()
    instead = []
    for shortage, share in theirs:
        without[shortage.item] += share.quantity
        last = stands[shortage.id, share.order_id]
        if last.became is Outcome.EQUIVALENT:
            instead.append(last.instead)
    return LineChange(without=without, instead=tuple(dict.fromkeys(instead)))
