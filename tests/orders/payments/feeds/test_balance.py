"""A statement that does not add up says so, and where."""

from orders.payments.feeds.balance import BalanceState, Mismatch, MismatchKind, balances
from tests.orders.payments.feeds.files import paid, statement

CHAIN = [
    paid("100,000", balance="1,100,000"),
    paid("200,000", balance="1,300,000"),
    paid("50,000", balance="1,350,000"),
]
OUT = ("30/08/2021", "tra tien", "350,000", "", "1,000,000", "R9")
OPENING = ("Số dư đầu kỳ", "", "", "", "1,000,000", "")


def closing(amount):
    return "Số dư cuối kỳ", "", "", "", amount, ""


def test_a_chain_of_balances_agrees_in_either_order():
    forwards, backwards = balances(statement(*CHAIN, OUT)), balances(statement(OUT, *CHAIN[::-1]))

    for sums in (forwards, backwards):
        assert sums.state is BalanceState.AGREES
        assert (sums.opening, sums.incoming, sums.outgoing, sums.closing) == (1_000_000, 350_000, 350_000, 1_000_000)
    assert (forwards.newest_first, backwards.newest_first) == (False, True)


def test_the_first_mismatch_is_named_with_its_row():
    rows = [CHAIN[0], paid("200,000", balance="1,300,001"), CHAIN[2]]

    sums = balances(statement(*rows))

    assert sums.state is BalanceState.DIFFERS
    assert sums.mismatch == Mismatch(MismatchKind.RUNNING, 3, 1_300_000, 1_300_001)


def test_in_a_statement_that_lists_the_newest_first_the_first_mismatch_is_the_oldest():
    rows = [OUT, CHAIN[2], paid("200,000", balance="1,300,001"), CHAIN[0]]

    assert balances(statement(*rows)).mismatch == Mismatch(MismatchKind.RUNNING, 4, 1_300_000, 1_300_001)


def test_a_missing_row_is_noticed():
    assert balances(statement(CHAIN[0], CHAIN[2])).state is BalanceState.DIFFERS


def test_opening_and_movements_make_the_closing_balance_where_rows_have_none():
    assert balances(statement(OPENING, paid("100,000"), closing("1,100,000"))).state is BalanceState.AGREES
    assert balances(statement(OPENING, paid("100,000"), closing("1,100,001"))).mismatch == Mismatch(
        MismatchKind.CLOSING, None, 1_100_000, 1_100_001
    )


def test_a_stated_opening_must_lead_to_the_first_row():
    wrong = ("Số dư đầu kỳ", "", "", "", "999,999", "")

    assert balances(statement(wrong, *CHAIN)).mismatch == Mismatch(MismatchKind.RUNNING, 3, 1_099_999, 1_100_000)


def test_a_row_without_balance_is_bridged():
    assert balances(statement(CHAIN[0], paid("200,000"), CHAIN[2])).state is BalanceState.AGREES


def test_a_refused_row_breaks_the_chain_but_is_no_mismatch():
    sums = balances(statement(CHAIN[0], paid("broken", balance="1,300,000"), CHAIN[2]))

    assert (sums.state, sums.mismatch) == (BalanceState.UNSTATED, None)


def test_stated_totals_are_compared():
    total = ("Tổng cộng", "", "0", "100,001", "", "")

    assert balances(statement(paid("100,000"), total)).mismatch == Mismatch(
        MismatchKind.TOTAL_IN, None, 100_000, 100_001
    )
    assert balances(statement(OUT, ("Total", "", "350,000", "", "", ""))).state is BalanceState.AGREES


def test_where_nothing_is_stated_nothing_is_claimed():
    sums = balances(statement(paid("100,000"), paid("200,000")))

    assert (sums.state, sums.opening, sums.closing) == (BalanceState.UNSTATED, None, None)
    assert balances(statement()).state is BalanceState.UNSTATED


def test_dates_tell_the_order_where_balances_cannot():
    rows = [paid(day="01/09/2021"), paid(day="30/08/2021")]

    assert balances(statement(*rows)).newest_first
    assert not balances(statement(*rows[::-1])).newest_first
