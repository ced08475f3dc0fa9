"""From a draft to a group of orders that hold their places: all of them, or nothing."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders import lifecycle
from orders.checkout import PriceChanged, RoundClosed, unused_codes
from orders.groups.draft import DraftGone, Row, Tally, tally
from orders.groups.models import GroupDraft
from orders.groups.queries import group_by_token, lock_draft
from orders.holds import hold
from orders.models import IfShort, Order, OrderGroup, OrderLine, OrderState, Origin
from orders.rota.turns import check_turns, household_of
from orders.waiting import line
from shop.capacity import take_places_together
from shop.wards import refuse_if_locked


def place_group(
    session: Session,
    token: str,
    *,
    at: datetime,
    window: timedelta,
    seen_total: str = "",
    if_short: IfShort = IfShort.REFUND,
) -> OrderGroup:
    """Make an order of each neighbour and take the places of all, or refuse and change nothing. Does not commit.

    The draft becomes the group behind the same link; asked again, the group that was made is the answer.
    """
    draft = lock_draft(session, token)
    if draft is None:
        if placed := group_by_token(session, token):
            return placed
        raise DraftGone
    counted = tally(session, draft)
    _check(draft, counted, at=at, seen_total=seen_total)
    refuse_if_locked(session, draft.ward)
    members = [(row.neighbour.name, _household(row, draft)) for row in counted.rows]
    check_turns(session, members, delivery=draft.round, ward=draft.ward)
    line.serve(session, draft.round, draft.ward_id, at=at)
    places = take_places_together(session, round_id=draft.round_id, ward_id=draft.ward_id, wanted=counted.parcels)
    code, *codes = unused_codes(session, 1 + len(counted.rows))
    group = _group(draft, code, at=at)
    orders = [_order(row, draft, group, code=own) for row, own in zip(counted.rows, codes, strict=True)]
    for order in orders:
        order.if_short = if_short
        order.placed_at, order.expires_at = at, min(at + window, draft.closes_at)
        lifecycle.begin(order, state=OrderState.OPEN, by="leader", at=at, because="placed with a group")
    session.add_all([group, *orders])
    session.flush()
    for order, row in zip(orders, counted.rows, strict=True):
        hold(session, order, [places[supplier] for supplier in row.basket.supplier_ids], at=at)
    session.delete(draft)
    session.flush()
    return group


def _check(draft: GroupDraft, counted: Tally, *, at: datetime, seen_total: str) -> None:
    if not counted.rows:
        raise MarketError(_("Nobody is in this group yet. Add a neighbour first."))
    if not draft.round.takes_orders(at, draft.ward_id):
        raise RoundClosed(_("This delivery round has just closed for your ward. Choose the next one."))
    if counted.gone:
        raise MarketError(
            _("Something in this group is no longer sold. Nothing was ordered: change what these neighbours get.")
        )
    if seen_total and seen_total != str(counted.total):
        raise PriceChanged(
            _("The total has changed since you looked. Nothing was ordered: check it, then order again.")
        )


def _group(draft: GroupDraft, code: str, *, at: datetime) -> OrderGroup:
    return OrderGroup(
        code=code,
        token=draft.token,
        leader_name=draft.leader_name,
        leader_phone=draft.leader_phone,
        ward=draft.ward,
        round=draft.round,
        language=draft.language,
        consent_wording=draft.consent_wording,
        consent_at=draft.consent_at,
        placed_at=at,
    )


def _order(row: Row, draft: GroupDraft, group: OrderGroup, *, code: str) -> Order:
    """An order like any other, priced now. Who has no phone is reached by the leader's."""
    neighbour = row.neighbour
    order = Order(
        code=code,
        token=secrets.token_urlsafe(24),
        origin=Origin.SHOP,
        name=neighbour.name,
        phone=neighbour.phone or draft.leader_phone,
        ward=draft.ward,
        address=neighbour.address,
        note="",
        language=draft.language,
        total=row.basket.total,
        round=draft.round,
        group=group,
        consent_wording=neighbour.consent_wording,
        consent_at=neighbour.consent_at,
        lines=[OrderLine.of(line.combo, line.quantity) for line in row.basket.lines],
    )
    order.household = _household(row, draft)
    return order


def _household(row: Row, draft: GroupDraft) -> str:
    return household_of(row.neighbour.phone, draft.ward_id, row.neighbour.address)
