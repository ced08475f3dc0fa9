"""The bank of the rehearsal writes what the real one would: a statement that is read as any other."""

import subprocess
import sys

import pytest

from kernel.settings import ROOT
from orders.payments.feeds.balance import BalanceState, balances
from orders.payments.feeds.read import read_statement
from orders.payments.memo import take_apart

MEMO = "DC2CYTZ9S 0912345678"


def play(*arguments, out):
    command = [sys.executable, "-m", "bin.play_bank", *arguments, "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_its_statement_is_vietcombanks_and_adds_up(tmp_path):
    told = play(MEMO, "150.000", out=tmp_path / "statement.xlsx")
    read = read_statement(tmp_path / "statement.xlsx", filename="statement.xlsx")

    assert (told.returncode, told.stderr) == (0, "")
    assert (read.bank_code, read.account_number, read.refusals) == ("VCB", "1013456789", ())
    assert balances(read).state is BalanceState.AGREES


def test_the_payment_stands_in_the_banks_wrapper_beside_one_that_no_order_waits_for(tmp_path):
    play(MEMO, "150k", out=tmp_path / "statement.xlsx")
    stray, paid = read_statement(tmp_path / "statement.xlsx", filename="statement.xlsx").rows

    parts = take_apart(paid.memo)
    assert (paid.amount, paid.memo[parts.start : parts.end].strip()) == (150_000, MEMO)
    assert "DC2CYTZ9S" not in stray.memo


@pytest.mark.parametrize(("memo", "amount"), [("", "150000"), (MEMO, ""), (MEMO, "1.5"), (MEMO, "0")])
def test_without_memo_or_whole_amount_it_says_what_to_type(tmp_path, memo, amount):
    told = play(memo, amount, out=tmp_path / "statement.xlsx")

    assert told.returncode == 2
    assert "make payment MEMO=" in told.stderr
    assert not (tmp_path / "statement.xlsx").exists()
