"""What the database itself refuses of seals, tried with plain SQL; and what the look along the chain finds."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from orders.payments.close.minute import fingerprint
from orders.payments.close.verify import verify
from tests.orders.payments.close.days import MONDAY, OPENING, TUESDAY, WEDNESDAY, kept, late_row, rows, sealed, told

COLUMNS = {
    "closing": "closing",
    "incoming": "incoming + 1, closing = closing + 1",
    "stated": "NULL",
    "because": "'because'",
    "by": "'somebody else'",
    "sha256": "'0'",
    "previous": "'0'",
    "snapshot": "'{}'",
    "behind": "behind",
}


@pytest.fixture
def chain(session, account):
    """Three seals and a late row."""
    for number, day in enumerate((MONDAY, TUESDAY, WEDNESDAY)):
        told(session, account, 100_000, on=day, opening=OPENING + number * 100_000)
        sealed(session, account, day)
    late_row(session, account, on=WEDNESDAY)
    return account


def refused(session, sql, **values):
    with pytest.raises(IntegrityError):
        session.execute(text(sql), values)
    session.rollback()
    return True


@pytest.mark.parametrize("column", COLUMNS)
def test_a_seal_is_not_changed(session, chain, column):
    assert refused(session, f"UPDATE day_seals SET {column} = {COLUMNS[column]}")


@pytest.mark.parametrize("table", ["day_seals", "late_movements"])
def test_neither_seals_nor_what_came_late_is_deleted(session, chain, table):
    assert refused(session, f"DELETE FROM {table}")
    assert refused(session, f"UPDATE {table} SET account_id = account_id")


COPIED = "account_id, version, behind, opening, incoming, outgoing, closing, stated, because, by, at, snapshot"


def copied(day, number, previous, sha256="'f'", **changed):
    """A seal written by hand: the first one's with another place in the chain."""
    taken = ", ".join(changed.get(name, name) for name in COPIED.split(", "))
    return (
        f"INSERT INTO day_seals (day, number, previous, sha256, {COPIED})"
        f" SELECT '{day}', {number}, {previous}, {sha256}, {taken} FROM day_seals WHERE number = 1"
    )


LAST = "(SELECT sha256 FROM day_seals WHERE number = 3)"


def test_the_chain_takes_only_a_seal_that_names_the_last_one(session, chain):
    assert refused(session, copied("2021-09-09", 4, "''"))
    assert refused(session, copied("2021-09-09", 4, "'made up'"))
    assert refused(session, copied("2021-09-09", 5, LAST))
    assert refused(session, copied("2021-09-09", 3, "(SELECT sha256 FROM day_seals WHERE number = 2)"))
    assert refused(session, copied(MONDAY, 4, LAST))

    session.execute(text(copied("2021-09-09", 4, LAST)))


def test_sums_that_do_not_add_up_are_refused(session, chain):
    assert refused(session, copied("2021-09-09", 4, LAST, closing="closing + 1"))


def test_a_difference_without_a_reason_is_refused(session, chain):
    assert refused(session, copied("2021-09-09", 4, LAST, stated="closing + 1"))
    session.execute(text(copied("2021-09-09", 4, LAST, stated="closing + 1", because="'the fee'")))


def without_guards(session):
    """As somebody who owns the database could do."""
    if session.get_bind().dialect.name == "sqlite":
        for (name,) in rows(
            session, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'day_seals'"
        ):
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        session.execute(text("ALTER TABLE day_seals DISABLE TRIGGER USER"))


def faults(session):
    return {each.seal.number: each.fault for each in verify(session) if each.fault}


def test_seals_that_nobody_touched_hold(session, chain):
    assert faults(session) == {}


def test_a_snapshot_that_was_changed_is_located(session, chain):
    changed = kept(session, chain, TUESDAY).snapshot
    changed["coming"][0]["amount"] += 1
    without_guards(session)
    session.execute(text("UPDATE day_seals SET snapshot = :json WHERE number = 2"), {"json": json.dumps(changed)})
    session.expire_all()

    assert faults(session) == {2: "its content is not what its hash says: it was changed after it was sealed"}


def test_a_seal_that_was_made_up_anew_is_located_by_the_next_one(session, chain):
    changed = kept(session, chain, TUESDAY).snapshot
    changed["seal"]["by"] = "kinhte2"
    without_guards(session)
    session.execute(
        text("UPDATE day_seals SET snapshot = :json, sha256 = :hash, by = 'kinhte2' WHERE number = 2"),
        {"json": json.dumps(changed), "hash": fingerprint(changed)},
    )
    session.expire_all()

    assert faults(session) == {3: "it does not name the seal before it: one of the two was changed"}


def test_a_seal_that_is_gone_is_located(session, chain):
    without_guards(session)
    session.execute(text("DELETE FROM day_seals WHERE number = 2"))

    assert faults(session) == {3: "the seal before it is missing"}


def test_a_row_that_says_otherwise_than_its_snapshot_is_located(session, chain):
    without_guards(session)
    session.execute(
        text("UPDATE day_seals SET opening = opening + 5, closing = closing + 5, because = 'x' WHERE number = 1")
    )
    session.expire_all()

    assert faults(session) == {1: "its row says otherwise than its content: because, opening, closing"}
