"""Refunds that bounced: a bank gives the money back to us, with the refund's code in the memo."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.bulk import insert_many, outdated
from kernel.queries import among
from orders.payments.models import DeskEvent, Transfer
from orders.payments.refunds.codes import codes_in
from orders.payments.refunds.queries import approved_by_code, memos_of


def hold_returned(session: Session, transfer_ids: Collection[int], *, at: datetime) -> int:
    """Mark new transfers that are refunds come back, before the matcher sees them: they are a clerk's. Does not commit.

    Their memos repeat ours, an order's code included: nothing else would keep the money from that order.
    """
    named = {transfer_id: set(codes_in(memo)) for transfer_id, memo in memos_of(session, transfer_ids)}
    codes_told = {code for codes in named.values() for code in codes}
    known = approved_by_code(session, codes_told) if codes_told else {}
    if not known:
        return 0
    back = {transfer_id: known[code] for transfer_id, codes in named.items() for code in sorted(codes & known.keys())}
    for transfer_id, refund in back.items():
        refund.returned_id = refund.returned_id or transfer_id
    session.flush()
    mine = among(session, Transfer.id, list(back))
    session.execute(update(Transfer).where(mine).values(by_hand=True).execution_options(synchronize_session=False))
    insert_many(session, DeskEvent, [_event(transfer_id, at) for transfer_id in back])
    outdated(session, Transfer)
    return len(back)


def _event(transfer_id: int, at: datetime) -> dict[str, object]:
    return {"transfer_id": transfer_id, "what": "refund came back", "by": "system", "at": at, "because": "refund code"}
