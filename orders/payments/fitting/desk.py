"""The clerks' own decisions as examples: what was chosen, or that none was, of the candidates that they were shown.

Only what the matcher was unsure of reaches a clerk, so these say nothing of matches, nor how often anything is clear;
and of each proposal five candidates are kept, without what the size of the book was. So weights learn only from which
of several candidates was chosen, and confidence from all.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.fitting.examples import Example, vector
from orders.payments.matcher.facts import Clue, ClueKind
from orders.payments.matcher.score import pointed_by
from orders.payments.matcher.weights import Weights
from orders.payments.queries import asked_then_decided, standing_shares


def examples_of(session: Session, weights: Weights, *, since: date) -> Iterator[Example]:
    """Transfers that a clerk settled or set aside after a proposal made by these ``weights``, in use ``since``."""
    proposals = {
        p.transfer_id: p
        for p in asked_then_decided(session)
        if p.candidates and clock.local(p.decided_at).date() >= since
    }
    chosen: dict[int, set[str]] = {transfer_id: set() for transfer_id in proposals}
    for transfer_id, code, _amount in standing_shares(session, list(chosen)):
        if transfer_id is not None:
            chosen[transfer_id].add(code)
    for transfer_id, proposal in proposals.items():
        yield _example(str(transfer_id), proposal.candidates, chosen[transfer_id], weights=weights)


def _example(name: str, candidates: list[dict[str, Any]], chosen: set[str], *, weights: Weights) -> Example:
    clues = [[_clue(one) for one in candidate["clues"] if one["kind"] in set(ClueKind)] for candidate in candidates]
    right = frozenset(place for place, candidate in enumerate(candidates) if candidate["code"] in chosen)
    case, shown = pointed_by(clues[0]), sum(float(candidate["posterior"]) for candidate in candidates)
    vectors = tuple(vector(one, weights) for one in clues)
    return Example(name, vectors, right, case, some=weights.uncalibrated(shown, case))


def _clue(stored: dict[str, Any]) -> Clue:
    return Clue(ClueKind(stored["kind"]), stored["read"], stored["weight"])
