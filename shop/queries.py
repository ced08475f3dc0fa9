"""Questions about combos, rounds and capacity."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from kernel.four_eyes import Stand
from people.models import Standing, WardRow
from shop.models import Announcement, Capacity, Combo, PriceChange, Round, WardClose


def combos_on_sale(session: Session) -> Sequence[Combo]:
    return session.scalars(select(Combo).where(Combo.on_sale).order_by(Combo.position, Combo.id)).unique().all()


def combo_by_code(session: Session, code: str) -> Combo | None:
    return session.scalar(select(Combo).where(Combo.code == code, Combo.on_sale))


def combos_by_code(session: Session, codes: Collection[str]) -> dict[str, Combo]:
    """The combos with these codes, on sale or not, by code."""
    return {combo.code: combo for combo in session.scalars(select(Combo).where(Combo.code.in_(codes))).unique()}


def is_shown(session: Session, picture: str) -> bool:
    """Whether a combo has this picture, on sale or not."""
    return session.scalar(select(Combo.id).where(Combo.picture == picture).limit(1)) is not None


def combos_by_id(session: Session, combo_ids: Collection[int]) -> dict[int, Combo]:
    return {combo.id: combo for combo in session.scalars(select(Combo).where(Combo.id.in_(combo_ids))).unique()}


def closes_for(ward: int | InstrumentedAttribute[int]) -> ColumnElement[datetime]:
    """``Round.closes_for`` for the database; ``ward`` may be a column of the rows at hand."""
    own = select(WardClose.closes_at).where(WardClose.round_id == Round.id, WardClose.ward_id == ward)
    return func.coalesce(own.correlate_except(WardClose).scalar_subquery(), Round.closes_at, type_=Round.closes_at.type)


def closes_after(moment: datetime | InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Whether some ward closes later than that."""
    later = exists().where(WardClose.round_id == Round.id, WardClose.closes_at > moment)
    return or_(Round.closes_at > moment, later)


def taking_orders(at: datetime, ward: int | InstrumentedAttribute[int] | None = None) -> ColumnElement[bool]:
    """``Round.takes_orders`` for the database."""
    closes = closes_after(at) if ward is None else closes_for(ward) > at
    return (Round.opens_at <= at) & closes & Round.dispatched_at.is_(None)


def rounds_taking_orders(session: Session, at: datetime, *, ward_id: int | None = None) -> Sequence[Round]:
    """Rounds that are open for orders of a ward (None: of any) at a moment, the nearest first."""
    closes = Round.closes_at if ward_id is None else closes_for(ward_id)
    found = select(Round).where(taking_orders(at, ward_id)).options(selectinload(Round.ward_closes))
    return session.scalars(found.order_by(closes, Round.delivery_on, Round.id)).all()


def all_rounds(session: Session) -> Sequence[Round]:
    found = select(Round).order_by(Round.closes_at.desc()).limit(100)
    return session.scalars(found.options(selectinload(Round.ward_closes))).all()


def rounds_to_dispatch(session: Session, at: datetime) -> Sequence[Round]:
    """Rounds whose time has come and that have not left since they closed (one sent early leaves once more then)."""
    not_since = Round.dispatched_at.is_(None) | closes_after(Round.dispatched_at)
    return session.scalars(select(Round).where(Round.dispatch_at <= at, not_since)).all()


def round_named(session: Session, name: str) -> Round | None:
    return session.scalar(select(Round).where(Round.name == name))


def capacity_ids(session: Session, round_id: int, ward_id: int, supplier_ids: Collection[int]) -> dict[int, int]:
    """Supplier → capacity, in the one order in which everybody locks them."""
    rows = session.execute(
        select(Capacity.supplier_id, Capacity.id)
        .where(Capacity.round_id == round_id, Capacity.ward_id == ward_id, Capacity.supplier_id.in_(supplier_ids))
        .order_by(Capacity.id)
    )
    return {row.supplier_id: row.id for row in rows}


def capacities_by_door(session: Session, round_id: int) -> dict[tuple[int, int], int]:
    """(ward, supplier) → capacity, for one round."""
    rows = session.execute(
        select(Capacity.ward_id, Capacity.supplier_id, Capacity.id).where(Capacity.round_id == round_id)
    )
    return {(ward_id, supplier_id): capacity_id for ward_id, supplier_id, capacity_id in rows}


