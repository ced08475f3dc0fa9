"""Background work of the close: a sealed day's minute is typeset, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel.jobs import handles
from orders.payments.close import typeset
from orders.payments.close.queries import seal_by_id


@handles("minute")
def typeset_minute(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Make a seal's papers before anybody asks for them. Broken off it goes on with the piece that is missing."""
    seal = seal_by_id(session, payload["seal_id"])
    yield  # what was read is read: a long typesetting must not hold the database
    if seal is not None:
        yield from typeset.make(seal)
