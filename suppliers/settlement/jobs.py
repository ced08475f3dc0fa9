"""Background work of settlements: the paper is typeset before anybody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel.jobs import handles
from suppliers.settlement.models import Settlement
from suppliers.settlement.typeset import make


@handles("settlement")
def typeset_settlement(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Make the PDF of a settlement that both sides agreed to, piece by piece."""
    settlement = session.get(Settlement, payload["settlement_id"])
    if settlement is None or settlement.snapshot is None:
        return
    yield  # what was read is read: typesetting must not hold the database
    yield from make(settlement)
