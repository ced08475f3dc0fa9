"""A transfer is decided by look-ups in indexes: PostgreSQL's own plans say so."""

import json

import pytest
from sqlalchemy import Engine, event, text

from bench.live.city import fill
from bench.matching.generate import make as make_set
from kernel import clock
from orders.payments.models import BankAccount
from orders.payments.reconcile import reconcile
from tests import make
from tests.conftest import run_commands

LARGE = {"orders", "transfers", "allocations", "postings", "proposals", "order_events", "payer_aliases"}
OTHERS = 500


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    make_set(folder, orders=1_500, seed=42)
    return folder


@pytest.fixture
def database(postgresql_templates, settings_for):
    with postgresql_templates.copy("migrated", lambda url: run_commands(settings_for(url), ["db", "upgrade"])) as url:
        yield url


@pytest.fixture
def city(session, labelled):
    """Orders, and transfers that were placed long ago."""
    fill(session.connection(), labelled / "orders.csv")
    account = session.query(BankAccount).one()
    past = text(
        """
        INSERT INTO transfers (account_id, identity, booked_on, earliest, latest, likely_at, amount, reference, memo,
                               payer_name, payer_account, bank_hint, unplaced, set_aside, by_hand)
        SELECT :account, 'past-' || n, '2021-08-01', '2021-08-01', '2021-08-01', '2021-08-01', 1000, '', 'past',
               '', '', '', 0, false, false
        FROM generate_series(1, :many) AS n
        """
    )
    session.execute(past, {"account": account.id, "many": OTHERS})
    session.execute(
        text(
            "INSERT INTO proposals (transfer_id, version, verdict, allocations, candidates, confidence,"
            " why, decided_at) SELECT id, 1, 'unmatched', '[]', '[]', 0, '', '2021-08-01' FROM transfers"
        )
    )
    for table in ("orders", "transfers", "proposals"):
        session.execute(text(f"ANALYZE {table}"))
    session.commit()


@pytest.fixture
def statements():
    """What is sent to the database meanwhile, with its values."""
    told = []

    def listen(_connection, _cursor, statement, values, _context, _many):
        if not statement.startswith(("EXPLAIN", "SAVEPOINT", "RELEASE")):
            told.append((statement, values))

    event.listen(Engine, "before_cursor_execute", listen)
    yield told
    event.remove(Engine, "before_cursor_execute", listen)


def scanned(session, statement, values):
    """The tables that a statement would have to read from end to end: no index serves it, however large they become."""
    cursor = session.connection().connection.cursor()
    cursor.execute("SET LOCAL enable_seqscan = off")  # a table that is small today would be read as a whole
    cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", values)
    (plan,) = cursor.fetchone()
    nodes = [json.loads(plan) if isinstance(plan, str) else plan]
    found = set()
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += node.values()
            if "Scan" in str(node.get("Node Type")) and node["Node Type"].startswith("Seq"):
                found.add(node["Relation Name"])
    return found


@pytest.mark.parametrize(
    "memo",
    [
        "{order.code} {order.phone}",
        "{name}_{order.phone}_Di An",
        "{slip} {name}",
        "{name} chuyen tien",
        "ung ho quy vaccine 0987654321",
    ],
)
def test_no_decision_reads_a_large_table_from_end_to_end(session, city, statements, memo):
    order = make.order(name="Trần Thị Bưởi", phone="0912345678", total=130_000)
    slip = order.phone[:4] + "7" + order.phone[5:]
    transfer = make.transfer(130_000, memo.format(order=order, name="Tran Thi Buoi", slip=slip))
    list(reconcile(session, at=clock.now(), only=[make.transfer().id]))  # names are counted for the first time
    session.commit()
    statements.clear()

    list(reconcile(session, at=clock.now(), only=[transfer.id]))

    asked = list(statements)
    assert len(asked) > 8
    read = {statement: tables for statement, values in asked if (tables := scanned(session, statement, values) & LARGE)}
    assert read == {}


def test_the_eye_sees_a_scan(session, city):
    assert scanned(session, "SELECT id FROM orders WHERE address LIKE %(like)s", {"like": "%12%"}) == {"orders"}
