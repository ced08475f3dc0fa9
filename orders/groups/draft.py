"""A group order while it is written down: who leads it, who is in it, and what that comes to today."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError, NotFound
from orders.groups.models import GroupDraft, Neighbour
from orders.groups.queries import MOST, lock_draft, neighbour_of
from people.models import WardRow
from shop.basket import Basket, BasketLine
from shop.models import Combo, Round
from shop.queries import combos_by_code

LASTS = timedelta(hours=24)
"""After which a draft is deleted."""


class GroupFull(MarketError):
    """More neighbours than a group may have."""

    def __init__(self) -> None:
        super().__init__(
            _("A group has at most %(most)s orders. Place this one, then begin another for the rest.", most=MOST)
        )


class DraftGone(NotFound):
    """It was placed, dropped, or too old."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "There is no group order in preparation behind this link: it was placed or given up, or its %(hours)s "
                "hours are over. You can begin a new one.",
                hours=int(LASTS.total_seconds() // 3600),
            )
        )


@dataclass(frozen=True, kw_only=True)
class Leader:
    """Who leads a group and where it goes; ``phone`` as ten digits."""

    name: str
    phone: str
    ward: WardRow
    delivery: Round


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the leader says of one neighbour: combo's code → quantity; no ``phone`` means the leader's."""

    name: str
    phone: str
    address: str
    picked: Mapping[str, int]
    consent: str


@dataclass(frozen=True, slots=True)
class Row:
    """A neighbour of a draft with their basket at today's prices; ``gone`` names combos that are no longer sold."""

    neighbour: Neighbour
    basket: Basket
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A draft at today's prices, in whole đồng; ``parcels`` counts by supplier the places that it needs."""

    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        return sum(row.basket.total for row in self.rows)

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(sorted({name for row in self.rows for name in row.gone}))

    @property
    def parcels(self) -> Counter[int]:
        return Counter(supplier for row in self.rows for supplier in row.basket.supplier_ids)


def begin(session: Session, leader: Leader, *, language: str, consent: str, at: datetime) -> GroupDraft:
    draft = GroupDraft(
        token=secrets.token_urlsafe(24), language=language, consent_wording=consent, consent_at=at, begun_at=at
    )
    lead(draft, leader)
    session.add(draft)
    session.flush()
    return draft


def lead(draft: GroupDraft, leader: Leader) -> None:
    """Say anew who leads it and where it goes."""
    draft.leader_name, draft.leader_phone = leader.name, leader.phone
    draft.ward, draft.round = leader.ward, leader.delivery


def add(session: Session, token: str, entries: Sequence[Entry], *, at: datetime) -> GroupDraft:
    """Put neighbours at the end, all or none of them. Does not commit."""
    draft = held(session, token)
    if len(draft.neighbours) + len(entries) > MOST:
        raise GroupFull
    draft.neighbours += [Neighbour(**_facts(entry), consent_at=at) for entry in entries]
    session.flush()
    return draft


def change(session: Session, token: str, number: int, entry: Entry, *, at: datetime) -> None:
    """Say anew what one neighbour gets, and where. Does not commit."""
    neighbour = _among(held(session, token), number)
    for name, value in _facts(entry).items():
        setattr(neighbour, name, value)
    neighbour.consent_at = at


def remove(session: Session, token: str, number: int) -> str:
    """Take a neighbour out, of whom nothing is kept; answers the name. Does not commit."""
    draft = held(session, token)
    neighbour = _among(draft, number)
    draft.neighbours.remove(neighbour)
    return neighbour.name


def held(session: Session, token: str) -> GroupDraft:
    """The draft, locked; DraftGone if there is none any more."""
    draft = lock_draft(session, token)
    if draft is None:
        raise DraftGone
    return draft


def _facts(entry: Entry) -> dict[str, object]:
    return {
        "name": entry.name,
        "phone": entry.phone,
        "address": entry.address,
        "picked": dict(entry.picked),
        "consent_wording": entry.consent,
    }


def _among(draft: GroupDraft, number: int) -> Neighbour:
    neighbour = neighbour_of(draft, number)
    if neighbour is None:
        raise NotFound(_("This neighbour is no longer in the group. Look at the list as it stands now."))
    return neighbour


def tally(session: Session, draft: GroupDraft) -> Tally:
    """What the draft comes to today."""
    combos = combos_by_code(session, {code for each in draft.neighbours for code in each.picked})
    return Tally(tuple(_row(each, combos) for each in draft.neighbours))


def _row(neighbour: Neighbour, combos: Mapping[str, Combo]) -> Row:
    wanted = [(combos[code], many) for code, many in neighbour.picked.items()]
    sold = sorted((pair for pair in wanted if pair[0].on_sale), key=lambda pair: pair[0].position)
    gone = tuple(combo.name for combo, _many in wanted if not combo.on_sale)
    return Row(neighbour, Basket(tuple(BasketLine(combo, many) for combo, many in sold)), gone)
