"""What the desk shows of a transfer: why it waits, its candidates with their clues in words, its memo with marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.clue_words import CluePhrase, phrase, reason
from orders.payments.marks import Piece, marks
from orders.payments.models import Transfer, Verdict
from orders.payments.queries import inbox, neighbour, paid_by_order
from orders.queries import orders_by_code


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One order that a transfer may pay, as the clerk sees it; clues with the strongest first."""

    order: Order
    owed: int
    posterior: float
    clues: Sequence[CluePhrase]
    memo: Sequence[Piece]

    @property
    def likely(self) -> str:
        return in_percent(self.posterior)

    @property
    def part(self) -> Sequence[Piece]:
        """The memo without what the bank wrote around it; the whole of it stands once on the page."""
        return [piece for piece in self.memo if piece.clues or not piece.banks]

    @property
    def speaks_for(self) -> Sequence[CluePhrase]:
        return sorted((clue for clue in self.clues if not clue.against), key=lambda clue: -clue.weight)

    @property
    def contradicts(self) -> Sequence[CluePhrase]:
        return sorted((clue for clue in self.clues if clue.against), key=lambda clue: clue.weight)


def in_percent(posterior: float) -> str:
    """Never 100 %, never 0 %: whoever is asked must not read that there is nothing to decide."""
    if posterior >= 0.995:
        return "> 99\u00a0%"
    return f"{posterior * 100:.0f}\u00a0%" if posterior >= 0.01 else "< 1\u00a0%"


def candidate_views(session: Session, transfer: Transfer) -> list[CandidateView]:
    """The proposal's candidates, best first, with the orders as they stand now."""
    listed = transfer.proposal.candidates if transfer.proposal else []
    orders = orders_by_code(session, [entry["code"] for entry in listed])
    paid = paid_by_order(session, [order.id for order in orders.values()])
    views = []
    for entry in listed:
        if order := orders.get(entry["code"]):
            clues = [phrase(clue) for clue in entry["clues"]]
            owed = order.due - paid.get(order.id, 0)
            views.append(CandidateView(order, owed, entry["posterior"], clues, marks(transfer.memo, clues)))
    return views


def reasons(transfer: Transfer) -> list[CluePhrase]:
    """Why a human is asked; of a proposal that was stored before reasons were, the first words of its ``why``."""
    proposal = transfer.proposal
    if proposal is None:
        return []
    if proposal.reasons or not proposal.candidates or proposal.allocations:
        return [reason(clue) for clue in proposal.reasons]
    first = proposal.why.split("; ")[0]
    return [] if not first or first.endswith(")") else [CluePhrase("", first, "", 0.0)]


def memo_marks(transfer: Transfer) -> list[Piece]:
    """The memo as the bank wrote it, with what raises the question marked."""
    return marks(transfer.memo, reasons(transfer))


def waits_for(transfer: Transfer) -> str:
    """Why a transfer waits, in a few words for a list."""
    proposal = transfer.proposal
    if proposal is None:
        return str(_("not matched yet"))
    if proposal.reasons:
        return phrase(proposal.reasons[0]).words
    return str({Verdict.UNMATCHED: _("nothing fits"), Verdict.MATCHED: _("taken back")}.get(proposal.verdict, ""))


def next_waiting(session: Session, transfer: Transfer, verdict: Verdict | None) -> int | None:
    """The transfer to go on with: the next one in the inbox, else its first."""
    if following := neighbour(session, transfer, verdict=verdict):
        return following
    return next((each.id for each in inbox(session, verdict=verdict, most=2) if each.id != transfer.id), None)
