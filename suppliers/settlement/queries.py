"""Questions about settlements, and about the parcels that stand in none yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.queries import among
from orders.deductions.models import Deduction
from orders.models import Order, OrderLine
from orders.payments.models import Debit, DebitKind
from shop.models import Combo
from suppliers.models import Batch, Parcel, ParcelEvent, ParcelState
from suppliers.settlement.models import Settlement, SettlementEvent, SettlementLine, SettlementState

OPEN = (SettlementState.DRAFT, SettlementState.PUT_BACK)


class Touched(NamedTuple):
    """A parcel to which something has happened since it was last settled."""

    id: int
    order_id: int
    state: ParcelState
    marked_at: datetime


def lock_touched(session: Session, supplier_id: int) -> Sequence[Touched]:
    """The supplier's parcels to look at, held until the settlement is drawn up. Served by a partial index."""
    marked_at = select(func.max(ParcelEvent.at)).where(ParcelEvent.parcel_id == Parcel.id).scalar_subquery()
    rows = session.execute(
        select(Parcel.id, Parcel.order_id, Parcel.state, marked_at)
        .where(Parcel.supplier_id == supplier_id, Parcel.to_settle)
        .order_by(Parcel.id)
        .with_for_update(of=Parcel)
    )
    return [Touched(*row) for row in rows]


def touched_by_supplier(session: Session) -> dict[int, int]:
    """Supplier → how many of its parcels are delivered and stand in no settlement yet, or have changed since."""
    rows = session.execute(
        select(Parcel.supplier_id, func.count()).where(Parcel.to_settle).group_by(Parcel.supplier_id)
    )
    return {row[0]: row[1] for row in rows}


class Goods(NamedTuple):
    """One line of an order: so many of a combo at the price of that day."""

    id: int
    order_id: int
    code: str
    name: str
    quantity: int
    unit_price: int


