"""Questions to the chain, and to the rows that it seals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kernel.chain.canon import converter, digest, readable
from kernel.chain.evidence import Evidence
from kernel.chain.models import ChainLink
from kernel.database import Base
from kernel.queries import among

GENESIS = "0" * 64
UNREADABLE = bytes(32)
"""The digest of a row that no driver can read: nobody's."""


class Reach(NamedTuple):
    """Up to which id a table's rows are sealed, and its newest row that is committed. 0 where there is none."""

    sealed: int
    newest: int


def reaches(session: Session, listed: Sequence[Evidence]) -> list[Reach]:
    """How far each table is sealed: one statement, an index's end for each number."""
    asked = [scalar for evidence in listed for scalar in (_sealed(evidence.table), _newest(evidence.table))]
    found = [int(value or 0) for value in session.execute(select(*asked)).one()]
    return [Reach(*pair) for pair in zip(found[::2], found[1::2], strict=True)]


def _sealed(table: str) -> ColumnElement[int]:
    return select(func.max(ChainLink.last_id)).where(ChainLink.rows_of == table).scalar_subquery()


def _newest(table: str) -> ColumnElement[int]:
    return select(func.max(Base.metadata.tables[table].c.id)).scalar_subquery()


def sealed_until(session: Session, table: str, *, before: int | None = None) -> int | None:
    """The newest id of a table that is sealed, or was by the links up to number ``before``."""
    found = select(func.max(ChainLink.last_id)).where(ChainLink.rows_of == table)
    return session.scalar(found if before is None else found.where(ChainLink.id <= before))


def head(session: Session) -> ChainLink | None:
    """The newest link."""
    return session.scalars(select(ChainLink).order_by(ChainLink.id.desc()).limit(1)).first()


def link_of(session: Session, hash_: str) -> ChainLink | None:
    return session.scalars(select(ChainLink).where(ChainLink.hash == hash_)).first()


def links_after(session: Session, link_id: int, *, most: int = 50) -> Sequence[ChainLink]:
    """Links in the order in which they were made."""
    return session.scalars(select(ChainLink).where(ChainLink.id > link_id).order_by(ChainLink.id).limit(most)).all()


def count_links(session: Session, *, after: int = 0) -> int:
    return session.scalar(select(func.count()).select_from(ChainLink).where(ChainLink.id > after)) or 0


def count_rows(session: Session, table: str, *, after: int) -> int:
    """Rows that came after what is sealed: few."""
    rows = Base.metadata.tables[table]
    return session.scalar(select(func.count()).select_from(rows).where(rows.c.id > after)) or 0


def digests(
    session: Session, evidence: Evidence, form: int, *, after: int | None, until: int, most: int
) -> Iterator[tuple[int, bytes]]:
    """(id, sha256) of the rows after one id and until another, by id, in pages of ``most``."""
    while page := _page(session, evidence, form, after=after, until=until, most=most):
        yield from page
        after = page[-1][0]
        if len(page) < most:
            return


def _page(
    session: Session, evidence: Evidence, form: int, *, after: int | None, until: int, most: int
) -> list[tuple[int, bytes]]:
    key = Base.metadata.tables[evidence.table].c.id
    between = key <= until if after is None else (key > after) & (key <= until)
    try:
        with session.begin_nested():
            found = session.execute(_select(session, evidence, form).where(between).order_by(key).limit(most)).all()
    except (SQLAlchemyError, UnicodeError):
        ids = session.scalars(select(key).where(between).order_by(key).limit(most)).all()
        return [(row_id, _alone(session, evidence, form, row_id)) for row_id in ids]
    return [(row[0], digest(row)) for row in _converted(evidence, form, found)]


def _alone(session: Session, evidence: Evidence, form: int, row_id: int) -> bytes:
    try:
        with session.begin_nested():
            return digest(values_of(session, evidence, form, [row_id])[row_id])
    except (SQLAlchemyError, UnicodeError):
        return UNREADABLE


def values_of(session: Session, evidence: Evidence, form: int, ids: Collection[int]) -> dict[int, list[Any]]:
    """Rows by id, as they are hashed."""
    key = Base.metadata.tables[evidence.table].c.id
    found = session.execute(_select(session, evidence, form).where(among(session, key, ids))).all()
    return {row[0]: row for row in _converted(evidence, form, found)}


def _select(session: Session, evidence: Evidence, form: int) -> Select[Any]:
    table, postgresql = Base.metadata.tables[evidence.table], session.get_bind().dialect.name == "postgresql"
    return select(*[readable(table.c[name], postgresql=postgresql) for name in evidence.columns(form)])


def _converted(evidence: Evidence, form: int, rows: Sequence[Any]) -> Iterator[list[Any]]:
    table = Base.metadata.tables[evidence.table]
    names = evidence.columns(form)
    todo = [
        (place, convert)
        for place, name in enumerate(names)
        if (convert := converter(table.c[name], evidence.trims.get(name)))
    ]
    for row in rows:
        values = list(row)
        for place, convert in todo:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield values


def writers(session: Session, listed: Sequence[Evidence]) -> set[str]:
    """Transactions of others that have written rows of these tables and not ended: on PostgreSQL each holds a lock.

    It takes the lock before it takes a number for its row. On SQLite one writes at a time, and that is us.
    """
    if session.get_bind().dialect.name == "sqlite":
        return set()
    held = text(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND relation = ANY(SELECT to_regclass(name) FROM unnest(CAST(:names AS text[])) AS name)"
        " AND pid IS DISTINCT FROM pg_backend_pid()"
    ).bindparams(bindparam("names", [evidence.table for evidence in listed]))
    return set(session.scalars(held))


def sleep(session: Session, seconds: float) -> None:
    """Wait in the database: only where others write meanwhile."""
    session.execute(select(func.pg_sleep(literal(seconds))))