def fewest_places(
    session: Session, ward_ids: Collection[int], supplier_ids: Collection[int], at: datetime
) -> dict[tuple[int, int], int]:
    """(round, ward) → the places left with the supplier that has fewest, where all of them go, in rounds open now."""
    rows = session.execute(
        select(Capacity.round_id, Capacity.ward_id, func.min(Capacity.places - Capacity.held))
        .join(Round)
        .where(Capacity.ward_id.in_(ward_ids), Capacity.supplier_id.in_(supplier_ids))
        .where(taking_orders(at, Capacity.ward_id))
        .group_by(Capacity.round_id, Capacity.ward_id)
        .having(func.count() == len(set(supplier_ids)))
    )
    return {(round_id, ward_id): max(0, left) for round_id, ward_id, left in rows}


def places_left(session: Session, round_id: int, ward_id: int, supplier_ids: Collection[int]) -> int:
    """What the scarcest of these suppliers has left for a ward in a round, open or not; 0 where one does not go."""
    there = (Capacity.round_id == round_id) & (Capacity.ward_id == ward_id) & Capacity.supplier_id.in_(supplier_ids)
    many, left = session.execute(select(func.count(), func.min(Capacity.places - Capacity.held)).where(there)).one()
    return max(0, int(left)) if many == len(set(supplier_ids)) and left is not None else 0


