"""A transfer is decided by look-ups in indexes: PostgreSQL's own plans say so."""

import json
from collections import Counter

import pytest
from sqlalchemy import create_engine, select, text

from bench.live.city import fill
from bench.matching.generate import make as make_set
from kernel import clock
from kernel.queries import among
from orders.models import Order
from orders.payments.lookup.queries import orders_by_code, orders_by_phone
from orders.payments.reconcile import reconcile
from tests import make
from tests.conftest import run_commands
from tests.listening import listening

LARGE = {"orders", "transfers", "allocations", "postings", "proposals", "order_events", "payer_aliases"}
COUNTED = ("orders", "transfers", "proposals")
OTHERS = 500
MOST = 120  # rows of a table that one question may look at for one transfer: a crowded name's forty, a few households


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    make_set(folder, orders=6_000, seed=42)  # of a thousand, reading all that are open costs as much
    return folder


@pytest.fixture
def database(postgresql_templates, settings_for, labelled):
    """A large city: filled once, copied for each test."""

    def prepare(url):
        run_commands(settings_for(url), ["db", "upgrade"])
        engine = create_engine(url)
        with engine.begin() as connection:
            _large(connection, labelled / "orders.csv")
        engine.dispose()  # or the database could not be copied

    with postgresql_templates.copy("large", prepare) as url:
        yield url


def _large(connection, orders):
    """Orders, and transfers that were placed long ago."""
    for table in COUNTED:
        connection.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))
    fill(connection, orders)
    past = text(
        """
        INSERT INTO transfers (account_id, identity, booked_on, earliest, latest, likely_at, amount, reference, memo,
                               payer_name, payer_account, bank_hint, unplaced, set_aside, by_hand)
        SELECT a.id, 'past-' || n, '2021-08-01', '2021-08-01', '2021-08-01', '2021-08-01', 1000, '', 'past',
               '', '', '', 0, false, false
        FROM bank_accounts AS a, generate_series(1, :many) AS n
        """
    )
    connection.execute(past, {"many": OTHERS})
    connection.execute(
        text(
            "INSERT INTO proposals (transfer_id, version, verdict, allocations, candidates, confidence,"
            " why, decided_at) SELECT id, 1, 'unmatched', '[]', '[]', 0, '', '2021-08-01' FROM transfers"
        )
    )
    count_anew(connection)


def count_anew(connection):
    """PostgreSQL plans by what it has counted. By itself it would do so at any moment, perhaps before all is in."""
    for table in COUNTED:
        connection.execute(text(f"ANALYZE {table}"))


@pytest.fixture
def statements():
    """What is sent to the database meanwhile, with its values."""
    with listening() as told:
        yield told


def plan(session, statement, values, *, carried_out, small=True):
    """The nodes of PostgreSQL's plan for a statement; if it is for a ``small`` table, of one that will have grown."""
    cursor = session.connection().connection.cursor()
    if small:
        cursor.execute("SET LOCAL enable_seqscan = off")  # it would be read as a whole today
    how = "ANALYZE, " if carried_out else ""
    cursor.execute(f"EXPLAIN ({how}FORMAT JSON) {statement}", values)
    (told,) = cursor.fetchone()
    waiting, nodes = [json.loads(told) if isinstance(told, str) else told], []
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            nodes.append(node)
    return nodes


def rows_read(session, statement, values):
    """Table → how many of its rows a question looks at, by whatever way, those too that it then leaves aside."""
    read = Counter[str]()
    for node in plan(session, statement, values, carried_out=True):
        if table := node.get("Relation Name"):
            looked_at = node["Actual Rows"] + sum(many for key, many in node.items() if key.startswith("Rows Removed"))
            read[table] += looked_at * node["Actual Loops"]
    return read


def read_whole(session, statement, values):
    """The large tables that a statement reads, or finds what it changes in, without any condition on an index."""
    return {
        node["Relation Name"]
        for node in plan(session, statement, values, carried_out=False)
        if "Scan" in str(node.get("Node Type")) and "Relation Name" in node and not _led(node)
    } & LARGE


def _led(node):
    """Whether an index leads to the rows, of a bitmap by the node below."""
    return "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"


def too_much(session, statement, values):
    """What of large tables a statement reads beyond measure."""
    if statement.startswith("SELECT"):
        return {table for table, many in rows_read(session, statement, values).items() if many > MOST} & LARGE
    return read_whole(session, statement, values)


@pytest.mark.parametrize(
    "memo",
    [
        "{order.code} {order.phone}",
        "{name}_{order.phone}_Di An",
        "{slip} {name}",
        "{name} chuyen tien",
        "ung ho quy vaccine 0987654321",
        "{group.code}",
        "{group.code} {order.phone}",
    ],
)
def test_no_decision_reads_a_large_table_from_end_to_end(session, statements, memo):
    order = make.order(name="Trần Thị Bưởi", phone="0912345678", total=130_000)
    slip = order.phone[:4] + "7" + order.phone[5:]
    group = make.group(many=50)
    transfer = make.transfer(130_000, memo.format(order=order, group=group, name="Tran Thi Buoi", slip=slip))
    list(reconcile(session, at=clock.now(), only=[make.transfer().id]))  # names are counted for the first time
    session.commit()
    statements.clear()

    list(reconcile(session, at=clock.now(), only=[transfer.id]))

    asked = [each for each in statements if not each.statement.startswith(("EXPLAIN", "SAVEPOINT", "RELEASE"))]
    assert len(asked) > 8
    count_anew(session)
    session.commit()
    read = {statement: values for statement, values in asked if too_much(session, statement, values)}
    assert not read, [(statement, plan(session, statement, read[statement], carried_out=True)) for statement in read]


@pytest.mark.parametrize(
    ("ask", "ways"),
    [
        (lambda session, phones: orders_by_phone(session, phones, clock.now()), {"Index Scan"}),
        (orders_by_code, {"Index Scan"}),
        (
            lambda session, phones: session.scalars(select(Order.id).where(among(session, Order.phone, phones))),
            {"Seq Scan"},
        ),
    ],
    ids=["by phone", "by code", "left to PostgreSQL"],
)
def test_thousands_of_slips_are_each_looked_up_where_postgresql_would_read_all_orders(session, statements, ask, ways):
    ask(session, [f"09{number:08}" for number in range(5_000)])

    (asked,) = statements
    nodes = plan(session, asked.statement, asked.values, carried_out=False, small=False)
    assert {node["Node Type"] for node in nodes if node.get("Relation Name") == "orders"} == ways


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM orders WHERE address LIKE %(said)s",
        "SELECT id FROM orders WHERE state <> %(said)s ORDER BY placed_at",
        "SELECT count(*) FROM orders WHERE placed_at > '2021-01-01' AND note <> %(said)s",
        "SELECT max(expires_at) FROM orders WHERE state = 'open' AND note = %(said)s",
        "UPDATE orders SET note = %(said)s WHERE address = 'nowhere'",
    ],
)
def test_the_eye_sees_a_scan_with_and_without_an_index(session, statement):
    assert too_much(session, statement, {"said": "%x%"}) == {"orders"}


def test_the_eye_lets_a_look_up_pass(session):
    assert too_much(session, "SELECT id FROM orders WHERE phone = %(phone)s", {"phone": "0912345678"}) == set()
