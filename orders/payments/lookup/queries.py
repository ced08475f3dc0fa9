"""The look-ups behind a decision, each served by an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    String,
    TableValuedAlias,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from kernel.queries import among, each_of
from orders.models import Order, OrderState
from orders.payments.models import Allocation, Proposal, Transfer, Verdict
from orders.payments.queries import WAITS

MOST_OF_A_NAME = 40
"""NGUYEN VAN HUNG has hundreds of orders. The newest are looked at, and the newest of the very sum."""


class OrderRow(NamedTuple):
    """What the matcher is told of an order, but for what it owes."""

    id: int
    code: str
    name: str
    name_key: str
    phone: str
    ward_id: int
    address: str
    total: int
    placed_at: datetime
    expires_at: datetime
    state: OrderState
    dispatched_at: datetime | None
    group_code: str | None
    deducted: int

    @property
    def due(self) -> int:
        return self.total - self.deducted


class TransferRow(NamedTuple):
    """What the matcher is told of a transfer, and what its decision replaces."""

    id: int
    account_id: int
    identity: str
    earliest: datetime
    latest: datetime
    likely_at: datetime
    amount: int
    memo: str
    payer_name: str
    payer_account: str
    bank_hint: str


class Holding(NamedTuple):
    """What of a transfer (none: money from before the city moved in) an order holds now. Whole đồng."""

    order_id: int
    transfer_id: int | None
    amount: int


_ORDER = [getattr(Order, name) for name in OrderRow._fields]
_TRANSFER = [getattr(Transfer, name) for name in TransferRow._fields]
_JOINED = func.replace(Order.name_key, " ", "", type_=String)


def waiting_ids(session: Session, *, hopeless_before: datetime, only: Collection[int] | None = None) -> Sequence[int]:
    """Transfers (or which of ``only`` these) that the matcher may decide: with money not placed, not set aside, no
    clerk has touched them.

    One that fitted nothing is left alone once it is older than ``hopeless_before``: no order of today is paid by it.
    """
    hopeless = (Proposal.verdict == Verdict.UNMATCHED) & (Transfer.latest < hopeless_before)
    waiting = (
        select(Transfer.id)
        .join(Transfer.proposal, isouter=True)
        .where(WAITS, ~Transfer.by_hand)
        .where(or_(Proposal.id.is_(None), ~hopeless))
        .order_by(Transfer.id)
    )
    if only is not None:
        waiting = waiting.where(among(session, Transfer.id, only))
    return session.scalars(waiting).all()


def transfer_rows(session: Session, transfer_ids: Collection[int]) -> list[TransferRow]:
    """Those that no clerk has touched, by id."""
    rows = session.execute(
        select(*_TRANSFER).where(among(session, Transfer.id, transfer_ids), ~Transfer.by_hand).order_by(Transfer.id)
    )
    return [TransferRow(*row) for row in rows]


def orders_by_code(session: Session, codes: Collection[str]) -> list[OrderRow]:
    """Those that bear these codes, and those of the groups that do."""
    return _orders(session, _of_codes, codes)


def orders_by_phone(session: Session, phones: Collection[str], since: datetime) -> list[OrderRow]:
    """Open ones, and those of any state placed since ``since``."""
    return _orders(session, _of_phones, phones, since=since)


def _orders(
    session: Session, question: Callable[[str], Executable], values: Collection[str], **told: datetime
) -> list[OrderRow]:
    """By id. ``values`` may be some thousands, most of them of no order: what a slip may have made of a phone."""
    if not values:
        return []
    rows = session.execute(question(_dialect(session)), {"values": [*dict.fromkeys(values)], **told})
    return sorted({OrderRow(*row) for row in rows})


@cache
def _of_codes(dialect: str) -> Executable:
    return union_all(*[each_of(dialect, _ORDER, column) for column in (Order.code, Order.group_code)])


@cache
def _of_phones(dialect: str) -> Executable:
    return each_of(dialect, _ORDER, Order.phone, _open_or_since(bindparam("since")))


def orders_by_name(session: Session, names: Collection[str], since: datetime) -> tuple[list[OrderRow], set[str]]:
    """Of each folded name without spaces the newest orders; and the names of which there may be more."""
    if not names:
        return [], set()
    listed = sorted(names)
    if _dialect(session) == "sqlite":
        found = _ranked(session, among(session, _JOINED, listed), [_JOINED], since)
    else:
        found = _rows(session.execute(_newest_of_names(), {"names": listed, "since": since}))
    often = Counter(row.name_key.replace(" ", "") for row in found)
    return found, {name for name, many in often.items() if many == MOST_OF_A_NAME}


def orders_by_name_and_sum(session: Session, wanted: Collection[tuple[str, int]], since: datetime) -> list[OrderRow]:
    """The newest orders of each of these folded names without spaces, with the total beside it."""
    if not wanted:
        return []
    names, totals = zip(*sorted(wanted), strict=True)
    if _dialect(session) == "sqlite":
        pairs = _JOINED.concat(":").concat(cast(Order.total, String))
        these = among(session, _JOINED, names) & among(session, pairs, [f"{name}:{total}" for name, total in wanted])
        return _ranked(session, these, [_JOINED, Order.total], since)
    told = {"names": list(names), "totals": list(totals), "since": since}
    return _rows(session.execute(_newest_of_names_and_sums(), told))


@cache
def _newest_of_names() -> Select[Any]:
    wanted = func.unnest(_array("names", String())).table_valued("name").render_derived()
    return _newest_of(wanted, wanted.c.name == _JOINED)


@cache
def _newest_of_names_and_sums() -> Select[Any]:
    pair = func.unnest(_array("names", String()), _array("totals", BigInteger())).table_valued("name", "total")
    pair = pair.render_derived()
    return _newest_of(pair, (pair.c.name == _JOINED) & (Order.total == pair.c.total))


def _newest_of(wanted: TableValuedAlias, like: ColumnElement[bool]) -> Select[Any]:
    """For each row of ``wanted`` the newest orders ``like`` it, each read off an index: no more are looked at."""
    newest = (
        select(*_ORDER)
        .where(like, Order.placed_at >= bindparam("since"))
        .order_by(Order.placed_at.desc())
        .limit(MOST_OF_A_NAME)
        .lateral()
    )
    return select(*newest.c).select_from(wanted.join(newest, true()))


def _ranked(session: Session, these: ColumnElement[bool], partition: Sequence[Any], since: datetime) -> list[OrderRow]:
    """The same where the database knows no LATERAL."""
    place = func.row_number().over(partition_by=partition, order_by=Order.placed_at.desc()).label("place")
    found = select(*_ORDER, place).where(these, Order.placed_at >= since).subquery()
    columns = [found.c[name] for name in OrderRow._fields]
    return _rows(session.execute(select(*columns).where(found.c.place <= MOST_OF_A_NAME)))


def _rows(result: Iterable[Any]) -> list[OrderRow]:
    return [OrderRow(*row) for row in result]


def _array(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    return bindparam(name, type_=ARRAY(kind))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _open_or_since(since: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(Order.state == OrderState.OPEN, Order.placed_at >= since)


def holdings(session: Session, order_ids: Collection[int]) -> list[Holding]:
    """What these orders hold of each transfer; a reversal has taken back what it reverses."""
    held = func.sum(Allocation.amount)
    rows = session.execute(
        select(Allocation.order_id, Allocation.transfer_id, held)
        .where(among(session, Allocation.order_id, order_ids))
        .group_by(Allocation.order_id, Allocation.transfer_id)
        .having(held != 0)
    )
    return [Holding(order_id, transfer_id, int(amount)) for order_id, transfer_id, amount in rows]


def holdings_of(session: Session, transfer_ids: Collection[int]) -> list[tuple[Holding, bool]]:
    """What these transfers pay now, and whether the order has left or is closed to second thoughts."""
    held = func.sum(Allocation.amount)
    rows = session.execute(
        select(Allocation.order_id, Allocation.transfer_id, held, Order.dispatched_at.is_not(None))
        .join(Order, Order.id == Allocation.order_id)
        .where(among(session, Allocation.transfer_id, transfer_ids))
        .group_by(Allocation.order_id, Allocation.transfer_id, Order.dispatched_at)
        .having(held != 0)
    )
    return [(Holding(order_id, transfer_id, int(amount)), left) for order_id, transfer_id, amount, left in rows]


def shares_now(session: Session, transfer_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Transfer → order → what it pays of it now."""
    shares: dict[int, dict[int, int]] = {}
    for held, _left in holdings_of(session, transfer_ids) if transfer_ids else ():
        if held.transfer_id is not None:
            shares.setdefault(held.transfer_id, {})[held.order_id] = held.amount
    return shares


def untouched(session: Session, transfer_ids: Collection[int]) -> set[int]:
    """Those of these transfers that no clerk has touched."""
    return set(session.scalars(select(Transfer.id).where(among(session, Transfer.id, transfer_ids), ~Transfer.by_hand)))


def newest_order(session: Session) -> int:
    return session.scalar(select(func.max(Order.id))) or 0


def names_sums_wards(session: Session, since: datetime) -> Iterator[tuple[str, int, int]]:
    """(folded name, total, ward) of each order that may be paid. A stream: there may be a million."""
    rows = session.execute(
        select(Order.name_key, Order.total, Order.ward_id).where(_open_or_since(since)),
        execution_options={"yield_per": 5000},
    )
    return ((row.name_key, row.total, row.ward_id) for row in rows)
