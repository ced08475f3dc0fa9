"""The places of a round as one table, ward by supplier: read from a form, filled in bulk, written where changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note_part, take_turn
from kernel.errors import MarketError
from kernel.forms import whole
from orders.desk.rounds.plan import KIND, HasLeft
from people.models import Supplier, WardRow
from shop.capacity import Door, plan_places, set_places
from shop.models import Capacity, Round
from shop.queries import capacities_of, lock_round

MOST = 100_000
ALL = "all"


@dataclass
class Cell:
    """One ward's parcels with one supplier: what is planned, what is written into the form, what is wrong with that."""

    door: Door
    label: str
    planned: Capacity | None
    typed: str
    fault: str = ""

    @property
    def name(self) -> str:
        return f"p-{self.door[0]}-{self.door[1]}"

    @property
    def now(self) -> str:
        return "" if self.planned is None else str(self.planned.places)

    @property
    def least(self) -> int:
        """Places that are promised within the plan: fewer cannot be."""
        return self.planned.held - self.planned.beyond if self.planned else 0


@dataclass
class Grid:
    """The whole table, and how it was filled in."""

    wards: Sequence[WardRow]
    suppliers: Sequence[Supplier]
    cells: dict[Door, Cell] = field(default_factory=dict)

    def row(self, ward: WardRow) -> Iterator[Cell]:
        return (self.cells[ward.id, firm.id] for firm in self.suppliers)

    def changed(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.typed != cell.now]

    @property
    def faults(self) -> list[Cell]:
        return [cell for cell in self.cells.values() if cell.fault]


def grid_of(
    wards: Sequence[WardRow],
    suppliers: Sequence[Supplier],
    capacities: Sequence[Capacity],
    *,
    typed: Mapping[str, str] | None = None,
) -> Grid:
    """The table as it is kept, or as it was ``typed``. A firm that is off shows where it has places."""
    planned = {(each.ward_id, each.supplier_id): each for each in capacities}
    used = {supplier_id for _ward, supplier_id in planned}
    grid = Grid(wards, [firm for firm in suppliers if firm.active or firm.id in used])
    for ward in wards:
        for firm in grid.suppliers:
            cell = Cell((ward.id, firm.id), f"{ward.name}, {firm.name}", planned.get((ward.id, firm.id)), "")
            cell.typed = cell.now if typed is None else typed.get(cell.name, cell.now).strip()
            grid.cells[cell.door] = cell
    return grid


def fill(grid: Grid, typed: Mapping[str, str]) -> None:
    """What stands in the fields for all, for a column or for a row goes into each of its cells; the narrower wins."""
    for cell in grid.cells.values():
        ward_id, supplier_id = cell.door
        for name in (ALL, f"col-{supplier_id}", f"row-{ward_id}"):
            if many := typed.get(name, "").strip():
                cell.typed = many


def fill_like(grid: Grid, capacities: Sequence[Capacity]) -> None:
    """The places of another round go into the cells."""
    for each in capacities:
        if cell := grid.cells.get((each.ward_id, each.supplier_id)):
            cell.typed = str(each.places)


def check(grid: Grid) -> bool:
    """Whether every changed cell holds a number that can be; what is wrong stands in the cell."""
    for cell in grid.changed():
        number = whole(cell.typed, 0, MOST)
        if number is None:
            cell.fault = _("%(cell)s: a whole number from 0 to %(most)s.", cell=cell.label, most=MOST)
        elif number < cell.least:
            cell.fault = _promised(cell)
    return not grid.faults


def save(session: Session, delivery: Round, grid: Grid, *, seen: str | None, doer: Doer) -> int:
    """Write the cells that changed; answers how many. Refuses fewer places than are promised. Does not commit."""
    take_turn(session, delivery, seen)
    lock_round(session, delivery.id)
    if delivery.dispatched_at is not None:
        raise HasLeft(_("This round has left. Its places are history now."))
    changed = grid.changed()
    for cell in changed:
        _write(session, delivery, cell, doer)
    for each in capacities_of(session, delivery.id):
        session.expire(each)
    return len(changed)


def _write(session: Session, delivery: Round, cell: Cell, doer: Doer) -> None:
    was, became = cell.now, int(cell.typed)
    if cell.planned is None:
        plan_places(session, delivery.id, cell.door, became)
    elif not set_places(session, cell.planned.id, became):
        session.refresh(cell.planned)
        raise MarketError(_promised(cell))
    note_part(session, KIND, delivery.id, "places", about=cell.label, was=was, became=became, doer=doer)


def _promised(cell: Cell) -> str:
    return str(
        _("%(cell)s: %(least)s places are promised already, so it cannot be fewer.", cell=cell.label, least=cell.least)
    )
