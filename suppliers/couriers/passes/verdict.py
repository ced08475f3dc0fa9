"""What a checkpoint is told of a pass: valid, or why not, by the signature and the account as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from people.models import Staff
from suppliers.couriers.passes.token import Forged, Pass, read
from suppliers.couriers.queries import courier_by_id


class Verdict(StrEnum):
    """Valid, or the first reason why not; ASK where only the ward of the checkpoint is missing."""

    VALID = "valid"
    ASK = "ask"
    FORGED = "forged"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    OFF = "off"
    RUN_OUT = "run_out"
    SUPPLIER_OFF = "supplier_off"
    OTHER_WARD = "other_ward"


STATUSES = {Verdict.VALID: 200, Verdict.ASK: 200, Verdict.EXPIRED: 410}
REFUSED = 403


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict, with the pass and its courier where there are any."""

    verdict: Verdict
    what: Pass | None = None
    courier: Staff | None = None

    @property
    def status(self) -> int:
        return STATUSES.get(self.verdict, REFUSED)

    @property
    def plates(self) -> list[str]:
        """Of the vehicles that the team rides now."""
        team = self.courier.team if self.courier else None
        return [each.plate for each in team.vehicles if each.active and each.plate] if team else []


def check(session: Session, text: str, *, at: datetime, ward: str) -> Checked:
    """Judge a pass at ``at``, at a checkpoint in the ward with this code; ``""`` where nobody has said which."""
    try:
        what = read(text)
    except Forged:
        return Checked(Verdict.FORGED)
    courier = courier_by_id(session, what.courier_id)
    if courier is None:
        return Checked(Verdict.OFF, what)
    reason = next(_against(what, courier, at, ward), Verdict.VALID)
    return Checked(reason, what, courier)


def _against(what: Pass, courier: Staff, at: datetime, ward: str) -> Iterator[Verdict]:
    team, supplier = courier.team, courier.supplier
    if at >= what.ends:
        yield Verdict.EXPIRED
    if not courier.active:
        yield Verdict.OFF
    if courier.has_ended(at):
        yield Verdict.RUN_OUT
    if team is None or supplier is None or not (team.active and supplier.active):
        yield Verdict.SUPPLIER_OFF
    if at < what.begins:
        yield Verdict.NOT_YET
    if not ward:
        yield Verdict.ASK
    elif ward not in what.wards:
        yield Verdict.OTHER_WARD
