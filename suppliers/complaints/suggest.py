"""What the goods of a complaint are worth: what a clerk is shown first."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from suppliers.complaints.decide import left_of
from suppliers.complaints.models import Complaint
from suppliers.shortages.models import Outcome
from suppliers.shortages.plan import Book
from suppliers.shortages.queries import LineRow
from suppliers.shortages.rules.queries import prices_now
from suppliers.shortages.worth import ItemKey, Priced, worth


def suggested(session: Session, complaint: Complaint) -> int:
    """In đồng, never more than what is left; 0 where nothing can be said: words of a courier about no line."""
    if complaint.line_id is None:
        return 0
    left = left_of(session, complaint).get(complaint.line_id, 0)
    if not complaint.item:
        return left
    book = Book(session, complaint.parcel.batch_id)
    row = next((each for each in book.lines if each.line_id == complaint.line_id), None)
    key = _key(book.priced(row), complaint.item) if row else None
    return min(left, _worth(session, book, row, key)) if row and key else 0


def _key(line: Priced, name: str) -> ItemKey | None:
    """As the manifest had it when the goods left."""
    return next((portion.item for portion in line.portions if portion.item[0] == name), None)


def _worth(session: Session, book: Book, row: LineRow, key: ItemKey) -> int:
    """All portions of the item, beyond what shortages have given back of the line."""
    prices, lost = prices_now(session), Counter[ItemKey]()
    for each in book.lost:
        if each.line_id == row.line_id and each.became is Outcome.REFUND:
            lost[each.item] += each.portions
    before = worth(book.priced(row), lost, prices)
    lost[key] += row.quantity
    return worth(book.priced(row), lost, prices) - before
