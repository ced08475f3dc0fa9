"""What the desk shows of a transfer: its candidates with their clues in words, and its way so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.clue_words import CluePhrase, phrase
from orders.payments.models import Transfer
from orders.payments.proposals import marks
from orders.payments.queries import paid_by_order
from orders.queries import orders_by_code


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One order that a transfer may pay, as the clerk sees it."""

    order: Order
    owed: int
    posterior: float
    clues: Sequence[CluePhrase]


def candidate_views(session: Session, transfer: Transfer) -> list[CandidateView]:
    """The proposal's candidates, best first, with the orders as they stand now."""
    listed = transfer.proposal.candidates if transfer.proposal else []
    orders = orders_by_code(session, [entry["code"] for entry in listed])
    paid = paid_by_order(session, [order.id for order in orders.values()])
    return [
        CandidateView(
            order=orders[entry["code"]],
            owed=orders[entry["code"]].total - paid.get(orders[entry["code"]].id, 0),
            posterior=entry["posterior"],
            clues=[phrase(clue) for clue in entry["clues"]],
        )
        for entry in listed
        if entry["code"] in orders
    ]


def memo_marks(transfer: Transfer) -> list[tuple[str, str | None]]:
    """The memo in pieces, those marked that the best candidate's clues read."""
    listed: list[dict[str, Any]] = transfer.proposal.candidates if transfer.proposal else []
    return marks(transfer.memo, listed[0]["clues"] if listed else [])
