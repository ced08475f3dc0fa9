"""A program of the supplier's: it has a token, and sends what programs send."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from kernel import clock
from kernel.database import db
from people.models import Staff
from suppliers.api.models import ApiToken
from suppliers.api.scopes import Scope
from suppliers.api.tokens import keep
from suppliers.queries import parcels_of_batch
from tests.conftest import Visitor

_keys = count(1)


@dataclass
class Program:
    """What asks with one token."""

    client: FlaskClient
    token: ApiToken
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: Any, *, key: str = "", **headers: str) -> TestResponse:
        named = {"Idempotency-Key": key or f"test-key-{next(_keys)}", **headers}
        return self.client.post(f"/api/v1{path}", json=body, headers=self._headers(named))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.text}", "Accept-Language": "en", **self.headers, **named}


@pytest.fixture
def bare(app: Flask, session) -> FlaskClient:
    """A client without cookies."""
    app.test_client_class = Visitor
    return app.test_client(use_cookies=False)


@pytest.fixture
def program(bare) -> Callable[..., Program]:
    """A program with a token of somebody's, good for all or for these scopes."""

    def build(staff: Staff, *scopes: Scope, days: int = 90) -> Program:
        made, text = keep.make(
            db.session,
            staff,
            name="warehouse scales",
            scopes=list(scopes or Scope),
            lasts=timedelta(days=days),
            at=clock.now(),
        )
        db.session.commit()
        return Program(bare, made, text)

    return build


@pytest.fixture
def ours(program: Callable[..., Program], sent) -> Program:
    """With every scope, of the supplier whose manifest was sent."""
    return program(sent.staff)


@pytest.fixture
def parcel(session, sent):
    """A parcel on its way, as it stands now."""

    def find(stop: int = 1):
        found = parcels_of_batch(session, sent.manifest.batch_id)[stop]
        session.refresh(found)
        return found

    return find


@pytest.fixture
def statements(session) -> Callable[[Callable[[], object]], int]:
    """How many statements the database is asked while something is done."""

    def count_of(act: Callable[[], object]) -> int:
        asked: list[str] = []

        def hear(_connection, _cursor, statement, *_rest) -> None:
            asked.append(statement)

        act()
        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        return len(asked)

    return count_of
