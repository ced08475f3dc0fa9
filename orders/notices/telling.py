"""One function for each event: what happened goes into the outbox, with the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.notices.outbox import News, tell, withdraw
from kernel.queries import among
from orders.models import Order, Origin
from orders.notices.events import DAY, MONEY, WAY, Event, of_complaint, of_parcel, of_refund, of_shortage
from orders.notices.queries import Told, to_be_reminded, to_be_told, was_told
from orders.payments.queries import paid_by_order

LONGEST_REASON = 80
"""Letters of a reason that fit into a message to a phone; the order's page has all of it."""


def placed(session: Session, order: Order, *, at: datetime) -> None:
    """A new order of the shop: what to pay, and until when. Who ordered elsewhere was told there."""
    if order.origin is Origin.SHOP:
        tell(session, [_news(told, Event.PLACED) for told in to_be_told(session, [order.id])], at=at, first=True)


def money_came(
    session: Session,
    order_ids: Collection[int],
    paid: Mapping[int, int],
    *,
    at: datetime,
    over: Mapping[int, int] | None = None,
) -> None:
    """Orders (locked) got money; ``paid`` is what each has now. One that has its total is paid, the others in part.

    ``over``: what is kept as credit of the payment of an order, beyond what the order took. Of a group's orders only
    that they are paid is told, and not to the leader, whose page lists them all.
    """
    if not order_ids:
        return
    over = over or {}
    rows = [(told, paid.get(told.id, 0)) for told in to_be_told(session, order_ids)]
    tell(session, [_money_news(told, has, over.get(told.id, 0)) for told, has in rows if _is_theirs(told, has)], at=at)


def _is_theirs(told: Told, paid: int) -> bool:
    return told.leader_phone is None or (paid >= told.due and told.phone != told.leader_phone)


def _money_news(told: Told, paid: int, over: int) -> News:
    if paid >= told.due:
        return _news(told, Event.OVERPAID, apart=str(over), amount=over) if over else _news(told, Event.PAID)
    return _news(told, Event.PART_PAID, apart=str(paid), paid=paid, owed=told.due - paid)


def money_left(session: Session, orders: Collection[Order], *, at: datetime, because: str = "taken-back") -> None:
    """A match was undone, an order closed: nothing that still waits about its money holds any more."""
    if orders:
        withdraw(session, [order.code for order in orders], topics=[MONEY], because=because, at=at)


def deadline_near(session: Session, *, at: datetime) -> int:
    """Remind those whose time to pay runs out. Answers how many were looked at; the caller goes on while there are."""
    due = to_be_reminded(session, at)
    if not due:
        return 0
    done = update(Order).where(among(session, Order.id, due)).values(remind_at=None, version=Order.version)
    session.execute(done.execution_options(synchronize_session=False))
    paid = paid_by_order(session, due)
    news = [
        _news(
            told,
            Event.DEADLINE_NEAR,
            apart=told.expires_at.isoformat(timespec="minutes"),
            owed=told.due - paid.get(told.id, 0),
        )
        for told in to_be_told(session, due)
        if told.expires_at > at
    ]
    tell(session, news, at=at)
    return len(due)


def deadline_moved(session: Session, orders: Sequence[Order], *, at: datetime) -> None:
    """Orders (locked) that still wait have more time to be paid."""
    if not orders:
        return
    session.flush()
    ids = [order.id for order in orders]
    paid = paid_by_order(session, ids)
    news = [
        _news(
            told,
            Event.DEADLINE_MOVED,
            apart=told.expires_at.isoformat(timespec="minutes"),
            owed=told.due - paid.get(told.id, 0),
        )
        for told in to_be_told(session, ids)
    ]
    tell(session, news, at=at)


def delivery_moved(session: Session, order_ids: Collection[int], *, at: datetime) -> None:
    """Orders (locked) are brought at another time than was said before. Of a group, each is told, the leader once."""
    session.flush()
    news, leaders = [], set()
    for told in to_be_told(session, order_ids):
        if told.phone == told.leader_phone:
            if told.phone in leaders:
                continue
            leaders.add(told.phone)
        news.append(
            _news(told, Event.DELIVERY_MOVED, topic=DAY, apart=f"{told.delivery_on}:{told.slot}", slot=told.slot.value)
        )
    tell(session, news, at=at)


def taken_back_by_bank(session: Session, order: Order, *, amount: int, at: datetime) -> None:
    """The bank took back ``amount`` đồng that had paid an order (locked)."""
    _tell_of_sum(session, order, Event.TAKEN_BACK, amount, at=at)


def money_kept(session: Session, order: Order, *, transfer_id: int, amount: int, at: datetime) -> None:
    """``amount`` đồng came for an order (locked) that took none: it is its resident's credit."""
    _tell_of_sum(session, order, Event.MONEY_KEPT, amount, at=at, topic=f"credit:{transfer_id}")


def cancelled(session: Session, order: Order, *, amount: int, at: datetime) -> None:
    """An order (locked) was given up; ``amount`` đồng that had come for it goes back."""
    _tell_of_sum(session, order, Event.CANCELLED, amount, at=at)


def _tell_of_sum(
    session: Session, order: Order, event: Event, amount: int, *, at: datetime, topic: str = MONEY
) -> None:
    rows = to_be_told(session, [order.id])
    tell(session, [_news(told, event, topic=topic, apart=str(amount), amount=amount) for told in rows], at=at)


