"""Every row of the sample statements is the transfer that it tells of, to the letter."""

import csv
from collections import defaultdict
from datetime import date, datetime

import pytest
from sqlalchemy import select

from kernel.clock import local
from orders.payments.feeds.balance import BalanceState, balances
from orders.payments.feeds.read import StatementFault, read_statement
from orders.payments.feeds.statement import Direction, FaultReason, Statement
from orders.payments.identity import identities
from orders.payments.models import Transfer
from tests import make
from tests.orders.payments.feeds.files import SAMPLES, STATEMENTS

FILES = {
    "vietcombank.xlsx": ("VCB", 1802),
    "agribank.csv": ("AGR", 228),
    "vietinbank.csv": ("CTG", 235),
    "mb.csv": ("MB", 160),
    "techcombank.xlsx": ("TCB", 82),
    "bidv.sta": (None, 145),  # neither names its bank, but both the account
    "camt053.xml": (None, 92),
}


def read_sample(name):
    return read_statement(STATEMENTS / name, filename=name)


@pytest.fixture(scope="module")
def statements():
    return {name: read_sample(name) for name in FILES}


@pytest.fixture(scope="module")
def told():
    """The transfers of each file, in its order."""
    with (SAMPLES / "corpus" / "transfers.csv").open(encoding="utf-8") as source:
        transfers = {row["transfer_id"]: row for row in csv.DictReader(source)}
    files = defaultdict(list)
    with (STATEMENTS / "index.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            files[row["file"]].append(transfers[row["transfer_id"]])
    return files


@pytest.mark.parametrize("name", FILES)
def test_each_incoming_row_is_its_transfer(statements, told, name):
    read = [(row.booked_on.isoformat(), row.amount, row.memo) for row in statements[name].incoming]

    assert read == [(row["booked_at"][:10], int(row["amount"]), row["memo"]) for row in told[name]]


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_refused_and_the_bank_is_known_where_the_layout_is_its_own(statements, name):
    statement = statements[name]

    assert (statement.bank_code, len(statement.incoming)) == FILES[name]
    assert statement.refusals == ()


@pytest.mark.parametrize("name", ["vietinbank.csv", "techcombank.xlsx", "camt053.xml", "mb.csv"])
def test_times_are_read_where_the_bank_gives_them(statements, told, name):
    to_the = 16 if name == "mb.csv" else 19  # MB's end at the minute
    read = [local(row.booked_at).isoformat()[:to_the] for row in statements[name].rows]

    assert read == [row["booked_at"][:to_the] for row in told[name]]


@pytest.mark.parametrize("name", ["vietinbank.csv", "techcombank.xlsx", "camt053.xml"])
def test_the_payer_is_named_where_the_bank_names_him(statements, told, name):
    assert [row.payer_name for row in statements[name].rows] == [row["payer_name"] for row in told[name]]


def test_vietcombank_tells_account_holder_totals_and_its_one_debit(statements):
    statement = statements["vietcombank.xlsx"]

    assert (statement.account_number, statement.holder) == ("1013456789", "PHONG KINH TE TP DI AN")
    assert (statement.total_in, statement.total_out, statement.closing) == (833_593_000, 3_300_000, 842_793_000)
    [debit] = [row for row in statement.rows if row.direction is Direction.OUT]
    assert (debit.amount, debit.reference, debit.balance) == (3_300_000, "5213.40001", 40_780_000)


def test_mb_states_its_period(statements):
    statement = statements["mb.csv"]

    assert (statement.period_from, statement.period_to) == (date(2021, 8, 30), date(2021, 9, 1))


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("vietcombank.xlsx", BalanceState.AGREES),
        ("agribank.csv", BalanceState.AGREES),
        ("bidv.sta", BalanceState.AGREES),
        ("camt053.xml", BalanceState.AGREES),
        ("mb.csv", BalanceState.UNSTATED),
        ("techcombank.xlsx", BalanceState.UNSTATED),
        ("vietinbank.csv", BalanceState.UNSTATED),
    ],
)
def test_the_statements_add_up(statements, name, state):
    assert balances(statements[name]).state is state


def test_vietcombank_opens_where_its_first_row_says(statements):
    sums = balances(statements["vietcombank.xlsx"])

    assert (sums.opening, sums.closing) == (12_500_000, 842_793_000)
    assert 12_500_000 + sums.incoming - sums.outgoing == 842_793_000


@pytest.mark.parametrize("name", FILES)
def test_a_statement_survives_as_json(statements, name):
    assert Statement.from_json(statements[name].to_json()) == statements[name]


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_an_identity_of_its_own_that_another_reading_gives_again(statements, name):
    keys = identities(statements[name].rows)

    assert len(set(keys)) == len(keys)
    assert identities(read_sample(name).rows) == keys


def test_a_table_of_something_else_is_no_statement():
    with pytest.raises(StatementFault, match=r"index\.csv") as refusal:
        read_sample("index.csv")

    assert refusal.value.reason is FaultReason.UNKNOWN_LAYOUT


def test_messages_between_machines_name_the_account_the_days_and_the_balances(statements):
    bidv, acb = statements["bidv.sta"], statements["camt053.xml"]

    days = (date(2021, 8, 30), date(2021, 9, 1))
    assert (bidv.account_number, bidv.opening, bidv.closing) == ("1013456789", 5_000_000, 76_924_000)
    assert (acb.account_number, acb.opening, acb.closing) == ("1013456789", 1_000_000, 41_290_000)
    assert (bidv.period_from, bidv.period_to) == (acb.period_from, acb.period_to) == days


BANKS = {"bidv.sta": "BIDV", "camt053.xml": "ACB"}


@pytest.mark.parametrize("name", FILES)
def test_each_file_books_exactly_the_transfers_that_it_holds(session, cli_runner, told, name):
    bank = FILES[name][0] or BANKS[name]
    make.bank_account(bank, number="1013456789")

    result = cli_runner.invoke(args=["payments", "import", str(STATEMENTS / name), "--account", f"{bank}:1013456789"])

    assert result.exit_code == 0, result.output
    booked = session.scalars(select(Transfer).order_by(Transfer.id)).all()
    assert [(each.booked_on.isoformat(), each.amount, each.memo) for each in booked] == [
        (row["booked_at"][:10], int(row["amount"]), row["memo"]) for row in told[name]
    ]


def test_times_are_aware(statements):
    moments = [row.booked_at for name in FILES for row in statements[name].rows if row.booked_at]

    assert all(isinstance(moment, datetime) and moment.utcoffset() for moment in moments)
