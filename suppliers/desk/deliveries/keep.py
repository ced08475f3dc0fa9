"""The office wants a stop brought first, or asks a team how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note
from kernel.errors import MarketError, NotFound
from kernel.models import Change
from kernel.web import show_moment
from people.models import Supplier, Team
from people.queries import lock_supplier
from suppliers.desk.deliveries import queries
from suppliers.desk.deliveries.board import Numbers, scope_of, summed
from suppliers.models import Parcel, ParcelState
from suppliers.notices import telling
from suppliers.queries import lock_parcel

PAUSE = timedelta(minutes=15)
"""So long after a nudge a team is not nudged again."""


class BroughtAlready(MarketError):
    """There is nothing to hurry for."""

    def __init__(self) -> None:
        super().__init__(_("It was delivered meanwhile, so it need not be brought first any more."))


class NothingLeft(MarketError):
    """Nobody has to be asked."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Nothing is left to bring for %(name)s on that day, so nobody was nudged.", name=name))


class NudgedJustNow(MarketError):
    """The last nudge has hardly been read."""

    def __init__(self, name: str, last: Change) -> None:
        super().__init__(
            _(
                "%(name)s was nudged at %(at)s by %(by)s. Wait a quarter of an hour between two nudges, or call.",
                name=name,
                at=show_moment(last.at),
                by=last.by,
            )
        )


def set_urgent(session: Session, parcel_id: int, *, urgent: bool, doer: Doer) -> Parcel:
    """The office wants it brought first, or no longer so. Told twice it is written down once. Does not commit."""
    parcel = lock_parcel(session, parcel_id)
    if parcel is None:
        raise NotFound(_("There is no such parcel."))
    if urgent and parcel.state is ParcelState.DELIVERED:
        raise BroughtAlready
    if parcel.urgent is not urgent:
        note(session, "parcel", parcel.id, {"urgent": parcel.urgent}, {"urgent": urgent}, doer)
        parcel.urgent = urgent
    return parcel


def nudge_team(session: Session, team_id: int, day: date, doer: Doer) -> Team:
    """Ask a team for what is left of the day; at most once in PAUSE. Does not commit."""
    team = queries.lock_team(session, team_id)
    if team is None:
        raise NotFound(_("There is no such team."))
    numbers = left_of(session, day, team=team.id, at=doer.at)
    _refuse(team.name, numbers, queries.last_nudges(session, "team", Team, [team.id]), doer)
    note(session, "team", team.id, {}, {queries.NUDGED: numbers.left}, doer)
    telling.team_nudged(session, team, day, left=numbers.left, late=numbers.late, at=doer.at)
    return team


def nudge_supplier(session: Session, supplier_id: int, day: date, doer: Doer) -> Supplier:
    """Ask a supplier for what of the day is in no run yet; at most once in PAUSE. Does not commit."""
    firm = lock_supplier(session, supplier_id)
    if firm is None:
        raise NotFound(_("There is no such supplier."))
    numbers = left_of(session, day, idle=firm.id, at=doer.at)
    _refuse(firm.name, numbers, queries.last_nudges(session, "supplier", Supplier, [firm.id]), doer)
    note(session, "supplier", firm.id, {}, {queries.NUDGED: numbers.left}, doer)
    telling.share_nudged(session, firm, day, left=numbers.left, late=numbers.late, at=doer.at)
    return firm


def left_of(session: Session, day: date, *, at: datetime, team: int | None = None, idle: int | None = None) -> Numbers:
    """The numbers of one team, or of what of a supplier's is in no run yet."""
    scope = replace(scope_of(session, day, at), team=team, idle=idle)
    return summed(queries.tallies(session, scope), scope)


def _refuse(name: str, numbers: Numbers, nudges: Mapping[int, Change], doer: Doer) -> None:
    if not numbers.left:
        raise NothingLeft(name)
    for last in nudges.values():
        if doer.at < last.at + PAUSE:
            raise NudgedJustNow(name, last)
