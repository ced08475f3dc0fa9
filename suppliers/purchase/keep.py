"""A purchase order is placed with its batch, acknowledged once by its supplier, and asked for again by the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import jobs
from kernel.errors import MarketError
from kernel.web import show_moment
from orders.models import Order
from suppliers.manifest import fingerprint, lines_of
from suppliers.models import Batch
from suppliers.notices import telling
from suppliers.purchase.models import PurchaseDeed, PurchaseEvent, PurchaseOrder
from suppliers.purchase.queries import lock_order, nudges_of
from suppliers.purchase.snapshot import gather
from suppliers.queries import combos_with_items

PAUSE = timedelta(minutes=30)
"""So long after a message a supplier is not sent the next one about the same purchase order."""


class AcknowledgedAlready(MarketError):
    """Somebody was quicker; nothing is lost."""

    def __init__(self, order: PurchaseOrder) -> None:
        super().__init__(
            _(
                "Thank you: purchase order %(number)s was acknowledged already, by %(name)s at %(at)s. "
                "You need not do anything more.",
                number=order.number,
                name=order.acknowledged_name,
                at=show_moment(order.acknowledged_at) if order.acknowledged_at else "",
            )
        )


class ToldJustNow(MarketError):
    """The supplier has hardly had the time to read the last message."""


def place(session: Session, batch: Batch, orders: Sequence[Order]) -> PurchaseOrder:
    """The purchase order of a batch, made and told to its supplier with the dispatch itself. Does not commit."""
    wanted = {line.combo_id for order in orders for line in lines_of(order, batch.supplier_id)} - {None}
    number = number_of(batch)
    snapshot = gather(batch, number, orders, combos_with_items(session, {key for key in wanted if key is not None}))
    made = PurchaseOrder(
        number=number,
        batch=batch,
        supplier=batch.supplier,
        amount=snapshot["amount"],
        made_at=batch.dispatched_at,
        snapshot=snapshot,
        sha256=fingerprint(snapshot),
    )
    session.add(made)
    session.flush()
    telling.ordered(session, made, at=batch.dispatched_at)
    jobs.promise(session, "purchase", key=f"purchase:{made.number}", payload={"number": made.number})
    return made


def number_of(batch: Batch) -> str:
    """``DH-0004-RAU-1``, beside the manifest 0004-RAU-1."""
    return f"DH-{batch.manifest_number}"


def acknowledge(session: Session, order: PurchaseOrder, *, by: str, name: str, at: datetime) -> None:
    """The supplier has seen what is ordered: ``by`` the account, ``name`` the person. Does not commit.

    One conditional UPDATE: of two who acknowledge at once the second is told by whom it was done.
    """
    session.flush()
    done = session.execute(
        update(PurchaseOrder)
        .where(PurchaseOrder.id == order.id, PurchaseOrder.acknowledged_at.is_(None))
        .values(acknowledged_by=by, acknowledged_name=name, acknowledged_at=at)
        .returning(PurchaseOrder.id)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(order)
    if done is None:
        raise AcknowledgedAlready(order)
    _write(session, order, PurchaseDeed.ACKNOWLEDGED, by=by, name=name, at=at)
    telling.acknowledged(session, order, at=at)


def nudge(session: Session, order: PurchaseOrder, *, by: str, name: str, at: datetime) -> None:
    """Ask the supplier once more to look at it. Refuses what is acknowledged, or was told just now. Does not commit."""
    locked = lock_order(session, order.id)
    if locked.acknowledged_at is not None:
        raise AcknowledgedAlready(locked)
    before = nudges_of(session, [locked.id]).get(locked.id, [])
    last = before[-1].at if before else locked.made_at
    if at < last + PAUSE:
        raise ToldJustNow(
            _(
                "The supplier was last told of %(number)s at %(at)s. Wait half an hour, or call them.",
                number=locked.number,
                at=show_moment(last),
            )
        )
    _write(session, locked, PurchaseDeed.NUDGED, by=by, name=name, at=at)
    telling.nudged(session, locked, times=len(before) + 1, at=at)


def _write(session: Session, order: PurchaseOrder, what: PurchaseDeed, *, by: str, name: str, at: datetime) -> None:
    session.add(PurchaseEvent(purchase_order_id=order.id, what=what, by=by, name=name, at=at))
    session.flush()
