"""The line of a full round: joining, being offered a place that is really kept, using it, giving it up.

    full round ─join→ waiting ─serve→ offered ─use→ ordered          at the round's close: clear, nothing is left
                         │               └─pass_on→ passed ─┐            (as it leaves early: who is not offered)
                         └─leave→ gone                      └ its places are served to the next

Who waits for a ward comes before who comes new: a checkout serves the line first. Nothing here commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import MarketError
from kernel.notices import outbox
from kernel.notices.quiet import first_moment
from kernel.upsert import insert_if_new
from orders.notices.events import Event
from orders.rota.turns import check_turn
from orders.waiting import queries
from orders.waiting.models import KeptPlace, WaitingEntry, WaitingStatus
from people.models import WardRow
from shop.basket import Basket
from shop.capacity import give_back, take_places
from shop.models import Round
from shop.queries import capacity_ids, fewest_places
from shop.wards import is_locked, refuse_if_locked

Teller = Callable[[Session, WaitingEntry], None]

# Notices belong to the composition root to connect, as those who know of parcels do.
_tellers: list[Teller] = []


def tells_of_offers(teller: Teller) -> None:
    """Register who tells a resident that a place is kept: called once an offer, in the transaction that makes it."""
    if teller not in _tellers:
        _tellers.append(teller)


class AlreadyWaiting(MarketError):
    """This phone number is on the round's list."""


class ThereIsRoom(MarketError):
    """The round is not full: no need to wait."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Who waits and for what; ``phone`` as ten digits, ``consent`` the version of the wording agreed to.

    ``language``: in which they are told that a place is kept.
    """

    name: str
    phone: str
    ward: WardRow
    basket: Basket
    consent: str
    language: str = "vi"


def join(session: Session, delivery: Round, wish: Wish, *, at: datetime) -> str:
    """Put somebody at the end of the line. Answers the token of their page."""
    if not delivery.takes_orders(at, wish.ward.id):
        raise MarketError(_("This delivery round has just closed for your ward. Choose the next one."))
    refuse_if_locked(session, wish.ward)
    check_turn(session, wish.phone, wish.basket, delivery=delivery, ward=wish.ward, at=at)
    serve(session, delivery, wish.ward.id, at=at)
    left = fewest_places(session, [wish.ward.id], wish.basket.supplier_ids, at)
    if left.get((delivery.id, wish.ward.id), 0):
        raise ThereIsRoom(_("There is a place in this round now: you need not wait, you can order."))
    row = {
        "token": secrets.token_urlsafe(24),
        "round_id": delivery.id,
        "ward_id": wish.ward.id,
        "name": wish.name,
        "phone": wish.phone,
        "picked": {line.combo.code: line.quantity for line in wish.basket.lines},
        "supplier_ids": sorted(wish.basket.supplier_ids),
        "status": WaitingStatus.WAITING,
        "joined_at": at,
        "language": wish.language,
        "consent_wording": wish.consent,
        "consent_at": at,
    }
    token = session.scalar(insert_if_new(session, WaitingEntry, row).returning(WaitingEntry.token))
    if token is None:
        raise AlreadyWaiting(
            _("This phone number is on the list of this round already. Open the page that you were given then.")
        )
    return str(token)


def serve(session: Session, delivery: Round, ward_id: int, *, at: datetime) -> int:
    """Offer what is free to those who wait, the first who fits before the next. Answers how many got an offer."""
    if not queries.anybody_waits(session, delivery.id, ward_id) or is_locked(session, ward_id):
        return 0
    free = queries.lock_free_places(session, delivery.id, ward_id)
    left = {supplier: many for supplier, (_capacity, many) in free.items()}
    offered = 0
    for entry in queries.line_of(session, delivery.id, ward_id) if left else ():
        if all(left.get(supplier, 0) > 0 for supplier in entry.supplier_ids):
            offered += _offer(session, entry, at=at, closes_at=delivery.closes_for(ward_id))
            left = {supplier: many - (supplier in entry.supplier_ids) for supplier, many in left.items()}
    return offered


def _offer(session: Session, entry: WaitingEntry, *, at: datetime, closes_at: datetime) -> bool:
    """Keep the places that somebody needs; False for one who has left the line meanwhile.

    At night nobody is told: the time to use the offer begins in the morning.
    """
    heard = first_moment(at, Event.PLACE_KEPT, outbox.rules())
    until = min(heard + offer_lasts(), closes_at)
    stands = (WaitingEntry.id == entry.id) & queries.WAITS
    values = {"status": WaitingStatus.OFFERED, "offered_at": at, "offered_until": until}
    if session.scalar(update(WaitingEntry).where(stands).values(values).returning(WaitingEntry.id)) is None:
        return False
    taken = take_places(session, round_id=entry.round_id, ward_id=entry.ward_id, supplier_ids=entry.supplier_ids)
    session.add_all(KeptPlace(entry_id=entry.id, capacity_id=capacity_id) for capacity_id in taken)
    session.flush()
    session.refresh(entry)
    for tell in _tellers:
        tell(session, entry)
    return True


