"""Deductions written and taken back: what an order need not pay any more goes back, four eyes as ever."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from kernel.errors import MarketError
from orders.deductions.models import Deduction
from orders.models import Order
from orders.payments import ledger
from orders.payments.ledger import Gift, Hand
from orders.payments.models import Allocation, Place
from orders.payments.queries import live_allocations_to, lock_transfers, place_before
from orders.payments.refunds.keep import propose
from orders.payments.refunds.models import Refund
from orders.payments.settle import ChangedMeanwhile
from orders.queries import lock_orders


class NotLeft(MarketError):
    """Nothing is deducted of what has not left the warehouse: such an order can be given up or changed."""


@dataclass(frozen=True, slots=True)
class Cut:
    """``amount`` đồng of a line (by id) need not be paid; ``quantity`` of its combos are wanting in something."""

    order_id: int
    line_id: int
    supplier_id: int
    amount: int
    quantity: int


@dataclass(slots=True)
class GoesBack:
    """What an order had been given beyond what it owes now.

    ``deductions`` are what was written. ``refunds`` are proposed. ``outside`` đồng came before the city moved in: they
    are not in our books, so no refund of them can be. Somebody has to pay them back by hand.
    """

    deductions: list[Deduction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    outside: int = 0


@dataclass(frozen=True, slots=True)
class _Freed:
    """An allocation that was reversed: ``part`` of it goes back, the rest is given anew. ``place``: where it lies."""

    allocation: Allocation
    place: Place
    part: int


def deduct(session: Session, cuts: Sequence[Cut], doer: Doer, *, vouches: bool = True) -> Mapping[int, GoesBack]:
    """Write deductions; answers what goes back, by order. Does not commit.

    Money that an order has beyond what it then owes is taken back, what came last first, and a refund of it is
    proposed from where it lay. The orders stay confirmed, and paid as far as they were. Without ``vouches`` a clerk has
    to confirm each account. Locks the transfers, then the orders, each by their numbers.
    """
    less = Counter[int]()
    for cut in cuts:
        less[cut.order_id] += cut.amount
    hand = Hand(doer.by, doer.at, doer.because)
    orders = _lock(session, less.keys())
    freed = _free(session, orders, less, hand)
    back: dict[int, GoesBack] = {key: GoesBack() for key in less}
    for cut in cuts:
        back[cut.order_id].deductions.append(_deduction(cut, doer))
    _write(session, [each for goes in back.values() for each in goes.deductions], orders)
    _give_the_rest(session, freed, hand)
    _pay_back(session, freed, doer, back, vouches=vouches)
    return back


def _deduction(cut: Cut, doer: Doer) -> Deduction:
    return Deduction(
        order_id=cut.order_id,
        line_id=cut.line_id,
        supplier_id=cut.supplier_id,
        amount=cut.amount,
        quantity=cut.quantity,
        because=doer.because,
        by=doer.by,
        at=doer.at,
    )


def _lock(session: Session, order_ids: Collection[int]) -> dict[int, Order]:
    before = _givers(live_allocations_to(session, order_ids))
    lock_transfers(session, before)
    orders = lock_orders(session, order_ids)
    if _givers(live_allocations_to(session, order_ids)) - before:
        raise ChangedMeanwhile(_("Money has come meanwhile for one of these orders. Look again, then repeat it."))
    for order in orders.values():
        if order.dispatched_at is None:
            raise NotLeft(_("Order %(code)s has not left the warehouse: change the order itself.", code=order.code))
    return orders


def _givers(standing: Sequence[Allocation]) -> set[int]:
    return {each.transfer_id for each in standing if each.transfer_id is not None}


def _free(session: Session, orders: Mapping[int, Order], less: Counter[int], hand: Hand) -> list[_Freed]:
    """Reverse as many allocations as hold what the orders are to have no more, the newest first."""
    standing = live_allocations_to(session, orders.keys())
    over = Counter({key: less[key] - order.due for key, order in orders.items()})
    for allocation in standing:
        over[allocation.order_id] += allocation.amount
    freed = []
    for allocation in reversed(standing):
        part = min(over[allocation.order_id], allocation.amount)
        if part > 0:
            over[allocation.order_id] -= part
            freed.append(_Freed(allocation, place_before(session, allocation), part))
            ledger.reverse_allocation(session, allocation, hand)
    return freed


def _write(session: Session, deductions: Sequence[Deduction], orders: Mapping[int, Order]) -> None:
    """The tables count what is deducted of each order."""
    session.add_all(deductions)
    session.flush()
    for order in orders.values():
        session.expire(order, ["deducted"])


def _give_the_rest(session: Session, freed: Sequence[_Freed], hand: Hand) -> None:
    """What an order still owes of an allocation that was reversed, it gets again."""
    shares: dict[tuple[Place, int], Counter[int]] = defaultdict(Counter)
    for each in freed:
        rest = each.allocation.amount - each.part
        if rest and each.allocation.transfer_id is None:
            ledger.allocate_opening(session, each.allocation.order, rest, hand)
        elif rest and each.allocation.transfer_id:
            shares[each.place, each.allocation.transfer_id][each.allocation.order_id] += rest
    for lay in {place for place, _giver in shares}:
        gifts = [Gift(giver, gets, place=place) for (place, giver), gets in sorted(shares.items()) if place == lay]
        ledger.give(session, gifts, hand)


def _pay_back(
    session: Session, freed: Sequence[_Freed], doer: Doer, back: Mapping[int, GoesBack], *, vouches: bool
) -> None:
    for each in freed:
        order, transfer = each.allocation.order, each.allocation.transfer
        if transfer is None:
            back[order.id].outside += each.part
            continue
        session.refresh(transfer)
        refund = propose(session, transfer, each.part, doer, taken_from=each.place, order=order, vouches=vouches)
        back[order.id].refunds.append(refund)
