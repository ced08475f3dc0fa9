"""What makes a bank's row one and the same transfer, however often and in whichever file it is told."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders.payments.feeds.statement import Row


def identities(rows: Iterable[Row]) -> list[str]:
    """A key for each row of one statement of one account, in their order; unique within it.

    With the bank's reference: date, reference, amount, memo. Without: date, amount, memo, balance. Then the how-manieth
    of its like it is in the statement: two equal rows are two transfers, and an overlapping statement that lists both
    again, in either order, gives the same two keys. (Give it whole statements, never a part.)
    """
    seen = Counter[str]()
    keys = []
    for row in rows:
        content = _content(row)
        keys.append(hashlib.sha256(f"{content}#{seen[content]}".encode()).hexdigest())
        seen[content] += 1
    return keys


def _content(row: Row) -> str:
    # Banks put in and swallow blanks where they wrap a memo, not alike in each export: they prove nothing.
    memo = "".join(row.memo.split())
    if row.reference:
        return json.dumps(["reference", row.booked_on.isoformat(), row.reference, row.signed, memo])
    return json.dumps(["content", row.booked_on.isoformat(), row.signed, memo, row.balance])