def free_by_ward(session: Session, round_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """(round, ward) → the places left with all suppliers together, where any supplier goes."""
    free = case((Capacity.held < Capacity.places, Capacity.places - Capacity.held), else_=0)
    rows = session.execute(
        select(Capacity.round_id, Capacity.ward_id, func.sum(free))
        .where(Capacity.round_id.in_(round_ids), Capacity.places > 0)
        .group_by(Capacity.round_id, Capacity.ward_id)
    )
    return {(round_id, ward_id): int(many) for round_id, ward_id, many in rows}


def wards_apart(session: Session) -> Sequence[WardRow]:
    """Wards that are locked, or come first."""
    apart = WardRow.standing != Standing.OPEN
    return session.scalars(select(WardRow).where(apart).order_by(WardRow.standing_since, WardRow.name)).all()


def ward_as_it_is(session: Session, ward_id: int) -> WardRow:
    """The ward as it stands now; who locks it waits until the caller is done."""
    found = select(WardRow).where(WardRow.id == ward_id).with_for_update(read=True, of=WardRow)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def capacities_of(session: Session, round_id: int) -> Sequence[Capacity]:
    return session.scalars(select(Capacity).where(Capacity.round_id == round_id)).all()


def standing_announcements(
    session: Session, ward_ids: Collection[int], at: datetime, *, most: int
) -> Sequence[Announcement]:
    """What is told to the whole city and to these wards, newest first. Each is looked up by a partial index."""
    newest = [_newest_of(ward_id, at, most).subquery() for ward_id in (None, *ward_ids)]
    ids = union_all(*(select(each.c.id) for each in newest))
    return session.scalars(
        select(Announcement)
        .where(Announcement.id.in_(ids))
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(most)
    ).all()


def _newest_of(ward_id: int | None, at: datetime, most: int) -> Select[int]:
    stands = Announcement.withdrawn_at.is_(None) & (Announcement.published_at <= at)
    lasts = Announcement.expires_at.is_(None) | (Announcement.expires_at > at)
    here = Announcement.ward_id.is_(None) if ward_id is None else Announcement.ward_id == ward_id
    return select(Announcement.id).where(stands, lasts, here).order_by(Announcement.published_at.desc()).limit(most)


def all_announcements(session: Session, *, most: int, after: int = 0) -> Sequence[Announcement]:
    """Those that stand and those that do not, newest first."""
    return session.scalars(
        select(Announcement)
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(most)
        .offset(after)
    ).all()


def all_combos(session: Session) -> Sequence[Combo]:
    """Every combo there ever was, in the shop's order."""
    return session.scalars(select(Combo).order_by(Combo.on_sale.desc(), Combo.position, Combo.id)).unique().all()


def any_combo(session: Session, code: str) -> Combo | None:
    """The combo of this code, on sale or not."""
    return session.scalar(select(Combo).where(Combo.code == code))


def lock_combo(session: Session, combo_id: int) -> Combo:
    """The combo as it stands, held: its price does not move meanwhile."""
    found = select(Combo).where(Combo.id == combo_id).with_for_update(of=Combo)
    return session.scalars(found.execution_options(populate_existing=True)).unique().one()


def combo_codes(session: Session) -> Sequence[str]:
    return session.scalars(select(Combo.code)).all()


def last_position(session: Session) -> int:
    return int(session.scalar(select(func.coalesce(func.max(Combo.position), 0))) or 0)


def group_names(session: Session) -> Sequence[str]:
    return session.scalars(select(Combo.group).distinct().order_by(Combo.group)).all()


def on_sale_of(session: Session, supplier_id: int) -> Sequence[Combo]:
    """What a supplier sells now."""
    sold = (Combo.supplier_id == supplier_id) & Combo.on_sale
    return session.scalars(select(Combo).where(sold).order_by(Combo.position, Combo.id)).unique().all()


def combos_sold(session: Session) -> dict[int, int]:
    """Supplier → how many combos it has on sale."""
    rows = session.execute(select(Combo.supplier_id, func.count()).where(Combo.on_sale).group_by(Combo.supplier_id))
    return {row[0]: row[1] for row in rows}


def price_since(session: Session, combo_id: int, moment: datetime) -> int | None:
    """The combo's price at a moment, if it has changed since; None if it has not."""
    later = (
        (PriceChange.combo_id == combo_id) & (PriceChange.state == Stand.APPLIED) & (PriceChange.decided_at > moment)
    )
    first = select(PriceChange.was).where(later).order_by(PriceChange.decided_at, PriceChange.id).limit(1)
    return session.scalar(first)


def waiting_price(session: Session, combo_id: int) -> PriceChange | None:
    """The change of this combo's price that waits for a second person."""
    waits = (PriceChange.combo_id == combo_id) & (PriceChange.state == Stand.PROPOSED)
    return session.scalar(select(PriceChange).where(waits))


def waiting_prices(session: Session) -> Sequence[PriceChange]:
    waits = PriceChange.state == Stand.PROPOSED
    return session.scalars(select(PriceChange).where(waits).order_by(PriceChange.id)).all()


def decided_prices(session: Session, most: int, skip: int) -> Sequence[PriceChange]:
    decided = PriceChange.state != Stand.PROPOSED
    newest = (PriceChange.decided_at.desc(), PriceChange.id.desc())
    return session.scalars(select(PriceChange).where(decided).order_by(*newest).limit(most).offset(skip)).all()


def applied_prices(session: Session, most: int, skip: int, *, code: str = "") -> Sequence[PriceChange]:
    """What the public may see of prices: every change that came into force, newest first; of one combo if named."""
    found = select(PriceChange).where(PriceChange.state == Stand.APPLIED)
    if code:
        found = found.join(PriceChange.combo).where(Combo.code == code)
    newest = (PriceChange.decided_at.desc(), PriceChange.id.desc())
    return session.scalars(found.order_by(*newest).limit(most).offset(skip)).all()


def rounds_delivering(session: Session, first: date, last: date) -> Sequence[Round]:
    within = Round.delivery_on.between(first, last)
    return session.scalars(select(Round).where(within).order_by(Round.delivery_on)).all()


def recent_rounds(session: Session, most: int, skip: int = 0) -> Sequence[Round]:
    """Rounds by day of delivery, the latest first."""
    found = select(Round).order_by(Round.delivery_on.desc(), Round.id.desc())
    return session.scalars(found.options(selectinload(Round.ward_closes)).limit(most).offset(skip)).all()


def rounds_from(session: Session, today: date, most: int, skip: int = 0) -> Sequence[Round]:
    """Rounds that are still to be delivered, the nearest first; after them those of days gone by, the newest first."""
    gone = Round.delivery_on < today
    nearest = case((gone, None), else_=Round.delivery_on)
    found = select(Round).order_by(gone, nearest, Round.delivery_on.desc(), Round.closes_at, Round.id)
    return session.scalars(found.options(selectinload(Round.ward_closes)).limit(most).offset(skip)).all()


def lock_round(session: Session, round_id: int) -> Round:
    """The round as it stands, held: it neither leaves nor changes meanwhile."""
    found = select(Round).where(Round.id == round_id).with_for_update(of=Round)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def places_of(session: Session, round_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Round → (places, of which held)."""
    rows = session.execute(
        select(Capacity.round_id, func.sum(Capacity.places), func.sum(Capacity.held))
        .where(Capacity.round_id.in_(round_ids))
        .group_by(Capacity.round_id)
    )
    return {round_id: (int(places), int(held)) for round_id, places, held in rows}
