"""Who signs in: added, given a start password, given or refused the heads' rights, switched off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, note_new, take_turn
from kernel.errors import MarketError
from people import sessions
from people.models import Role, Staff
from people.passwords import hashed, start_password
from people.queries import lock_managers

KIND = "staff"
SETTLED_AFTER = timedelta(hours=24)
"""So long after somebody made or reset an account, it is no second person for them: its owner has time to notice."""

LONGEST = timedelta(days=60)
"""So long at most a courier's account lasts before somebody has to look at it again."""


@dataclass(frozen=True, slots=True)
class StartPassword:
    """One that was made beforehand: its hash takes a while, in which no transaction shall wait."""

    text: str
    hash: str

    @classmethod
    def new(cls) -> StartPassword:
        text = start_password()
        return cls(text, hashed(text))


class LastManager(MarketError):
    """Without this one nobody could keep staff and accounts any more."""


class YourOwn(MarketError):
    """Not with one's own account."""


class TooFresh(MarketError):
    """The second person's account comes from the first."""


class LastsTooLong(MarketError):
    """An account that would end in the past, or later than any may."""

    status = 422


def facts(staff: Staff) -> dict[str, object]:
    """What a form about somebody shows and a history compares."""
    return {"name": staff.name, "manages": staff.manages, "delivers": staff.delivers}


def add(session: Session, staff: Staff, doer: Doer, *, given: StartPassword | None = None) -> str:
    """A new account; answers its start password, which nothing else keeps. Does not commit."""
    password = _give_start_password(staff, doer, given)
    session.add(staff)
    session.flush()
    note_new(session, KIND, staff.id, staff.username, doer)
    note(session, KIND, staff.id, {}, {"manages": staff.manages} if staff.manages else {}, doer)
    return password


def change(
    session: Session, staff: Staff, *, name: str, manages: bool, delivers: bool, seen: str | None, doer: Doer
) -> None:
    """Another name, other rights. Rights that are given count as fresh. Does not commit."""
    was = facts(staff)
    if staff.manages and not manages:
        _not_the_last(session, staff)
    take_turn(session, staff, seen)
    if manages and not staff.manages:
        staff.given_by, staff.given_at = doer.by, doer.at
    staff.name, staff.manages = name, manages and staff.role is Role.OFFICE
    staff.delivers = delivers or staff.role is not Role.SUPPLIER
    note(session, KIND, staff.id, was, facts(staff), doer)


def reset_password(session: Session, staff: Staff, *, seen: str | None, doer: Doer) -> str:
    """A new start password, and everybody out who is signed in under this name. Does not commit."""
    if staff.username == doer.by:
        raise YourOwn(_("Change your own password under “Password”: it asks for the present one."))
    take_turn(session, staff, seen)
    password = _give_start_password(staff, doer)
    sessions.sign_out_everywhere(session, staff.id)
    note(session, KIND, staff.id, {}, {"start_password": "·"}, doer)
    return password


def switch(session: Session, staff: Staff, *, active: bool, seen: str | None, doer: Doer) -> None:
    """Let somebody in, or keep them out, at once. Does not commit."""
    if not active:
        if staff.username == doer.by:
            raise YourOwn(_("You cannot switch off the account that you are signed in with."))
        _not_the_last(session, staff)
    take_turn(session, staff, seen)
    note(session, KIND, staff.id, {"active": staff.active}, {"active": active}, doer)
    staff.active = active
    if not active:
        sessions.sign_out_everywhere(session, staff.id)


def lasts(session: Session, staff: Staff, *, ends_at: datetime, seen: str | None, doer: Doer) -> None:
    """Let an account end at another moment, from now to LONGEST and the rest of that day. Does not commit."""
    if not doer.at < ends_at <= doer.at + LONGEST + timedelta(days=1):
        raise LastsTooLong(
            _("An account ends after today, and at most %(days)s days ahead. Choose another day.", days=LONGEST.days)
        )
    take_turn(session, staff, seen)
    note(session, KIND, staff.id, {"ends_at": staff.ends_at}, {"ends_at": ends_at}, doer)
    staff.ends_at = ends_at


def sign_out(session: Session, staff: Staff, doer: Doer) -> int:
    """End every session of somebody; answers how many. Does not commit."""
    ended = sessions.sign_out_everywhere(session, staff.id)
    if ended:
        note(session, KIND, staff.id, {}, {"signed_out": ended}, doer)
    return ended


def must_stand_apart(decider: Staff, proposed_by: str, at: datetime) -> None:
    """Refuse a decider whose password or rights come from the proposer, and only just: one person could be both."""
    if decider.given_by == proposed_by and decider.given_at and at < decider.given_at + SETTLED_AFTER:
        raise TooFresh(
            _(
                "%(by)s gave you this account, its password or its rights less than a day ago. Somebody else decides.",
                by=proposed_by,
            )
        )


def _give_start_password(staff: Staff, doer: Doer, given: StartPassword | None = None) -> str:
    given = given or StartPassword.new()
    staff.password_hash, staff.must_change = given.hash, True
    staff.given_by, staff.given_at = doer.by, doer.at
    return given.text


def _not_the_last(session: Session, staff: Staff) -> None:
    heads = lock_managers(session)
    if [head.id for head in heads] == [staff.id]:
        raise LastManager(_("This is the last head of the office who can sign in. Make somebody else one first."))
