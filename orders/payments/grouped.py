"""The groups whose code a transfer names: how their orders stand now, and which of them its money covers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from orders.groups.stand import Stand, stand_of
from orders.payments.desk import CandidateView
from orders.payments.matcher.facts import ClueKind
from orders.payments.matcher.groups import covered
from orders.payments.models import Transfer

_NAMES_A_GROUP = {ClueKind.GROUP, ClueKind.GROUP_SLIP}
_MOST = 3  # groups whose orders a page lists


def groups_named(session: Session, candidates: Sequence[CandidateView]) -> dict[str, Stand]:
    """By code."""
    codes = dict.fromkeys(
        each.order.group_code
        for each in candidates
        if each.order.group_code and any(clue.kind in _NAMES_A_GROUP for clue in each.clues)
    )
    return {code: stand_of(session, code) for code in list(codes)[:_MOST] if code}


def proposed_shares(transfer: Transfer, groups: dict[str, Stand]) -> Sequence[tuple[str, int]]:
    """A split to begin with: what the matcher allocated and somebody has taken back; else, of the one group that is
    named, the open orders that the money covers."""
    if transfer.proposal and transfer.proposal.allocations:
        return [(code, amount) for code, amount in transfer.proposal.allocations]
    if len(groups) != 1:
        return []
    ((_code, stand),) = groups.items()
    waiting = stand.open
    return [(waiting[at].order.code, waiting[at].owed) for at in covered(transfer.unplaced, [m.owed for m in waiting])]
