"""The rota as the office keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kernel.changes import Doer, note_part, take_turn
from orders.rota.models import Rota
from orders.rota.queries import rota_rows
from people.models import WardRow

KIND = "rota"
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """Once in how many days: in the city, and in wards with a rule of their own. 0: as often as they like."""

    city: int
    own: Mapping[int, int]

    def days_for(self, ward_id: int) -> int:
        return self.own.get(ward_id, self.city)


def rows_of(session: Session) -> tuple[Rota, dict[int, Rota]]:
    """The city's row, whose version is that of the whole, and the wards' own."""
    rows = rota_rows(session)
    city = next(row for row in rows if row.ward_id is None)
    return city, {row.ward_id: row for row in rows if row.ward_id is not None}


def rule_of(session: Session) -> Rule:
    city, own = rows_of(session)
    return Rule(city.days, {ward_id: row.days for ward_id, row in own.items()})


def save(session: Session, wards: Sequence[WardRow], fresh: Rule, *, seen: str | None, doer: Doer) -> int:
    """Set the rota; answers how many rules changed. Orders that are placed stay. Does not commit."""
    city, own = rows_of(session)
    take_turn(session, city, seen)
    changed = _note(session, city, "", was=city.days, became=fresh.city, doer=doer)
    city.days = fresh.city
    for ward in wards:
        row, days = own.get(ward.id), fresh.own.get(ward.id)
        changed += _note(session, city, ward.name, was=row.days if row else None, became=days, doer=doer)
        _write(session, ward, row, days)
    session.flush()
    return changed


def _note(session: Session, city: Rota, about: str, *, was: int | None, became: int | None, doer: Doer) -> int:
    if was != became:
        note_part(session, KIND, city.id, "days", about=about, was=was, became=became, doer=doer)
    return int(was != became)


def _write(session: Session, ward: WardRow, row: Rota | None, days: int | None) -> None:
    if row and days is None:
        session.delete(row)
    elif row and days is not None:
        row.days = days
    elif days is not None:
        session.add(Rota(ward_id=ward.id, days=days))
