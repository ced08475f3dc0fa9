"""A settlement is drawn up: every parcel whose due is not what was settled for it before, in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel import clock
from kernel.bulk import insert_many
from kernel.errors import MarketError, NotFound
from kernel.web import show_day
from people.queries import lock_supplier
from suppliers.models import ParcelState
from suppliers.notices import telling
from suppliers.settlement.models import (
    LineKind,
    Settlement,
    SettlementDeed,
    SettlementEvent,
    SettlementLine,
    SettlementState,
)
from suppliers.settlement.queries import (
    Goods,
    Last,
    Touched,
    count_settlements,
    deducted_of,
    goods_of,
    last_lines,
    lock_settlement,
    lock_touched,
    open_settlement,
)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does it: the account, the person, when, and why where that is asked for."""

    by: str
    name: str
    at: datetime
    because: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in Vietnam, both included."""

    begins_on: date
    ends_on: date


class NotNow(MarketError):
    """The period is not over, or another settlement has to be finished first."""

    status = 422


class NothingToSettle(MarketError):
    """All that was delivered in this period is settled."""

    status = 422


class NotOpen(MarketError):
    """It is agreed or dropped, and stays so."""

    def __init__(self, settlement: Settlement) -> None:
        super().__init__(
            _("Settlement %(number)s is closed and stays as it is. Reload the page.", number=settlement.number)
        )


def draw(session: Session, supplier_id: int, period: Period, hand: Hand) -> Settlement:
    """Draw up a supplier's next settlement, and tell the supplier. Does not commit.

    It holds what was marked delivered up to the last day of the period, and whatever of earlier ones has changed since.
    """
    supplier = lock_supplier(session, supplier_id)
    if supplier is None:
        raise NotFound(_("There is no such supplier."))
    if waiting := open_settlement(session, supplier_id):
        raise NotNow(_("Settlement %(number)s is not agreed yet. Finish or drop it first.", number=waiting.number))
    made = Settlement(
        number=f"QT-{supplier.code}-{count_settlements(session, supplier_id) + 1:04d}",
        supplier=supplier,
        begins_on=period.begins_on,
        ends_on=period.ends_on,
        drawn_by=hand.by,
        drawn_name=hand.name,
        drawn_at=hand.at,
    )
    session.add(made)
    session.flush()
    _fill(session, made, hand)
    return made


def draw_anew(session: Session, settlement: Settlement, hand: Hand) -> None:
    """Draw an open settlement up once more as things stand now; who had agreed has to agree again. Does not commit."""
    locked = _locked_open(session, settlement)
    _empty(session, locked)
    locked.state, locked.version = SettlementState.DRAFT, locked.version + 1
    locked.drawn_by, locked.drawn_name, locked.drawn_at = hand.by, hand.name, hand.at
    withdraw_agreements(locked)
    session.flush()
    _fill(session, locked, hand)


def drop(session: Session, settlement: Settlement, hand: Hand) -> None:
    """Give an open settlement up: what stood in it is for the next one. Does not commit."""
    locked = _locked_open(session, settlement)
    _empty(session, locked)
    withdraw_agreements(locked)
    locked.state = SettlementState.DROPPED
    locked.amount = locked.deducted = locked.net = 0
    write(session, locked, SettlementDeed.DROPPED, hand)


def _locked_open(session: Session, settlement: Settlement) -> Settlement:
    lock_supplier(session, settlement.supplier_id)
    locked = lock_settlement(session, settlement.id)
    if not locked.open:
        raise NotOpen(locked)
    return locked


def withdraw_agreements(settlement: Settlement) -> None:
    settlement.office_by = settlement.office_name = settlement.office_at = None
    settlement.supplier_by = settlement.supplier_name = settlement.supplier_at = None


def write(session: Session, settlement: Settlement, what: SettlementDeed, hand: Hand, *, sha256: str = "") -> None:
    """A line of the settlement's history."""
    session.add(
        SettlementEvent(
            settlement_id=settlement.id,
            what=what,
            by=hand.by,
            name=hand.name,
            at=hand.at,
            because=hand.because,
            sha256=sha256,
        )
    )
    session.flush()


def _empty(session: Session, settlement: Settlement) -> None:
    session.execute(
        delete(SettlementLine)
        .where(SettlementLine.settlement_id == settlement.id)
        .execution_options(synchronize_session=False)
    )


def _fill(session: Session, settlement: Settlement, hand: Hand) -> None:
    """The lines and their sums. The parcels are held: a mark that is set meanwhile is for the next settlement."""
    rows = sorted(_rows(session, settlement), key=lambda row: (list(LineKind).index(row["kind"]), row["marked_at"]))
    if not rows:
        raise NothingToSettle(
            _("Everything that was delivered up to %(day)s is settled.", day=show_day(settlement.ends_on))
        )
    insert_many(session, SettlementLine, rows)
    settlement.amount = sum(row["amount"] - row["was_amount"] for row in rows)
    settlement.deducted = sum(row["deducted"] - row["was_deducted"] for row in rows)
    settlement.net = settlement.amount - settlement.deducted
    write(session, settlement, SettlementDeed.DRAWN, hand)
    telling.settlement_drawn(session, settlement, at=hand.at)


def _rows(session: Session, settlement: Settlement) -> Iterator[dict[str, Any]]:
    until = clock.whole_day(settlement.ends_on)[1]
    parcels = [each for each in lock_touched(session, settlement.supplier_id) if each.marked_at <= until]
    orders = [each.order_id for each in parcels]
    goods = goods_of(session, settlement.supplier_id, orders)
    deducted = deducted_of(session, settlement.supplier_id, orders)
    before = last_lines(session, [each.id for each in parcels])
    for parcel in parcels:
        handed = goods[parcel.order_id] if parcel.state is ParcelState.DELIVERED else []
        if row := _row(settlement, parcel, handed, deducted, before.get(parcel.id, Last(0, 0, 0))):
            yield row


def _row(
    settlement: Settlement, parcel: Touched, handed: Sequence[Goods], less: Mapping[int, int], was: Last
) -> dict[str, Any] | None:
    """The parcel's line, or None where what was settled before is what is due."""
    goods = [(each.code, each.name, each.unit_price, each.quantity, less.get(each.id, 0)) for each in handed]
    amount, deducted = sum(price * many for _c, _n, price, many, _d in goods), sum(cut for *_goods, cut in goods)
    if (amount, deducted) == (was.amount, was.deducted):
        return None
    return {
        "settlement_id": settlement.id,
        "parcel_id": parcel.id,
        "turn": was.turn + 1,
        "kind": _kind(parcel, was, amount, begins=clock.whole_day(settlement.begins_on)[0]),
        "marked_at": parcel.marked_at,
        "amount": amount,
        "deducted": deducted,
        "was_amount": was.amount,
        "was_deducted": was.deducted,
        "net": amount - deducted - was.amount + was.deducted,
        "goods": goods,
    }


def _kind(parcel: Touched, was: Last, amount: int, *, begins: datetime) -> LineKind:
    if not was.turn:
        return LineKind.DELIVERED if parcel.marked_at >= begins else LineKind.LATE
    if amount == was.amount:
        return LineKind.DEDUCTED
    return LineKind.AGAIN if amount else LineKind.UNDONE