def on_its_way(session: Session, orders: Sequence[Order], *, at: datetime) -> None:
    """Orders have left the warehouse. An order of several suppliers is told once."""
    rows = to_be_told(session, {order.id for order in orders})
    tell(session, [_news(told, Event.ON_ITS_WAY, topic=WAY, overtakes=(MONEY,)) for told in rows], at=at)


def delivered(session: Session, order: Order, *, parcel_id: int, at: datetime) -> None:
    """A parcel was handed over."""
    _tell_of_parcel(session, order, parcel_id, Event.DELIVERED, at=at)


def failed(session: Session, order: Order, *, parcel_id: int, reason: str, at: datetime, again: bool = False) -> None:
    """A parcel could not be handed over, and why. Another reason is other news. ``again``: it is tried once more."""
    about = {"reason": reason, **({"again": True} if again else {})}
    _tell_of_parcel(session, order, parcel_id, Event.FAILED, at=at, apart=reason, **about)


def mark_taken_back(session: Session, order: Order, *, parcel_id: int, at: datetime) -> None:
    """A mark at the door was a mistake: if it was not told yet, it is not told."""
    withdraw(session, [order.code], topics=[of_parcel(parcel_id)], because="taken-back", at=at)


def _tell_of_parcel(
    session: Session, order: Order, parcel_id: int, event: Event, *, at: datetime, **about: Any
) -> None:
    topic = of_parcel(parcel_id)
    news = [_news(told, event, topic=topic, overtakes=(WAY,), **about) for told in to_be_told(session, [order.id])]
    tell(session, news, at=at)


def refunded(session: Session, refunds: Mapping[int, tuple[int, int]], *, at: datetime) -> None:
    """Money went back to payers: refund → its order (locked) and the sum in đồng. Each refund is news of its own."""
    told = {each.id: each for each in to_be_told(session, {order_id for order_id, _amount in refunds.values()})}
    news = [
        _news(told[order_id], Event.REFUNDED, topic=of_refund(refund_id), amount=amount)
        for refund_id, (order_id, amount) in refunds.items()
        if order_id in told
    ]
    tell(session, news, at=at)


def refund_taken_back(session: Session, order: Order, *, refund_id: int, at: datetime) -> None:
    """That the refund was seen was a mistake: if it was not told yet, it is not told."""
    withdraw(session, [order.code], topics=[of_refund(refund_id)], because="taken-back", at=at)


@dataclass(frozen=True, slots=True)
class Short:
    """How much of an item an order goes without, in words; what its resident ``gets`` for it; what that is worth."""

    quantity: str
    gets: str
    amount: int


def short(
    session: Session, orders: Mapping[int, Short], *, shortage_id: int, item: str, instead: str, at: datetime
) -> None:
    """Something of orders (locked, by id) can't be brought."""
    news = [
        _short_news(told, orders[told.id], of_shortage(shortage_id), item, instead)
        for told in to_be_told(session, orders.keys())
    ]
    tell(session, news, at=at)


def _short_news(told: Told, theirs: Short, topic: str, item: str, instead: str) -> News:
    gets = theirs.gets if theirs.amount or theirs.gets != "refund" else "nothing"
    missing, amount = _cut(f"{item} {theirs.quantity}"), theirs.amount
    return _news(
        told,
        Event.SHORT,
        topic=topic,
        apart=f"{gets}:{amount}",
        missing=missing,
        gets=gets,
        instead=_cut(instead),
        amount=amount,
    )


def not_short(session: Session, orders: Collection[Order], *, shortage_id: int, item: str, at: datetime) -> None:
    """A shortage was taken back. What was not told yet is not told; of the rest, that it is brought after all."""
    topic = of_shortage(shortage_id)
    codes = {order.code for order in orders}
    withdraw(session, codes, topics=[topic], because="taken-back", at=at)
    known = was_told(session, codes, topic)
    rows = to_be_told(session, [order.id for order in orders if order.code in known])
    tell(session, [_news(told, Event.NOT_SHORT, topic=topic, item=_cut(item)) for told in rows], at=at)


@dataclass(frozen=True, slots=True)
class Decided:
    """A complaint about ``what``: so many đồng go back (0: none), and what the office says to it."""

    complaint_id: int
    what: str
    amount: int
    answer: str


def complaint_decided(session: Session, order: Order, decided: Decided, *, at: datetime) -> None:
    """The office has decided a complaint about an order (locked). Decided anew, it overtakes what still waits."""
    event = Event.COMPLAINT_ACCEPTED if decided.amount else Event.COMPLAINT_REFUSED
    about: dict[str, Any] = {"item": _cut(decided.what), "answer": _cut(decided.answer), "amount": decided.amount}
    rows = to_be_told(session, [order.id])
    topic = of_complaint(decided.complaint_id)
    tell(session, [_news(told, event, topic=topic, apart=str(decided.amount), **about) for told in rows], at=at)


def _news(
    told: Told,
    event: Event,
    *,
    topic: str = MONEY,
    overtakes: tuple[str, ...] = (),
    apart: str = "",
    **params: Any,
) -> News:
    """``apart``: what sets it apart from others of the same event."""
    if reason := params.get("reason"):
        params["reason"] = _cut(str(reason))
    return News(
        subject=told.code,
        topic=topic,
        event=event,
        sense=f"{event}:{apart}" if apart else event.value,
        phone=told.phone,
        language=told.language,
        params={
            "token": told.token,
            "total": told.total,
            "deadline": told.expires_at.isoformat(),
            "delivery": told.delivery_on.isoformat(),
            **params,
        },
        overtakes=overtakes,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1].rstrip() + "…"