def goods_of(session: Session, supplier_id: int, order_ids: Collection[int]) -> dict[int, list[Goods]]:
    """Order → its lines that this supplier packs."""
    rows = session.execute(
        select(
            OrderLine.id,
            OrderLine.order_id,
            func.coalesce(Combo.code, ""),
            OrderLine.name,
            OrderLine.quantity,
            OrderLine.unit_price,
        )
        .join(Combo, Combo.id == OrderLine.combo_id, isouter=True)
        .where(among(session, OrderLine.order_id, order_ids), OrderLine.supplier_id == supplier_id)
        .order_by(OrderLine.id)
    )
    found: dict[int, list[Goods]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(Goods(*row))
    return found


def deducted_of(session: Session, supplier_id: int, order_ids: Collection[int]) -> dict[int, int]:
    """Order line → what is deducted of it."""
    rows = session.execute(
        select(Deduction.line_id, func.sum(Deduction.amount))
        .where(among(session, Deduction.order_id, order_ids), Deduction.supplier_id == supplier_id)
        .group_by(Deduction.line_id)
    )
    return {row[0]: int(row[1]) for row in rows}


class Last(NamedTuple):
    """What a parcel came to when it was last settled."""

    turn: int
    amount: int
    deducted: int


def last_lines(session: Session, parcel_ids: Collection[int]) -> dict[int, Last]:
    """Parcel → its last line in any settlement."""
    of = SettlementLine
    rows = session.execute(
        select(of.parcel_id, of.turn, of.amount, of.deducted)
        .where(among(session, of.parcel_id, parcel_ids))
        .order_by(of.parcel_id, of.turn)
    )
    return {row[0]: Last(*row[1:]) for row in rows}


def count_settlements(session: Session, supplier_id: int) -> int:
    return int(session.scalar(select(func.count()).where(Settlement.supplier_id == supplier_id)) or 0)


def open_settlement(session: Session, supplier_id: int) -> Settlement | None:
    """The one that the two sides still talk about."""
    return session.scalar(select(Settlement).where(Settlement.supplier_id == supplier_id, Settlement.state.in_(OPEN)))


def settlement_by_number(session: Session, number: str) -> Settlement | None:
    return session.scalar(select(Settlement).where(Settlement.number == number))


def lock_settlement(session: Session, settlement_id: int) -> Settlement:
    """The settlement as it stands now, held."""
    return session.scalars(
        select(Settlement)
        .where(Settlement.id == settlement_id)
        .with_for_update(of=Settlement)
        .execution_options(populate_existing=True)
    ).one()


def open_settlements(session: Session, supplier_id: int | None = None) -> Sequence[Settlement]:
    """Those that are not agreed yet: one a supplier at most. Served by a partial index."""
    found = select(Settlement).where(Settlement.state.in_(OPEN)).order_by(Settlement.id)
    if supplier_id is not None:
        found = found.where(Settlement.supplier_id == supplier_id)
    return session.scalars(found).all()


def closed_settlements(
    session: Session, supplier_id: int | None = None, *, most: int, skip: int = 0
) -> Sequence[Settlement]:
    """Those that are agreed or were dropped, newest first."""
    found = select(Settlement).where(Settlement.state.not_in(OPEN)).order_by(Settlement.id.desc())
    if supplier_id is not None:
        found = found.where(Settlement.supplier_id == supplier_id)
    return session.scalars(found.limit(most).offset(skip)).all()


class Shown(NamedTuple):
    """A line with the names by which people know its parcel."""

    line: SettlementLine
    order_code: str
    round_id: int
    batch: int
    stop: int


def lines_of(session: Session, settlement_id: int, *, most: int | None = None, skip: int = 0) -> Sequence[Shown]:
    """A settlement's lines, in the order in which they were drawn up."""
    rows = session.execute(
        select(SettlementLine, Order.code, Batch.round_id, Batch.number, Parcel.stop)
        .join(Parcel, Parcel.id == SettlementLine.parcel_id)
        .join(Order, Order.id == Parcel.order_id)
        .join(Batch, Batch.id == Parcel.batch_id)
        .where(SettlementLine.settlement_id == settlement_id)
        .order_by(SettlementLine.id)
        .limit(most)
        .offset(skip)
    )
    return [Shown(*row) for row in rows]


def goods_changed(session: Session, settlement_id: int) -> Sequence[tuple[list[list[object]], list[list[object]]]]:
    """Of each line, the goods that it is about now, and those of the line before it."""
    before = aliased(SettlementLine)
    same = (before.parcel_id == SettlementLine.parcel_id) & (before.turn == SettlementLine.turn - 1)
    rows = session.execute(
        select(SettlementLine.goods, before.goods)
        .join(before, same, isouter=True)
        .where(SettlementLine.settlement_id == settlement_id)
        .order_by(SettlementLine.id)
    )
    return [(now, was or []) for now, was in rows]


def events_of(session: Session, settlement_id: int) -> Sequence[SettlementEvent]:
    return session.scalars(
        select(SettlementEvent).where(SettlementEvent.settlement_id == settlement_id).order_by(SettlementEvent.id)
    ).all()


def debits_like(session: Session, amount: int, *, most: int = 10) -> Sequence[Debit]:
    """Debits of this sum that nobody has explained, or that went to a supplier and paid no settlement; newest first.

    Each kind is served by its partial index.
    """
    taken = select(Settlement.debit_id).where(Settlement.debit_id == Debit.id).exists()
    kinds = or_(Debit.kind == DebitKind.UNEXPLAINED, Debit.kind == DebitKind.SUPPLIER)
    return session.scalars(
        select(Debit).where(kinds, Debit.amount == amount, ~taken).order_by(Debit.id.desc()).limit(most)
    ).all()


def settlement_of_debit(session: Session, debit_id: int) -> Settlement | None:
    return session.scalar(select(Settlement).where(Settlement.debit_id == debit_id))
