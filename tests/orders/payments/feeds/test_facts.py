"""What stands around the movements is read by its labels, in either language."""

from datetime import date

import pytest

from tests.orders.payments.feeds.files import paid, statement


def above(*lines):
    return statement(paid(), above=lines)


@pytest.mark.parametrize(
    "line",
    [
        ["Số tài khoản/ Account number:", "1013456789"],
        ["Số tài khoản: 1013456789"],
        ["", "Account No.", "", "1013456789"],
        ["Tài khoản: 1013456789 - VND"],
        ["Số tài khoản: 1013 456 789"],
        ["Số tài khoản", "1013.456.789 VND"],
        ["STK:", "1013456789", "Loại tiền:", "VND"],
    ],
)
def test_the_account_is_found(line):
    assert above(["NGÂN HÀNG"], line).account_number == "1013456789"


def test_the_same_account_on_every_page_is_one():
    page = ["Số tài khoản:", "1013456789"]

    assert statement(paid(), page, paid(), above=[page]).account_number == "1013456789"


@pytest.mark.parametrize("line", [["Tel: 1900545413"], ["Tài khoản:"], ["Số tài khoản", "không có"], []])
def test_no_account_is_made_up(line):
    assert above(line).account_number is None


def test_an_account_in_a_memo_is_not_the_statement_s():
    assert statement(paid(memo="Số tài khoản: 999999999")).account_number is None


def test_the_holder_is_found():
    assert above(["Tên tài khoản/ Account name:", "PHONG KINH TE TP DI AN"]).holder == "PHONG KINH TE TP DI AN"
    assert above(["Chủ tài khoản: PHONG KINH TE"]).holder == "PHONG KINH TE"
    assert above(["x"]).holder is None


@pytest.mark.parametrize(
    "lines",
    [
        [["Tu ngay 30/08/2021 den ngay 01/09/2021"]],
        [["Từ/ From: 30/08/2021   Đến/ To: 01/09/2021"]],
        [["Từ ngày", "30/08/2021", "Đến ngày", "01/09/2021"]],
        [["From date:", "30/08/2021"], ["To date:", "01/09/2021"]],
    ],
)
def test_the_period_is_found(lines):
    read = above(*lines)

    assert (read.period_from, read.period_to) == (date(2021, 8, 30), date(2021, 9, 1))


@pytest.mark.parametrize(
    "line",
    [
        "Ngày in: 30/08/2021 01/09/2021",
        "Từ ngày 30/08/2021",
        "Từ ngày 01/09/2021 đến ngày 30/08/2021",
        "Từ ngày 31/02/2021 đến ngày 01/03/2021",
    ],
)
def test_no_period_is_made_up(line):
    read = above([line])

    assert (read.period_from, read.period_to) == (None, None)


@pytest.mark.parametrize(
    "line",
    [
        ["Số dư đầu kỳ:", "5,000,000", "Số dư cuối kỳ:", "6,000,000"],
        ["Số dư đầu kỳ/ Opening balance: 5,000,000 VND", "Closing balance: 6,000,000 VND"],
        ["Số dư đầu kỳ", "", "5,000,000", "VND", "Số dư cuối kỳ", "6,000,000", "VND"],
    ],
)
def test_balances_above_the_table_are_found(line):
    read = above(line)

    assert (read.opening, read.closing) == (5_000_000, 6_000_000)


def test_balances_and_totals_within_the_table_are_found():
    read = statement(
        ("Số dư đầu kỳ", "", "", "", "5,000,000", ""),
        paid("100,000"),
        ("Tổng cộng", "", "0", "100,000", "", ""),
        ("Số dư cuối kỳ", "", "", "", "5,100,000", ""),
    )

    assert (read.opening, read.closing, read.total_in, read.total_out) == (5_000_000, 5_100_000, 100_000, 0)


def test_a_total_may_bear_the_closing_balance():
    assert statement(paid(), ("Total", "", "", "100,000", "5,100,000", "")).closing == 5_100_000
