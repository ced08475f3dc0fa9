"""What a shortage tells the resident on the order's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.money import format_dong
from orders.models import Order
from orders.short.told import ToldShort
from suppliers.shortages import queries
from suppliers.shortages.models import Outcome, ShortageStep
from suppliers.shortages.queries import ShortLine


def told_of_shortages(session: Session, order: Order) -> Sequence[ToldShort]:
    """A line for each item that was missing of a combo, as it stands now."""
    short = queries.short_lines_of(session, order.id)
    if not short:
        return ()
    ids = {each.shortage.id for each in short}
    stands = queries.stands_of(session, ids)
    worth: Counter[tuple[int, int]] = Counter()
    for entry in queries.entries_of(session, ids):
        if entry.deduction is not None and entry.order_id == order.id:
            worth[entry.shortage_id, entry.deduction.line_id] += entry.deduction.amount
    return [_told(each, stands[each.shortage.id, order.id], worth) for each in short]


def _told(each: ShortLine, last: ShortageStep, worth: Mapping[tuple[int, int], int]) -> ToldShort:
    missing = f"{each.shortage.item} {each.shortage.amount_of(each.quantity)}"
    return ToldShort(each.name, missing, _gets(last, worth.get((each.shortage.id, each.line_id), 0)))


def _gets(last: ShortageStep, amount: int) -> str:
    if last.became is Outcome.EQUIVALENT:
        return str(_("you get instead: “%(instead)s”", instead=last.instead))
    if last.became is Outcome.CALL:
        return str(_("we call you; if we can't reach you, you get the money back"))
    return str(_("%(amount)s goes back to you", amount=format_dong(amount))) if amount else str(_("nothing goes back"))
