"""INSERT … ON CONFLICT for both databases: one statement, so that two writers at once cannot both be first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kernel.database import Base

Insert = postgresql.Insert | sqlite.Insert


def insert(session: Session, model: type[Base], row: dict[str, Any] | list[dict[str, Any]]) -> Insert:
    """An INSERT of the dialect at hand, to which ON CONFLICT can be said."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model).values(row)
    return postgresql.insert(model).values(row)


def insert_if_new(session: Session, model: type[Base], row: dict[str, Any] | list[dict[str, Any]]) -> Insert:
    """Insert, and pass over in silence what a unique constraint knows already."""
    return insert(session, model, row).on_conflict_do_nothing()


def upsert(session: Session, model: type[Base], row: dict[str, Any], *, on: list[str]) -> Insert:
    """Insert, or overwrite the row that has the same values in the columns ``on``."""
    fresh = {name: value for name, value in row.items() if name not in on}
    return insert(session, model, row).on_conflict_do_update(index_elements=on, set_=fresh)
