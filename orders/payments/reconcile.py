"""The whole pipeline on one page: what is undecided becomes facts, the matcher decides, the decisions are written.

    transfers not placed ─┐
    the matcher's own      ├─ facts ─ decide_all ─┬ same as before → nothing
    allocations, not left ─┘                      ├ changed        → undo, then settle
                                                  └ for a human    → proposal on the desk

Everything that may still change is decided together at each run, so that any order of arrival ends in the same
balances: a transfer with a code displaces a vaguer automatic match by a reversal. What a clerk has touched, and what
has left for delivery, stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.models import Order, OrderState
from orders.payments.ledger import Hand
from orders.payments.matcher.decide import decide_all
from orders.payments.matcher.facts import Decision, OrderFacts, Status, TransferFacts
from orders.payments.models import Transfer
from orders.payments.proposals import write_proposal
from orders.payments.queries import (
    live_automatic,
    lock_with_proposals,
    matchable_orders,
    paid_by_order,
    revisable,
    undecided,
)
from orders.payments.settle import settle_many, undo

log = structlog.get_logger()

LOOK_BACK = timedelta(days=45)
"""How long before a transfer a closed order may have been placed to be shown as its candidate."""

PIECE = 100

Shares = dict[int, int]
"""Order's id → whole đồng."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that one run decides about: transfers, what the matcher had given of each, and the orders within reach."""

    transfers: Sequence[Transfer]
    given: Mapping[int, Shares]
    orders: Mapping[str, Order]
    owed: Mapping[int, int]


def reconcile(session: Session, *, at: datetime) -> Iterator[int]:
    """Decide all that may still change and write it down. Yields how many transfers are done after each piece.

    The caller commits at each yield. Broken off anywhere, the next run ends in the same state.
    """
    desk = _gather(session)
    if not desk.transfers:
        return
    yield 0  # thinking takes seconds with many: nobody's writing has to wait for it
    decisions = decide_all([_order_facts(desk, order) for order in desk.orders.values()], _transfer_facts(desk))
    # decide_all answers in the order that it was asked in.
    decided = list(zip(desk.transfers, decisions, strict=True))
    changed = [transfer for transfer, decision in decided if _shares(desk, decision) != desk.given.get(transfer.id, {})]
    fresh = {transfer.id for transfer in changed if _freed(session, transfer, desk, at)}
    yield 0
    for start in range(0, len(decided), PIECE):
        piece = decided[start : start + PIECE]
        lock_with_proposals(session, [transfer.id for transfer, _decision in piece])  # two runs at once take turns
        for transfer, decision in piece:
            write_proposal(session, transfer, decision, at=at)
        _pay(session, {t.id: _shares(desk, d) for t, d in piece if t.id in fresh and d.allocations}, at)
        yield start + len(piece)


def _hand(at: datetime, because: str) -> Hand:
    return Hand(by="matcher", at=at, because=because, automatic=True)


def _gather(session: Session) -> Desk:
    waiting, settled = undecided(session), revisable(session)
    given, stuck = _given(session, [transfer.id for transfer in settled])
    transfers = {t.id: t for t in (*waiting, *settled) if t.id not in stuck}
    if not transfers:
        return Desk([], {}, {}, {})
    since = min(transfer.earliest for transfer in transfers.values()) - LOOK_BACK
    orders = matchable_orders(session, since)
    free = _sum_by_order(given[transfer_id] for transfer_id in transfers if transfer_id in given)
    paid = paid_by_order(session, [order.id for order in orders])
    owed = {order.id: order.total - paid.get(order.id, 0) + free.get(order.id, 0) for order in orders}
    return Desk(list(transfers.values()), given, {order.code: order for order in orders}, owed)


def _given(session: Session, transfer_ids: Sequence[int]) -> tuple[dict[int, Shares], set[int]]:
    """Transfer → what the matcher gave of it, and the transfers of which something has left for delivery."""
    given: dict[int, Shares] = defaultdict(dict)
    stuck = set()
    for transfer_id, order_id, amount, left in live_automatic(session, transfer_ids):
        if transfer_id is None:
            continue
        given[transfer_id][order_id] = amount
        if left:
            stuck.add(transfer_id)
    return given, stuck


def _sum_by_order(parts: Iterator[Shares]) -> Shares:
    sums: Shares = defaultdict(int)
    for shares in parts:
        for order_id, amount in shares.items():
            sums[order_id] += amount
    return sums


def _order_facts(desk: Desk, order: Order) -> OrderFacts:
    return OrderFacts(
        code=order.code,
        name=order.name,
        phone=order.phone,
        ward=order.ward.name,
        address=order.address,
        total=order.total,
        owed=max(0, desk.owed[order.id]),
        placed_at=order.placed_at,
        expires_at=order.expires_at,
        status=_status(order, desk.owed[order.id]),
    )


def _status(order: Order, owed: int) -> Status:
    """An order that only the matcher itself has paid, and that has not left, is decided about afresh."""
    if order.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        return Status(order.state.value)
    return Status.AWAITING if owed > 0 and order.dispatched_at is None else Status.PAID


def _transfer_facts(desk: Desk) -> list[TransferFacts]:
    """Named by what the bank says of them, not by our numbers: what arrives first must not be served first."""
    return [
        TransferFacts(
            id=f"{transfer.likely_at:%Y%m%d%H%M%S%f}:{transfer.account_id}:{transfer.identity}",
            earliest=transfer.earliest,
            latest=transfer.latest,
            amount=transfer.amount,
            memo=transfer.memo,
            payer_name=transfer.payer_name,
            payer_account=transfer.payer_account,
            bank=transfer.bank_hint,
        )
        for transfer in desk.transfers
    ]


def _shares(desk: Desk, decision: Decision) -> Shares:
    return {desk.orders[code].id: amount for code, amount in decision.allocations}


def _freed(session: Session, transfer: Transfer, desk: Desk, at: datetime) -> bool:
    """Take back what the matcher gave of a transfer before it thinks again. False if somebody was faster."""
    if not desk.given.get(transfer.id):
        return True
    try:
        with session.begin_nested():
            undo(session, transfer, _hand(at, "a better match was found"))
    except MarketError:
        return False
    return True


def _pay(session: Session, wanted: Mapping[int, Shares], at: datetime) -> None:
    refused = settle_many(session, wanted, _hand(at, "matched"), rest_as_credit=True)
    for transfer_id, refusal in refused.items():
        # Somebody was faster: the next run sees how it stands then.
        log.warning("match not written", transfer=transfer_id, refusal=type(refusal).__name__)
