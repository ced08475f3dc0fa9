"""The database: SQLite and PostgreSQL behind one set of typed SQLAlchemy models."""

from __future__ import annotations

import enum
import json
import sqlite3
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

import orjson
import psycopg
from flask import Flask, current_app, has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, Enum, Integer, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import JSON, TypeDecorator

from kernel import lists
from kernel.settings import Settings

# What was committed stays readable without asking again: a long typesetting must not begin a transaction.
db = SQLAlchemy(session_options={"expire_on_commit": False})

View = TypeVar("View")

Dong = Annotated[int, mapped_column(BigInteger)]
"""Whole đồng."""

BigId = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
"""A key of 64 bits, numbered by the database."""

# What the standard library's encoder refuses is refused: a moment, say, has to be written down by whoever keeps it.
_LIKE_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

Json = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware datetime. SQLite keeps it as UTC without a zone; what comes back is aware again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise TypeError("a time without a zone: which moment is meant?")
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every model. Enums are stored as their lower-case values, readable in plain SQL."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: Json,
        list[Any]: Json,
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=20,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


def install(app: Flask, settings: Settings) -> None:
    """Connect ``app`` to the database that ``settings`` names."""
    engine = {"url": settings.database_url, "json_serializer": _written, **_pool(settings)}
    app.config["SQLALCHEMY_ENGINES"] = {"default": engine}
    db.init_app(app)
    with app.app_context():
        tame(db.engine)


class WritesItself(Protocol):
    """What may stand in a column of JSON without being made into dictionaries first."""

    def to_json_text(self) -> str:
        """As it is kept."""


def _written(value: Any | WritesItself) -> str:
    """JSON for a column. The quick way knows no number beyond 64 bits and no half of a letter; both may come."""
    if hasattr(value, "to_json_text"):
        return str(value.to_json_text())
    try:
        return orjson.dumps(value, option=_LIKE_JSON).decode()
    except TypeError:
        return json.dumps(value)


def _pool(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        return {"connect_args": {"timeout": 30}}
    # A plan made while a table was empty would read all of it once it is full: each statement is planned as it comes.
    by_the_day = {"prepare_threshold": None}
    return {"connect_args": by_the_day, "pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}


def tame(engine: Engine) -> None:
    """Give SQLite honest transactions; PostgreSQL has them already, but writes long lists slowly."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    else:
        event.listen(engine, "connect", _on_connect_to_postgresql)


def _on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver's own idea of transactions loses updates: 346 of 400 concurrent increments vanished with its defaults.
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError(f"sqlite3 expected, got {type(connection).__name__}")
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_connect_to_postgresql(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, psycopg.Connection):
        raise TypeError(f"psycopg expected, got {type(connection).__name__}")
    lists.write_at_once(connection)


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if only_reads() else "BEGIN IMMEDIATE")


def only_reads() -> bool:
    """Whether the request at hand writes nothing. A GET that logs what it shows is marked with ``writes``."""
    if not has_request_context() or request.method not in {"GET", "HEAD"}:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return not getattr(view, "writes", False)


def writes(view: View) -> View:
    """Mark a GET view that writes (a log row, say), so that SQLite begins its transaction as a writer."""
    view.writes = True  # type: ignore[attr-defined]
    return view
