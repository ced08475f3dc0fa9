"""What `flask audit verify` finds: each way to tamper with sealed rows, told by table and id."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.chain.canon import SHORT
from kernel.chain.queries import GENESIS, head
from kernel.chain.seal import seal
from office.audit.evidence import EVIDENCE
from tests import books, make
from tests.desk import allocate, pay, rows, take_back

TABLES = [each.table for each in EVIDENCE]

# A lawful value of another content, for each table that holds something.
CHANGES = {
    "inbound_messages": "row = row + 1000",
    "transfers": "amount = amount + 1, unplaced = unplaced + 1",
    "allocations": "amount = amount - 1",
    "postings": "amount = amount - 1",
    "desk_events": "\"by\" = 'somebody else'",
    "order_events": "because = 'for another reason'",
    "manifests": "number = 'other'",
    "parcel_events": "at = '2020-01-01 00:00:00.000000'",
    "manifest_views": "form = 'csv'",
    "changes": "became = 'other'",
    "price_changes": "becomes = becomes + 1, measured_from = measured_from + 1",
}


@pytest.fixture
def verify(cli_runner):
    """Runs the command: (exit code, lines)."""

    def run(*words):
        result = cli_runner.invoke(args=["audit", "verify", *words])
        assert result.exit_code in (0, 1), result.output
        return result.exit_code, result.stdout.splitlines()

    return run


def head_of(session):
    newest = head(session)
    assert newest is not None
    return newest.hash


def ids(session, table):
    return [row_id for (row_id,) in rows(session, f"SELECT id FROM {table} ORDER BY id")]


def test_what_nobody_touched_is_right(sealed, verify):
    code, lines = verify()

    assert (code, len(lines)) == (0, 3), lines
    assert lines[0] == "Not sealed yet: no row"
    assert head_of(sealed) in lines[1]


def test_every_table_that_has_rows_is_sealed(sealed):
    filled = {table for table in TABLES if books.count(sealed, table)}

    assert {table for (table,) in rows(sealed, "SELECT DISTINCT rows_of FROM chain_links")} == filled
    assert filled >= CHANGES.keys()


@pytest.mark.parametrize("table", CHANGES)
def test_a_changed_row_is_named(sealed, forge, verify, table):
    changed = ids(sealed, table)[0]
    forge(f"UPDATE {table} SET {CHANGES[table]} WHERE id = {changed}")

    code, lines = verify()

    assert code == 1
    assert any(line.startswith(f"{table} {changed} was changed") for line in lines), lines
    assert len([line for line in lines if "was changed" in line]) == 1


@pytest.mark.parametrize("table", ["postings", "order_events", "inbound_messages"])
def test_a_deleted_row_is_named(sealed, forge, verify, table):
    gone = ids(sealed, table)[-1]
    forge(f"DELETE FROM {table} WHERE id = {gone}")

    code, lines = verify()

    assert code == 1
    assert any(line.startswith(f"{table} {gone} was sealed and is gone") for line in lines), lines


def test_a_row_put_before_all_others_is_named(sealed, forge, verify):
    forge(
        'INSERT INTO order_events (id, order_id, was, became, "by", at, because)'
        " SELECT -5, order_id, was, became, 'forger', at, because FROM order_events LIMIT 1"
    )

    code, lines = verify()

    assert code == 1
    assert any(line.startswith("order_events -5 was inserted between") for line in lines), lines


def test_a_row_in_a_gap_of_numbers_is_named(sealed, forge, verify):
    """Numbers that were given and never committed leave gaps: nothing may appear in them later."""
    newest = ids(sealed, "desk_events")[-1]
    forge(
        'INSERT INTO desk_events (id, transfer_id, what, "by", at, because)'
        f' SELECT {newest + 5}, transfer_id, what, "by", at, because FROM desk_events LIMIT 1'
    )
    for _step in seal(sealed):
        sealed.commit()
    forge(
        'INSERT INTO desk_events (id, transfer_id, what, "by", at, because)'
        f' SELECT {newest + 2}, transfer_id, what, "by", at, because FROM desk_events LIMIT 1'
    )

    code, lines = verify()

    assert code == 1
    assert any(line.startswith(f"desk_events {newest + 2} was inserted between") for line in lines), lines


def test_two_rows_that_changed_places_are_named_with_each_other(sealed, forge, verify):
    first, second = ids(sealed, "order_events")[:2]
    forge(
        f"UPDATE order_events SET id = -1 WHERE id = {first}",
        f"UPDATE order_events SET id = {first} WHERE id = {second}",
        f"UPDATE order_events SET id = {second} WHERE id = -1",
    )

    code, lines = verify()

    assert code == 1
    assert any(f"order_events {first} now holds what was sealed as {second}" in line for line in lines), lines
    assert any(f"order_events {second} now holds what was sealed as {first}" in line for line in lines), lines


@pytest.mark.parametrize(
    "change",
    ["ids = ids || ',999'", "root = previous", "count = count + 1", "previous = root", "hash = root", "rows_of = 'x'"],
)
def test_a_changed_link_is_named(sealed, forge, verify, change):
    link = ids(sealed, "chain_links")[1]
    forge(f"UPDATE chain_links SET {change} WHERE id = {link}")

    code, lines = verify()

    assert code == 1
    assert [line for line in lines if re.match(rf"(Before link|Link) {link}\b", line)], lines
    assert not [line for line in lines if "was inserted" in line or "is gone" in line], lines


def test_a_missing_link_is_named(sealed, forge, verify):
    _first, gone, following = ids(sealed, "chain_links")[:3]
    forge(f"DELETE FROM chain_links WHERE id = {gone}")

    code, lines = verify()

    assert code == 1
    assert [line for line in lines if line.startswith(f"Before link {following} ")], lines
    assert len(lines) == 3, lines


def test_links_in_another_order_are_named(sealed, forge, verify):
    first, second = ids(sealed, "chain_links")[:2]
    forge(
        f"UPDATE chain_links SET id = -1 WHERE id = {first}",
        f"UPDATE chain_links SET id = {first} WHERE id = {second}",
        f"UPDATE chain_links SET id = {second} WHERE id = -1",
    )

    code, lines = verify()

    assert code == 1
    assert any(line.startswith(f"Before link {first} ") for line in lines), lines


def test_a_tail_that_was_cut_is_found_by_a_head_kept_elsewhere(sealed, forge, verify):
    kept = head_of(sealed)
    assert verify("--head", kept)[0] == 0
    *_others, before, last = ids(sealed, "chain_links")
    forge(f"DELETE FROM chain_links WHERE id = {last}")

    code, lines = verify("--head", kept)

    assert code == 1
    assert f"It ends at link {before} " in lines[0]


def test_without_it_the_tail_only_looks_as_if_it_were_not_sealed_yet(sealed, forge, verify):
    """What this cannot find, and says: rows that lost their seal."""
    last = ids(sealed, "chain_links")[-1]
    forge(f"DELETE FROM chain_links WHERE id = {last}")

    code, lines = verify()

    assert code == 0
    assert re.match(r"Not sealed yet: \w+ \d+", lines[0])


def test_a_head_of_before_is_still_in_the_chain(sealed, verify, session):
    kept = head_of(sealed)
    pay(session, make.transfer(100_000), make.order(total=100_000))
    for _step in seal(session):
        session.commit()

    assert head_of(session) != kept
    assert verify("--head", kept)[0] == 0


def test_only_what_came_after_a_link_is_looked_at_where_asked(sealed, forge, verify, session):
    early, kept = ids(sealed, "order_events")[0], head_of(sealed)
    pay(session, make.transfer(100_000), make.order(total=100_000))
    for _step in seal(session):
        session.commit()
    late = ids(sealed, "order_events")[-1]
    forge(f"UPDATE order_events SET because = 'forged' WHERE id IN ({early}, {late})")

    code, lines = verify("--from-link", kept)

    assert code == 1
    assert [line.split(" was")[0] for line in lines if "was changed" in line] == [f"order_events {late}"]
    assert verify("--from-link", GENESIS)[0] == 1


def test_rows_that_cannot_be_read_are_named_too(sealed, forge, verify):
    row = ids(sealed, "parcel_events")[0]
    sqlite = sealed.get_bind().dialect.name == "sqlite"
    nonsense = "CAST(x'fffe41' AS TEXT)" if sqlite else "'infinity'"
    forge(f"UPDATE parcel_events SET {'because' if sqlite else 'at'} = {nonsense} WHERE id = {row}")

    code, lines = verify()

    assert code == 1
    assert any(line.startswith(f"parcel_events {row} was changed") for line in lines), lines


@pytest.mark.parametrize("change", ["allocated = allocated - 1", "unplaced = unplaced - 1, credit = credit + 1"])
def test_places_that_no_posting_stands_behind_are_named(session, forge, verify, change):
    transfer = make.transfer(100_000)
    allocate(session, transfer, make.order(total=100_000), 40_000)
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        forge("ALTER TABLE transfers DROP CONSTRAINT ck_transfers_add_up")
    forge(f"UPDATE transfers SET {change} WHERE id = {transfer.id}")

    code, lines = verify()

    assert code == 1
    assert f"transfers {transfer.id}: its places are not what its postings say." in lines


def test_an_allocation_without_its_posting_is_named(sealed, forge, verify, session):
    transfer, order = make.transfer(100_000), make.order(total=100_000)
    given = allocate(session, transfer, order, 100_000)
    session.commit()
    forge(f"DELETE FROM postings WHERE allocation_id = {given.id}")

    code, lines = verify()

    assert code == 1
    assert f"allocations {given.id}: no posting moved its money." in lines
    assert f"transfers {transfer.id}: its allocations are not what its postings say." in lines


def test_what_is_taken_back_is_no_fault(sealed, verify, session):
    transfer = make.transfer(100_000)
    pay(session, transfer, make.order(total=100_000))
    take_back(session, transfer)

    assert verify()[0] == 0


def test_the_links_refuse_to_be_changed(sealed):
    statements = ["UPDATE chain_links SET id = id", "DELETE FROM chain_links"]
    if sealed.get_bind().dialect.name == "sqlite":
        statements.append("REPLACE INTO chain_links SELECT * FROM chain_links")
    for statement in statements:
        with pytest.raises(IntegrityError):
            sealed.execute(text(statement))
        sealed.rollback()


def test_a_link_keeps_eight_bytes_a_row(sealed):
    kept = rows(sealed, "SELECT count, LENGTH(digests) FROM chain_links")

    assert all(length == SHORT * count for count, length in kept)
