"""Questions about wards, staff and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from people.models import SignIn, Staff, Supplier, WardRow


def staff_named(session: Session, username: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.username == username, Staff.active))


def live_sign_in(session: Session, token_hash: str, at: datetime) -> SignIn | None:
    """The sign-in behind a cookie's token, unless it was revoked, has run out, or its owner has left."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.staff)
        .where(SignIn.token_hash == token_hash, SignIn.revoked_at.is_(None), SignIn.expires_at > at, Staff.active)
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
