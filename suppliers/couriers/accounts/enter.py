"""A looked-at table becomes accounts: all of its lines or none. Nothing here commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.changes import Doer, note
from kernel.errors import MarketError
from kernel.text import fold
from people.desk import staff as keep
from people.desk.staff import StartPassword
from people.models import Role, Staff
from people.queries import lock_supplier
from suppliers.couriers.accounts.plan import Planned, is_good, plan
from suppliers.couriers.accounts.shown import Shown
from suppliers.couriers.queries import usernames_like

LONGEST_WORD = 20


class ChangedMeanwhile(MarketError):
    """The table would no longer do what was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Meanwhile something has changed, so nothing was made. Look at the list as it is now, then press again.")
        )


@dataclass(frozen=True, slots=True)
class Slip:
    """What a courier gets to sign in with; nothing else keeps the password."""

    staff: Staff
    password: str


def passwords_for(shown: Shown) -> list[StartPassword]:
    """A start password for each line that was shown as new. Each takes a twentieth of a second: in no transaction."""
    return [StartPassword.new() for would in shown.would if not would[1]]


def enter(
    session: Session, supplier_id: int, shown: Shown, *, passwords: Sequence[StartPassword], doer: Doer
) -> tuple[list[Slip], list[Staff]]:
    """Make the accounts and move the ends, exactly as shown: answers what is new, and whose end moved.

    A second press finds the accounts of the first, which is not what was shown: it is refused.
    """
    lock_supplier(session, supplier_id)
    lines = plan(session, supplier_id, shown.rows)
    if not is_good(lines) or [line.shown for line in lines] != shown.would:
        raise ChangedMeanwhile
    given = iter(passwords)
    try:
        slips = [_new(session, supplier_id, line, next(given), doer) for line in lines if line.known is None]
        moved = [_move(session, line, doer) for line in lines if line.known is not None]
        session.flush()
    except IntegrityError as fault:  # another supplier took a sign-in name at the same moment
        raise ChangedMeanwhile from fault
    return slips, moved


def _new(session: Session, supplier_id: int, line: Planned, given: StartPassword, doer: Doer) -> Slip:
    made = Staff(
        username=free_username(session, line.name),
        name=line.name,
        role=Role.COURIER,
        supplier_id=supplier_id,
        team=line.team,
        phone=line.phone,
        ends_at=line.ends_at,
        manages=False,
        delivers=True,
        active=True,
    )
    return Slip(made, keep.add(session, made, doer, given=given))


def _move(session: Session, line: Planned, doer: Doer) -> Staff:
    """The account's end, and its team where the table names another."""
    staff, team, ends_at = line.known, line.team, line.ends_at
    if staff is None or team is None or ends_at is None:
        raise TypeError("a line with faults")
    if staff.team is not team:
        note(session, keep.KIND, staff.id, {"team": staff.team.name if staff.team else ""}, {"team": team.name}, doer)
        staff.team = team
    keep.lasts(session, staff, ends_at=ends_at, seen=str(staff.version), doer=doer)
    return staff


def free_username(session: Session, name: str) -> str:
    """``giao.`` and the last word of the name, by which Vietnamese people are called; a number where it is taken."""
    word = re.sub(r"[^a-z0-9]", "", fold(name.rsplit(maxsplit=1)[-1]).lower())[:LONGEST_WORD]
    wanted = f"giao.{word or 'hang'}"
    taken = usernames_like(session, wanted)
    number = 1
    while (found := wanted if number == 1 else f"{wanted}{number}") in taken:
        number += 1
    return found
