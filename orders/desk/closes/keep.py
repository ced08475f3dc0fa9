"""The last orders of wards written down: where residents have ordered, with a reason that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note_part, take_turn
from orders.desk.rounds.plan import KIND, OWN_CLOSE, HasLeft, ReasonNeeded
from orders.queries import wards_with_orders
from people.models import WardRow
from shop.models import Round, WardClose
from shop.queries import lock_round


def save(
    session: Session,
    delivery: Round,
    wards: Sequence[WardRow],
    fresh: Mapping[int, datetime],
    *,
    seen: str | None,
    doer: Doer,
) -> int:
    """Let each ward close when ``fresh`` says, or with the round; answers how many changed. Does not commit.

    Deadlines of orders stay as they were told.
    """
    take_turn(session, delivery, seen)
    lock_round(session, delivery.id)
    if delivery.dispatched_at is not None:
        raise HasLeft(_("This round has left. Its times are history now."))
    changed = [ward for ward in wards if not _same(delivery.own_closes.get(ward.id), fresh.get(ward.id))]
    ordered = wards_with_orders(session, delivery.id)
    if not doer.because and (told := [ward.name for ward in changed if ordered.get(ward.id)]):
        names = ", ".join(told)
        raise ReasonNeeded(_("Residents of %(wards)s have ordered. Say why it changes: they read it.", wards=names))
    for ward in changed:
        _write(session, delivery, ward, fresh.get(ward.id), doer)
    session.flush()
    return len(changed)


def _same(one: datetime | None, other: datetime | None) -> bool:
    """Forms know no seconds."""
    return (one and one.replace(second=0, microsecond=0)) == (other and other.replace(second=0, microsecond=0))


def _write(session: Session, delivery: Round, ward: WardRow, closes_at: datetime | None, doer: Doer) -> None:
    was = next((each for each in delivery.ward_closes if each.ward_id == ward.id), None)
    note_part(
        session,
        KIND,
        delivery.id,
        OWN_CLOSE,
        about=ward.name,
        was=was.closes_at if was else None,
        became=closes_at,
        doer=doer,
    )
    if was and closes_at is None:
        delivery.ward_closes.remove(was)
    elif was and closes_at:
        was.closes_at = closes_at
    elif closes_at:
        delivery.ward_closes.append(WardClose(ward=ward, closes_at=closes_at))