def offer_lasts() -> timedelta:
    lasts: timedelta = current_app.extensions["settings"].waiting_offer
    return lasts


def places_for(
    session: Session, entry_id: int | None, basket: Basket, *, delivery: Round, ward: WardRow, at: datetime
) -> list[int]:
    """The places of a new order: those kept for its buyer, and others that are free once the line has been served."""
    kept = _use(session, entry_id, delivery, ward, at) if entry_id else set[int]()
    if not kept:
        serve(session, delivery, ward.id, at=at)
        return take_places(session, round_id=delivery.id, ward_id=ward.id, supplier_ids=basket.supplier_ids)
    wanted = capacity_ids(session, delivery.id, ward.id, basket.supplier_ids)
    more = _suppliers_beside(kept, wanted, basket.supplier_ids)
    taken = take_places(session, round_id=delivery.id, ward_id=ward.id, supplier_ids=more) if more else []
    give_back(session, kept - set(wanted.values()))
    return sorted({*taken, *(kept & set(wanted.values()))})


def is_kept(session: Session, entry_id: int | None, round_id: int, *, at: datetime) -> bool:
    """Whether a place of the round is kept for this entry: a promise that holds, even if the round has left early."""
    entry = session.get(WaitingEntry, entry_id) if entry_id else None
    if entry is None or entry.round_id != round_id or entry.status is not WaitingStatus.OFFERED:
        return False
    return entry.offered_until is not None and at < entry.offered_until


def _suppliers_beside(kept: set[int], wanted: Mapping[int, int], supplier_ids: Collection[int]) -> set[int]:
    """With whom nothing is kept; one who does not go to the ward is among them, and refused."""
    return {supplier for supplier in supplier_ids if wanted.get(supplier) not in kept}


def _use(session: Session, entry_id: int, delivery: Round, ward: WardRow, at: datetime) -> set[int]:
    """Take over what is kept, once: in one statement, so that it is never both used and passed on."""
    stands = (
        (WaitingEntry.id == entry_id)
        & (WaitingEntry.round_id == delivery.id)
        & (WaitingEntry.ward_id == ward.id)
        & (WaitingEntry.status == WaitingStatus.OFFERED)
        & (WaitingEntry.offered_until > at)
    )
    used = update(WaitingEntry).where(stands).values(status=WaitingStatus.ORDERED).returning(WaitingEntry.id)
    return set(_release(session, [entry_id])) if session.scalar(used) is not None else set()


def ordered(session: Session, entry_id: int | None, order_id: int) -> None:
    """Write down which order was made of a kept place, for the page of who waited."""
    used = (WaitingEntry.id == entry_id) & (WaitingEntry.status == WaitingStatus.ORDERED)
    session.execute(update(WaitingEntry).where(used, WaitingEntry.order_id.is_(None)).values(order_id=order_id))


def leave(session: Session, entry_id: int) -> None:
    """Take somebody out of the line for good, with all that we know of them. A second call finds nobody."""
    clear(session, [entry_id])


def pass_on(session: Session, entry_ids: Collection[int], *, at: datetime) -> None:
    """Give back the places that were kept in vain. The caller serves the line afterwards."""
    over = [
        entry.id
        for entry in queries.lock_entries(session, entry_ids)
        if entry.status is WaitingStatus.OFFERED and entry.offered_until is not None and entry.offered_until <= at
    ]
    session.execute(update(WaitingEntry).where(WaitingEntry.id.in_(over)).values(status=WaitingStatus.PASSED))
    give_back(session, _release(session, over))


def clear(session: Session, entry_ids: Collection[int]) -> None:
    """Delete these entries, and what was told of them; what was kept for them is free again."""
    entries = queries.lock_entries(session, entry_ids)
    there = [entry.id for entry in entries]
    outbox.forget(session, [entry.subject for entry in entries], at=clock.now())
    give_back(session, _release(session, there))
    session.execute(delete(WaitingEntry).where(WaitingEntry.id.in_(there)))


def _release(session: Session, entry_ids: Collection[int]) -> list[int]:
    """The capacities whose places were kept for these, which are theirs no more."""
    kept = list(queries.kept_capacities(session, entry_ids))
    session.execute(delete(KeptPlace).where(KeptPlace.entry_id.in_(entry_ids)))
    return kept
