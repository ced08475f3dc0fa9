"""The main job from the shell: a city moves in, two banks' statements are matched, the paid orders are dispatched."""

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from suppliers.queries import manifests_of
from tests import books
from tests.conftest import run_commands
from tests.desk import rows

SAMPLES = Path(__file__).parents[1] / "samples"
CORPUS = SAMPLES / "corpus"
STATEMENTS = {"VCB": SAMPLES / "statements" / "vietcombank.xlsx", "AGR": SAMPLES / "statements" / "agribank.csv"}


@pytest.fixture
def database(templates, settings_for):
    """The demo city with the sample's orders and both statements in it: made once a session and kind of database."""

    def prepare(url):
        imports = [["payments", "import", str(path)] for path in STATEMENTS.values()]
        orders = ["orders", "import", str(CORPUS / "orders.csv")]
        run_commands(settings_for(url), ["db", "upgrade"], ["seed"], orders, *imports)

    with templates.copy("main_job", prepare) as url:
        yield url


@pytest.fixture
def shell(cli_runner):
    """Run a command that has to succeed; what it says."""

    def run(*words):
        result = cli_runner.invoke(args=[str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(decisions):
    """The decisions with the sample's names of their transfers: an account's n-th is its file's n-th row in."""
    told = defaultdict(list)
    for row in read(SAMPLES / "statements" / "index.csv"):
        told[row["file"]].append(row["transfer_id"])
    names = {bank: iter(told[path.name]) for bank, path in STATEMENTS.items()}
    return [{"transfer_id": next(names[row["account"].partition(":")[0]]), **row} for row in decisions]


def told_truth(names):
    """The truth of these transfers. Who paid twice, the first time through a bank that told nothing yet, paid once."""
    truth = read(CORPUS / "truth.csv")
    untold = {row["truth"].partition(":")[0]: row for row in truth if row["transfer_id"] not in names}
    again = [row for row in truth if row["kind"] == "paid_twice_again" and row["tops"] in untold]
    for row in again:
        row.update(truth=untold[row["tops"]]["truth"], kind="paid_twice", must="any")
    return [row for row in truth if row["transfer_id"] in names]


def scored(decisions, folder):
    """The sample's own score, over the transfers of the two files alone."""
    truth = told_truth({row["transfer_id"] for row in decisions})
    for name, table in (("truth.csv", truth), ("decisions.csv", decisions)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table[0])
            writer.writeheader()
            writer.writerows(table)
    shutil.copy(CORPUS / "orders.csv", folder)
    command = [sys.executable, SAMPLES / "score.py", folder, folder / "decisions.csv", "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)


def test_what_was_decided_is_right(session, shell, tmp_path):
    shell("payments", "decisions", "--out", tmp_path / "out.csv")

    decisions = named(read(tmp_path / "out.csv"))

    amounts = {row["transfer_id"]: row["amount"] for row in read(CORPUS / "transfers.csv")}
    assert len(decisions) == 1802 + 228
    assert all(row["amount"] == amounts[row["transfer_id"]] for row in decisions)
    figures = scored(decisions, tmp_path)
    assert figures["wrong"] == []
    assert (figures["over_allocated"], figures["missing"]) == (0, 0)
    assert figures["clear_rate"] >= 0.99, figures["clear_rate"]
    books.check(session)


def test_a_second_import_books_nothing(session, shell):
    before = books.balances(session), books.states(session), books.count(session, "postings")

    said = [shell("payments", "import", path) for path in STATEMENTS.values()]

    assert [" 0 " in text for text in said] == [True, True]
    assert (books.balances(session), books.states(session), books.count(session, "postings")) == before


def test_each_suppliers_manifest_holds_what_the_paid_orders_hold(session, shell):
    said = shell("dispatch", "--because", "the statements are of last month")

    held: defaultdict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for supplier, item, unit, measure, quantity in rows(session, HELD):
        held[supplier][item, unit, measure] += quantity
    snapshots = {manifest.supplier.code: manifest.snapshot for manifest in manifests_of(session, None)}
    assert snapshots.keys() == held.keys() == {"RAU", "THIT", "KHO"}
    assert len(said.splitlines()) == len(snapshots)
    for code, snapshot in snapshots.items():
        assert {(i["name"], i["unit"], i["measure"]): i["quantity"] for i in snapshot["items"]} == dict(held[code])
    assert sum(snapshot["amount"] for snapshot in snapshots.values()) == rows(session, PAID)[0][0]
    assert {stop["code"] for s in snapshots.values() for stop in s["stops"]} == {
        code for code, state in books.states(session).items() if state == "confirmed"
    }
    books.check(session)


HELD = """
    SELECT s.code, i.name, i.unit, i.measure, i.quantity * l.quantity
    FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN suppliers s ON s.id = l.supplier_id
    JOIN combo_items i ON i.combo_id = l.combo_id WHERE o.state = 'confirmed'
"""
PAID = "SELECT SUM(total) FROM orders WHERE state = 'confirmed'"
