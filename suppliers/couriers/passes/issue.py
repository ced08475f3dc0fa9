"""Which pass a courier gets: for one day, the team's shift with an hour on both sides, the wards of its blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app as app
from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from people.models import Staff, Team
from suppliers.couriers.passes.token import Pass, sign
from suppliers.couriers.queries import run_days

MARGIN = timedelta(hours=1)
"""On both sides of the shift: the way to the warehouse and home."""

AHEAD = timedelta(days=14)


class NoPass(MarketError):
    """There is nothing that a pass could be for."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A pass with what stands beside it on page and paper."""

    courier: Staff
    team: Team
    day: date
    what: Pass
    wards: list[str]
    plates: list[str]

    @property
    def url(self) -> str:
        """What the code on the pass opens, on whatever phone."""
        base = app.extensions["settings"].public_url or request.url_root
        return str(base).rstrip("/") + url_for("passes.check", signed=sign(self.what))


def hours(team: Team, day: date) -> tuple[datetime, datetime]:
    """From when until when a pass of ``day`` holds; never beyond the day itself."""
    first, after = clock.at(day, 0), clock.at(day + timedelta(days=1), 0)
    return max(_on(day, team.begins) - MARGIN, first), min(_on(day, team.ends) + MARGIN, after)


def _on(day: date, hour: time) -> datetime:
    return clock.at(day, hour.hour, hour.minute)


def day_of(session: Session, team: Team, at: datetime) -> date:
    """The day that a pass is wanted for: today, while its hours are not over; then the next with a run, or tomorrow.

    A team that has a run today or later, but none today, wants the day of its next run.
    """
    today = clock.local(at).date()
    over = at >= hours(team, today)[1]
    coming = next((day for day in run_days(session, team.id, today) if day > today or not over), None)
    return coming or (today + timedelta(days=1) if over else today)


def issue(courier: Staff, day: date) -> Issued:
    """The pass of a courier for ``day``. Refused where it would hold nowhere, or never."""
    team = courier.team
    if team is None or not team.blocks:
        raise NoPass(_("Your team serves no ward yet, so there is no pass. Your supplier names its wards."))
    begins, ends = hours(team, day)
    ends = min(ends, courier.ends_at or ends)
    if not (team.active and courier.active) or courier.has_ended(clock.now()) or ends <= begins:
        raise NoPass(_("There is no pass for this day: the account or the team does not last until then."))
    served = {block.ward.code: block.ward.name for block in team.blocks}
    what = Pass(courier.id, tuple(sorted(served)), begins, ends)
    plates = [each.plate for each in team.vehicles if each.active and each.plate]
    return Issued(courier, team, day, what, sorted(served.values()), plates)
