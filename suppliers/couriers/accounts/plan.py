"""What a table of couriers would do, line by line: a new account, an end that moves, or what is wrong, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from kernel.forms import tidy
from kernel.phones import PhoneFault, normalise
from kernel.text import disguises, search_key
from orders.forms import PHONE_FAULTS
from people.desk.staff import LONGEST
from people.models import Staff, Team
from suppliers.couriers.accounts.upload import Row
from suppliers.couriers.keep import end_of
from suppliers.couriers.queries import active_couriers, teams_of

_VIETNAMESE_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")


@dataclass(slots=True)
class Planned:
    """One line: what it says, what is wrong with it, and whose account it moves, if it makes no new one."""

    row: Row
    name: str = ""
    phone: str = ""
    team: Team | None = None
    last_day: date | None = None
    known: Staff | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime | None:
        return end_of(self.last_day) if self.last_day else None

    @property
    def shown(self) -> list[object]:
        """By what a later look at the same line is told to be the same."""
        whose = [self.known.id, self.known.version] if self.known else [0, 0]
        return [self.row.line, *whose, self.team.id if self.team else 0, str(self.last_day)]


def plan(session: Session, supplier_id: int, rows: Sequence[Row]) -> list[Planned]:
    """Each line with all that is wrong with it. Writes nothing."""
    teams = {search_key(team.name): team for team in teams_of(session, supplier_id)}
    lines = [_read(row, teams) for row in rows]
    known = active_couriers(session, supplier_id, {line.phone for line in lines if line.phone})
    for line in lines:
        line.known = known.get(line.phone)
    _twice(lines)
    return lines


def is_good(lines: Iterable[Planned]) -> bool:
    """Whether nothing is wrong with any of them."""
    return not any(line.faults for line in lines)


def _read(row: Row, teams: Mapping[str, Team]) -> Planned:
    line = Planned(row)
    for read in (_name, _phone, _team, _expires):
        try:
            read(line, teams)
        except MarketError as fault:
            line.faults.append(str(fault))
    return line


def _name(line: Planned, _teams: Mapping[str, Team]) -> None:
    name = tidy(line.row.name)
    if not 2 <= len(name) <= 80:
        raise MarketError(_("The name has to have 2 to 80 letters."))
    if disguises(name):
        raise MarketError(_("“%(text)s” has a hidden or foreign character.", text=name[:40]))
    line.name = name


def _phone(line: Planned, _teams: Mapping[str, Team]) -> None:
    if not line.row.phone:
        raise MarketError(_("The phone is missing."))
    try:
        line.phone = normalise(line.row.phone)
    except PhoneFault as fault:
        raise MarketError(f"“{line.row.phone[:20]}”: {PHONE_FAULTS[fault.reason]}") from fault


def _team(line: Planned, teams: Mapping[str, Team]) -> None:
    if not line.row.team:
        raise MarketError(_("The team is missing."))
    team = teams.get(search_key(line.row.team))
    if team is None:
        raise MarketError(_("You have no team called “%(name)s”.", name=line.row.team[:40]))
    if not team.active:
        raise MarketError(_("The team “%(name)s” is switched off.", name=team.name))
    line.team = team


def _expires(line: Planned, _teams: Mapping[str, Team]) -> None:
    if not line.row.expires:
        raise MarketError(_("The last day is missing: an account has to end."))
    day, today = _day(line.row.expires), clock.today()
    if day < today:
        raise MarketError(_("The last day %(day)s is past.", day=f"{day:%d/%m/%Y}"))
    if day > today + LONGEST:
        raise MarketError(
            _("The last day %(day)s is more than %(days)s days ahead.", day=f"{day:%d/%m/%Y}", days=LONGEST.days)
        )
    line.last_day = day


def _day(text: str) -> date:
    """``31/12/2021`` or ``2021-12-31``."""
    try:
        if found := _VIETNAMESE_DAY.fullmatch(text.strip()):
            return date(*(int(part) for part in reversed(found.groups())))
        return date.fromisoformat(text.strip()[:10])
    except ValueError as fault:
        raise MarketError(_("“%(text)s” is no day. Write it as 31/12/2026.", text=text[:20])) from fault


def _twice(lines: Iterable[Planned]) -> None:
    first: dict[str, int] = {}
    for line in lines:
        if line.phone and first.setdefault(line.phone, line.row.line) != line.row.line:
            line.faults.append(_("The same phone stands in line %(line)s already.", line=first[line.phone]))
