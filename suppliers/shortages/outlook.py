"""What a shortage's page shows of each order: what it goes without, how it stands, what goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from suppliers.models import ParcelState
from suppliers.shortages import queries
from suppliers.shortages.models import Outcome, ReturnByHand, Shortage, ShortageEntry, ShortageStep
from suppliers.shortages.queries import ShareRow


@dataclass(frozen=True, slots=True)
class Concerned:
    """An order in a shortage. ``name`` and ``phone`` only for whom to call, and only for who sees people; ``back``:
    how many đồng go back, of which ``by_hand`` are not in our books."""

    order_id: int
    code: str
    stop: int
    ward: str
    quantity: int
    combos: Sequence[str]
    last: ShortageStep
    state: ParcelState
    name: str
    phone: str
    back: int
    by_hand: int

    @property
    def waits(self) -> bool:
        return self.last.became is Outcome.CALL


def look_at(session: Session, shortage: Shortage, *, people: bool) -> Sequence[Concerned]:
    """By the order of the stops."""
    stands = queries.stands_of(session, [shortage.id])
    entries, returns = queries.entries_of(session, [shortage.id]), queries.returns_of(session, shortage.id)
    by_order: dict[int, list[ShareRow]] = {}
    for row in queries.shares_of(session, shortage):
        by_order.setdefault(row.share.order_id, []).append(row)
    return [
        _concerned(rows, stands[shortage.id, order_id], entries, returns, people=people)
        for order_id, rows in by_order.items()
    ]


def _concerned(
    rows: Sequence[ShareRow],
    last: ShortageStep,
    entries: Sequence[ShortageEntry],
    returns: Sequence[ReturnByHand],
    *,
    people: bool,
) -> Concerned:
    order = rows[0].share.order
    tell = people and last.became is Outcome.CALL
    gone = [each.deduction.amount for each in entries if each.order_id == order.id and each.deduction]
    return Concerned(
        order_id=order.id,
        code=order.code,
        stop=rows[0].stop,
        ward=order.ward.name,
        quantity=sum(row.share.quantity for row in rows),
        combos=[f"{row.share.portions} × {row.share.line.name}" for row in rows],
        last=last,
        state=rows[0].state,
        name=order.name if tell else "",
        phone=order.phone if tell else "",
        back=sum(gone) if last.became is not Outcome.WITHDRAWN else 0,
        by_hand=sum(each.amount for each in returns if each.order_id == order.id),
    )
