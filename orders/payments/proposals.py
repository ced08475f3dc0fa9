"""The matcher's word on a transfer as the desk keeps it: candidates, their clues, and why a human is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.bulk import insert_many, outdated
from orders.payments.matcher.facts import Candidate, Clue, Decision
from orders.payments.matcher.wording import why
from orders.payments.models import Proposal, Transfer, Verdict
from orders.payments.queries import kept_proposals

ProposalRow = dict[str, Any]


def write_proposals(session: Session, decisions: Mapping[int, ProposalRow], *, at: datetime) -> None:
    """Keep decisions, by transfer; the same one again leaves the row, and its version, as they are.

    The transfers are locked by the caller.
    """
    kept = kept_proposals(session, decisions.keys())
    fresh = [
        {"transfer_id": transfer_id, "version": 1, "decided_at": at, **row}
        for transfer_id, row in decisions.items()
        if transfer_id not in kept
    ]
    insert_many(session, Proposal, fresh)
    changed = [
        {"id": was.id, "version": was.version, "decided_at": at, **row}
        for transfer_id, row in decisions.items()
        if (was := kept.get(transfer_id)) and any(getattr(was, name) != value for name, value in row.items())
    ]
    if changed:
        session.execute(update(Proposal), changed)
    outdated(session, Transfer, Proposal)


def proposal_row(decision: Decision) -> ProposalRow:
    """A decision as the table keeps it, but for when and whose it is."""
    return {
        "verdict": Verdict(decision.verdict),
        "allocations": [list(share) for share in decision.allocations],
        "candidates": [as_json(candidate) for candidate in decision.candidates],
        "reasons": [clue_json(clue) for clue in decision.clues],
        "confidence": round(decision.confidence, 6),
        "why": why(decision),
    }


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
