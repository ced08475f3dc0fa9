"""A delivery day in numbers: what is left, delivered, failed and late, by team and by ward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from kernel import clock
from kernel.models import Change
from people.models import Supplier, Team
from people.queries import suppliers, ward_names
from shop.models import Slot
from shop.rounds import slot_ends
from suppliers.desk.deliveries import queries
from suppliers.desk.deliveries.queries import Scope, Tally
from suppliers.models import ParcelState

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Numbers:
    """``left``: somebody still has to go there; of those ``again`` for the second time, and ``late`` past their hour.

    ``failed``: tried as often as it may be.
    """

    left: int = 0
    again: int = 0
    late: int = 0
    delivered: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.left + self.delivered + self.failed

    def add(self, each: Tally, *, late: bool) -> None:
        if each.state is ParcelState.DELIVERED:
            self.delivered += each.many
        elif each.spent:
            self.failed += each.many
        else:
            self.left += each.many
            self.again += each.many if each.state is ParcelState.FAILED else 0
            self.late += each.many if late else 0


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's share of the day, or what of a supplier's is in no run yet (``team`` None).

    ``heard_at``: when the last word came in. ``nudged``: the last nudge ever.
    """

    supplier: Supplier
    team: Team | None
    numbers: Numbers
    heard_at: datetime | None
    nudged: Change | None

    @property
    def key(self) -> str:
        """How the address of a list names it."""
        return str(self.team.id) if self.team else f"s{self.supplier.id}"


@dataclass(frozen=True, slots=True)
class WardLine:
    """A ward's share of the day."""

    ward_id: int
    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Board:
    """The day. ``aside``: how much was told that did not count."""

    scope: Scope
    all: Numbers
    teams: Sequence[TeamRow]
    wards: Sequence[WardLine] = field(default=())
    aside: int = 0


def scope_of(session: Session, day: date, at: datetime) -> Scope:
    """The whole day as it stands at that moment."""
    return Scope(day, gone=queries.gone_of(session, day), over=[slot for slot in Slot if at >= slot_ends(day, slot)])


def board(session: Session, scope: Scope) -> Board:
    """A fixed handful of statements, however many stops, teams and wards there are."""
    found = queries.tallies(session, scope)
    wards, names = _summed(found, scope, lambda each: each.ward_id), ward_names(session)
    return Board(
        scope=scope,
        all=summed(found, scope),
        teams=_teams(session, found, scope),
        wards=sorted((WardLine(key, names[key], each) for key, each in wards.items()), key=lambda line: line.name),
        aside=queries.count_aside(session, scope),
    )


def summed(found: Iterable[Tally], scope: Scope) -> Numbers:
    """All of them in one."""
    return _summed(found, scope, lambda _each: 0).get(0, Numbers())


def _summed(found: Iterable[Tally], scope: Scope, key: Callable[[Tally], _Key]) -> dict[_Key, Numbers]:
    numbers: dict[_Key, Numbers] = {}
    for each in found:
        numbers.setdefault(key(each), Numbers()).add(each, late=each.slot in scope.over)
    return numbers


def _teams(session: Session, found: Sequence[Tally], scope: Scope) -> list[TeamRow]:
    numbers = _summed(found, scope, lambda each: (each.supplier_id, each.team_id))
    firms = {firm.id: firm for firm in suppliers(session)}
    teams = queries.teams_named(session, {team for _firm, team in numbers if team})
    heard = queries.last_heard(session, scope)
    of_teams = queries.last_nudges(session, "team", Team, teams.keys())
    of_firms = queries.last_nudges(session, "supplier", Supplier, firms.keys())
    made = [
        TeamRow(
            supplier=firms[firm],
            team=teams[team] if team else None,
            numbers=each,
            heard_at=heard.get((firm, team)),
            nudged=of_teams.get(team) if team else of_firms.get(firm),
        )
        for (firm, team), each in numbers.items()
    ]
    return sorted(made, key=lambda row: (row.supplier.name, row.team is None, row.team.name if row.team else ""))


def count_late(session: Session, at: datetime) -> int:
    """How many of today's stops are late. Before the first of today's hours has passed it looks at rounds only."""
    today = clock.local(at).date()
    if not any(at >= slot_ends(today, slot) for slot in queries.slots_out(session, today)):
        return 0
    scope = scope_of(session, today, at)
    return summed(queries.tallies(session, scope), scope).late
