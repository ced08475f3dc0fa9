"""What was decided on every transfer, in the columns of the rehearsal's DECISIONS.csv."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from orders.payments.models import Transfer, Verdict
from orders.payments.queries import all_transfers, standing_shares

COLUMNS = (
    "account",
    "booked_on",
    "amount",
    "memo",
    "decision",
    "allocations",
    "candidates",
    "confidence",
    "why",
)

PIECE = 1000


def decision_rows(session: Session) -> Iterator[dict[str, Any]]:
    """One row a transfer, in the order of booking; what a clerk has settled counts as matched."""
    for piece in _pieces(all_transfers(session)):
        shares = _shares(session, piece)
        for transfer in piece:
            yield _row(transfer, shares[transfer.id])


def _pieces(transfers: Iterator[Transfer]) -> Iterator[list[Transfer]]:
    while piece := list(islice(transfers, PIECE)):
        yield piece


def _shares(session: Session, transfers: Sequence[Transfer]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for transfer_id, code, amount in standing_shares(session, [transfer.id for transfer in transfers]):
        if transfer_id is not None:
            found[transfer_id].append((code, amount))
    return found


def _row(transfer: Transfer, shares: Sequence[tuple[str, int]]) -> dict[str, Any]:
    proposal = transfer.proposal
    verdict = proposal.verdict if proposal else Verdict.UNMATCHED
    if not shares and verdict is Verdict.MATCHED:
        verdict = Verdict.REVIEW
    return {
        "account": f"{transfer.account.bank_code}:{transfer.account.number}",
        "booked_on": transfer.booked_on.isoformat(),
        "amount": transfer.amount,
        "memo": transfer.memo,
        "decision": Verdict.MATCHED.value if shares else verdict.value,
        "allocations": ";".join(f"{code}:{amount}" for code, amount in shares),
        "candidates": ";".join(candidate["code"] for candidate in proposal.candidates) if proposal else "",
        "confidence": f"{proposal.confidence:.4f}" if proposal else "0",
        "why": proposal.why if proposal else "",
    }
