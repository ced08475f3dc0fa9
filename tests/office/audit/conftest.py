"""A city with sealed rows in every table of evidence, and the hands of somebody whom no trigger stops."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from kernel.chain.seal import seal
from kernel.database import db
from tests.guards.conftest import a_whole_city

__all__ = ["a_whole_city"]


@pytest.fixture
def sealed(session: Session, a_whole_city) -> Session:
    """Everything that has happened in the whole city, sealed."""
    for _step in seal(session):
        session.commit()
    session.commit()
    return session


@pytest.fixture
def forge(sealed) -> Callable[..., None]:
    """Carry out SQL as the owner of the database can: no trigger and no foreign key stops it."""

    def carry_out(*statements: str) -> None:
        sealed.commit()
        with db.engine.connect() as connection:
            _unguard(connection)
            for statement in statements:
                connection.execute(text(statement))
            connection.commit()
            connection.invalidate()

    return carry_out


def _unguard(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
