"""Orders taken elsewhere: a city moves in with a CSV. Bad rows are listed, good ones enter, twice is once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.money import format_dong
from orders import lifecycle
from orders.holds import hold_beyond
from orders.import_rows import ImportRow, RowFault, read_rows
from orders.models import Order, OrderLine, OrderState, Origin
from orders.notices.reminders import set_reminder
from orders.payments.ledger import Hand, allocate_opening
from orders.queries import orders_by_code
from people.models import WardRow
from people.queries import wards
from shop.models import Combo, Round
from shop.queries import combos_by_code

PIECE = 500


@dataclass
class Report:
    """What an import did. ``beyond`` counts parcels let in over the round's places."""

    entered: int = 0
    known: int = 0
    beyond: int = 0
    refused: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What all rows of one import share."""

    delivery: Round
    at: datetime
    window: timedelta
    wards: dict[str, WardRow]
    combos: dict[str, Combo]


def import_orders(
    session: Session, path: Path, *, delivery: Round, at: datetime, window: timedelta
) -> Iterator[Report]:
    """Bring in the orders of a CSV (columns of ``samples/corpus/orders.csv``; address and combos optional).

    Yields the growing report after each piece; the caller commits there. A second run passes over what is in already.
    """
    report = Report()
    good, report.refused = read_rows(path)
    arrival = Arrival(delivery, at, window, {ward.code: ward for ward in wards(session)}, _combos(session, good))
    for start in range(0, len(good), PIECE):
        _enter(session, good[start : start + PIECE], arrival, report)
        yield report
    yield report


def _combos(session: Session, rows: Sequence[ImportRow]) -> dict[str, Combo]:
    return combos_by_code(session, {code for row in rows for code, _many in row.combos})


def _enter(session: Session, rows: Sequence[ImportRow], arrival: Arrival, report: Report) -> None:
    known = orders_by_code(session, [row.code for row in rows])
    fresh: list[tuple[ImportRow, Order]] = []
    for row in rows:
        try:
            if row.code in known:
                _same(row, known[row.code])
                report.known += 1
            else:
                fresh.append((row, _order(row, arrival)))
        except MarketError as fault:
            report.refused.append(RowFault(row.line, str(fault)))
    session.add_all(order for _row, order in fresh)
    session.flush()
    for row, order in fresh:
        if row.state is OrderState.CONFIRMED:
            _confirm(session, order, arrival)
    report.beyond += hold_beyond(session, [order for _row, order in fresh], at=arrival.at)
    report.entered += len(fresh)
    session.flush()


def _same(row: ImportRow, order: Order) -> None:
    if (order.total, order.phone) != (row.total, row.phone):
        raise MarketError(_("Order %(code)s is here already, with another phone or total.", code=row.code))


def _lines(row: ImportRow, arrival: Arrival) -> list[OrderLine]:
    if not row.combos:
        return [OrderLine(name=_("Taken elsewhere"), quantity=1, unit_price=row.total)]
    unknown = [code for code, _many in row.combos if code not in arrival.combos]
    if unknown:
        raise MarketError(_("There is no combo %(code)s.", code=unknown[0]))
    lines = [OrderLine.of(arrival.combos[code], many) for code, many in row.combos]
    if sum(line.amount for line in lines) != row.total:
        raise MarketError(_("The combos do not add up to the total of %(total)s.", total=format_dong(row.total)))
    return lines


def _order(row: ImportRow, arrival: Arrival) -> Order:
    ward = arrival.wards[row.ward.code]
    order = Order(
        code=row.code,
        token=secrets.token_urlsafe(24),
        origin=Origin.ELSEWHERE,
        name=row.name,
        phone=row.phone,
        ward=ward,
        address=row.address,
        total=row.total,
        round=arrival.delivery,
        placed_at=row.placed_at,
        expires_at=_deadline(row, ward, arrival),
        lines=_lines(row, arrival),
    )
    # One that is paid begins open: its money confirms it, here as everywhere.
    begins = OrderState.OPEN if row.state is OrderState.CONFIRMED else row.state
    if begins is OrderState.OPEN:
        set_reminder(order, at=arrival.at)
    lifecycle.begin(order, state=begins, by="import", at=row.placed_at, because="taken elsewhere")
    return order


def _confirm(session: Session, order: Order, arrival: Arrival) -> None:
    because = "paid before the move"
    allocate_opening(session, order, order.total, Hand("import", arrival.at, because))
    lifecycle.advance(order, OrderState.CONFIRMED, by="import", at=arrival.at, because=because)


def _deadline(row: ImportRow, ward: WardRow, arrival: Arrival) -> datetime:
    """An open order gets a fresh deadline; the others keep theirs."""
    if row.state is OrderState.OPEN:
        return min(arrival.at + arrival.window, arrival.delivery.closes_for(ward.id))
    return row.expires_at
