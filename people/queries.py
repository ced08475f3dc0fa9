"""Questions about wards, staff and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from people.models import Role, SignIn, Staff, Supplier, WardRow


def staff_named(session: Session, username: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.username == username, Staff.active))


def live_sign_in(session: Session, token_hash: str, at: datetime) -> SignIn | None:
    """The sign-in behind a cookie's token, unless it was revoked, has run out, or its owner has left."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.staff)
        .where(SignIn.token_hash == token_hash, SignIn.revoked_at.is_(None), SignIn.expires_at > at)
        .where(Staff.active, or_(Staff.ends_at.is_(None), Staff.ends_at > at))
        .options(joinedload(SignIn.staff).joinedload(Staff.supplier))
    )


def sign_in_by_hash(session: Session, token_hash: str) -> SignIn | None:
    return session.scalar(select(SignIn).where(SignIn.token_hash == token_hash))


def wards(session: Session, *, vintage: int = 2021) -> Sequence[WardRow]:
    return session.scalars(select(WardRow).where(WardRow.vintage == vintage).order_by(WardRow.name)).all()


def ward_names(session: Session) -> dict[int, str]:
    """Ward's id → name, of either vintage."""
    return {row.id: row.name for row in session.execute(select(WardRow.id, WardRow.name))}


def ward_of(session: Session, vintage: int, code: str) -> WardRow:
    return session.scalars(select(WardRow).where(WardRow.vintage == vintage, WardRow.code == code)).one()


def suppliers(session: Session) -> Sequence[Supplier]:
    return session.scalars(select(Supplier).order_by(Supplier.code)).all()


def active_suppliers(session: Session) -> Sequence[Supplier]:
    return session.scalars(select(Supplier).where(Supplier.active).order_by(Supplier.name)).all()


def lock_supplier(session: Session, supplier_id: int) -> Supplier | None:
    """The firm as it stands, held: nobody switches it off meanwhile."""
    return session.scalar(
        select(Supplier)
        .where(Supplier.id == supplier_id)
        .with_for_update(of=Supplier)
        .execution_options(populate_existing=True)
    )


def all_staff(session: Session) -> Sequence[Staff]:
    """Everybody, those who may sign in first."""
    return session.scalars(
        select(Staff)
        .options(joinedload(Staff.supplier), joinedload(Staff.team))
        .order_by(Staff.active.desc(), Staff.username)
    ).all()


def staff_of(session: Session, supplier_id: int) -> Sequence[Staff]:
    return session.scalars(select(Staff).where(Staff.supplier_id == supplier_id).order_by(Staff.username)).all()


def username_taken(session: Session, username: str) -> bool:
    return session.scalar(select(Staff.id).where(Staff.username == username)) is not None


def lock_managers(session: Session) -> Sequence[Staff]:
    """The heads who may sign in, locked in one order: two of them cannot switch each other off at once."""
    heads = Staff.manages & Staff.active & (Staff.role == Role.OFFICE)
    return session.scalars(
        select(Staff)
        .where(heads)
        .order_by(Staff.id)
        .with_for_update(of=Staff)
        .execution_options(populate_existing=True)
    ).all()


def live_sign_ins(session: Session, staff_id: int, at: datetime) -> Sequence[SignIn]:
    """The browsers in which somebody is signed in, the latest first."""
    live = SignIn.revoked_at.is_(None) & (SignIn.expires_at > at)
    return session.scalars(select(SignIn).where(SignIn.staff_id == staff_id, live).order_by(SignIn.id.desc())).all()


def signed_in_since(session: Session, at: datetime) -> dict[int, datetime]:
    """Staff → when their latest session that still lives began."""
    live = SignIn.revoked_at.is_(None) & (SignIn.expires_at > at)
    rows = session.execute(select(SignIn.staff_id, func.max(SignIn.created_at)).where(live).group_by(SignIn.staff_id))
    return {row[0]: row[1] for row in rows}


def supplier_by_name(session: Session, name: str) -> Supplier | None:
    """The firm of this name, whatever its capitals."""
    return next((firm for firm in suppliers(session) if firm.name.casefold() == name.casefold()), None)
