"""The matcher's word on a transfer as the desk keeps it: candidates, their clues, and why a human is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from orders.payments.matcher.facts import Candidate, Clue, Decision
from orders.payments.matcher.wording import why
from orders.payments.models import Proposal, Transfer, Verdict


def write_proposal(session: Session, transfer: Transfer, decision: Decision, *, at: datetime) -> None:
    """Keep the decision; the same one again leaves the row, and its version, as they are."""
    values: dict[str, Any] = {
        "verdict": Verdict(decision.verdict),
        "allocations": [list(share) for share in decision.allocations],
        "candidates": [as_json(candidate) for candidate in decision.candidates],
        "reasons": [clue_json(clue) for clue in decision.clues],
        "confidence": round(decision.confidence, 6),
        "why": why(decision),
    }
    proposal = transfer.proposal
    if proposal is None:
        session.add(Proposal(transfer=transfer, decided_at=at, **values))
    elif any(getattr(proposal, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(proposal, name, value)
        proposal.decided_at = at


def as_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "code": candidate.code,
        "posterior": round(candidate.posterior, 6),
        "clues": [clue_json(clue) for clue in candidate.clues],
    }


def clue_json(clue: Clue) -> dict[str, Any]:
    return {
        "kind": str(clue.kind),
        "read": clue.read,
        "weight": round(clue.weight, 3),
        "span": list(clue.span) if clue.span else None,
    }
