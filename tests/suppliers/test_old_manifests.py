"""Manifests of the time before there were versions: they go through the migration as they are, and print."""

import json
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from suppliers.manifest import fingerprint
from tests.conftest import run_commands
from tests.suppliers.test_typeset import snapshot

ROWS = """
INSERT INTO suppliers (id, code, name, phone) VALUES (1, 'RAU', 'Hợp tác xã Rau sạch', '0900000100');
INSERT INTO rounds (id, name, opens_at, closes_at, dispatch_at, delivery_on)
VALUES (1, 'Đợt 1', '2021-09-01 00:00', '2021-09-07 10:00', '2021-09-07 12:00', '2021-09-08');
INSERT INTO batches (id, round_id, supplier_id, number, dispatched_by, dispatched_at, because)
VALUES (1, 1, 1, 1, 'kinhte1', '2021-09-07 13:00', 'the time had come');
INSERT INTO staff (id, username, name, role, password_hash, supplier_id, active)
VALUES (1, 'rau', 'Rau', 'supplier', 'x', 1, true);
INSERT INTO manifests (id, number, batch_id, supplier_id, made_at, snapshot, sha256)
VALUES (1, '0001-RAU-1', 1, 1, '2021-09-07 13:00', :snapshot, :sha256);
INSERT INTO manifest_views (manifest_id, staff_id, form, at) VALUES (1, 1, 'pdf', '2021-09-07 13:10')
"""


@pytest.fixture
def before(templates, settings_for):
    with templates.copy(
        "before_versions", lambda url: run_commands(settings_for(url), ["db", "upgrade", "0024"])
    ) as url:
        yield url


def ask(url, statement, **values):
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with closing(engine.connect()) as connection, connection.begin():
        found = connection.execute(text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []


def test_they_become_first_versions_with_their_views_and_their_guards(before, settings_for):
    about = snapshot()
    told = {"snapshot": json.dumps(about, ensure_ascii=False), "sha256": fingerprint(about)}
    for statement in ROWS.split(";"):
        ask(before, statement, **{name: value for name, value in told.items() if f":{name}" in statement})

    run_commands(settings_for(before), ["db", "upgrade", "0025"])

    row = ask(before, "SELECT number, version, made_by, because, sha256 FROM manifests")
    assert row == [("0001-RAU-1", 1, "", "", told["sha256"])]
    assert ask(before, "SELECT manifest_id, form FROM manifest_views") == [(1, "pdf")]
    assert [bool(value) for (value,) in ask(before, "SELECT delivers FROM staff")] == [True]
    for broken in ("DELETE FROM manifests", "UPDATE manifests SET version = 2", "UPDATE manifests SET sha256 = 'x'"):
        with pytest.raises(DatabaseError):
            ask(before, broken)

    run_commands(settings_for(before), ["db", "downgrade", "0024"], ["db", "upgrade"])

    assert ask(before, "SELECT number, version FROM manifests") == [("0001-RAU-1", 1)]
    assert ask(before, "SELECT manifest_id, form FROM manifest_views") == [(1, "pdf")]
