"""Background work of the webhooks: a call is booked, then what it brought is matched, within a second or two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import handles, promise
from orders.payments.feeds.hooks.booking import book_call
from orders.payments.matching import side_by_side


@handles("hook")
def book_hook(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Book what a provider told; what is new is matched by a job of its own, promised with it."""
    call_id = payload["call_id"]
    if fresh := book_call(session, call_id, at=clock.now()):
        promise(session, "match", key=f"match:hook:{call_id}", payload={"transfer_ids": list(fresh)})
    yield


@handles("match")
def match_some(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Match a few transfers, as soon as they are booked."""
    ids = payload["transfer_ids"]
    with side_by_side(session, at=clock.now(), expected=len(ids)) as matching:
        matching.add(ids)
        for _done in matching.finish():
            yield
