"""The headings of banks that nobody declared are known by their words, and only where the words are clear."""

import pytest

from kernel.sheets import Line
from orders.payments.feeds.columns import Column
from orders.payments.feeds.heading import find_heading
from orders.payments.feeds.headings import guessed_columns, heading_key, known_columns

C = Column
SIDES = [C.DEBIT, C.CREDIT]


def columns(*line):
    """What each heading was taken for, in their order."""
    found = {at: column for column, at in (known_columns(list(line)) or {}).items()}
    return [found.get(at) for at in range(len(line))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            ["STT", "Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Số dư", "Mô tả"],
            [None, C.DATE, C.REFERENCE, *SIDES, C.BALANCE, C.MEMO],
        ),
        (
            ["Ngày hiệu lực", "Ngày giao dịch", "Số GD", "Nội dung giao dịch", "Rút ra", "Gửi vào", "Số dư"],
            [None, C.DATE, C.REFERENCE, C.MEMO, *SIDES, C.BALANCE],
        ),
        (
            [
                "STT/No",
                "Ngày hiệu lực/\nEffective date",
                "Ghi nợ/\nDebit",
                "Ghi có/\nCredit",
                "Số dư/\nBalance",
                "Mô tả/\nDescription",
            ],
            [None, C.DATE, *SIDES, C.BALANCE, C.MEMO],
        ),
        (
            ["Ngày HL", "Mã GD", "Diễn giải", "Tiền ra", "Tiền vào", "Số dư sau GD"],
            [C.DATE, C.REFERENCE, C.MEMO, *SIDES, C.BALANCE],
        ),
        (
            ["No.", "Transaction Date", "Value Date", "Description", "Withdrawal", "Deposit", "Balance"],
            [None, C.DATE, None, C.MEMO, *SIDES, C.BALANCE],
        ),
        (
            ["Posting date", "Time", "Narrative", "Money out (VND)", "Money in (VND)", "Running balance", "Remarks"],
            [C.DATE, C.TIME, C.MEMO, *SIDES, C.BALANCE, None],
        ),
        (
            ["TransactionDate", "TransactionDescription", "DebitAmount", "CreditAmount", "AccountBalance"],
            [C.DATE, C.MEMO, *SIDES, C.BALANCE],
        ),
        (
            [
                "Ngày1/\nTNX Date",
                "Số tiền ghi nợ/ Debit",
                "Số tiền ghi có/ Credit",
                "Nội dung chi tiết/\nTransactions in detail",
            ],
            [C.DATE, *SIDES, C.MEMO],
        ),
        (
            ["Thời gian", "Số tiền (VND)", "Nợ/Có", "Nội dung", "Tên tài khoản đối ứng", "Số tài khoản đối ứng"],
            [C.DATE, C.AMOUNT, C.SIGN, C.MEMO, C.PAYER_NAME, C.PAYER_ACCOUNT],
        ),
        (["Ngày", "Thời gian", "Phát sinh", "Diễn giải"], [C.DATE, C.TIME, C.AMOUNT, C.MEMO]),
        (["Date", "+/-", "Amount", "Details"], [C.DATE, C.SIGN, C.AMOUNT, C.MEMO]),
        (["Ngay", "No", "Co", "Noi dung"], [C.DATE, *SIDES, C.MEMO]),
        (["NO", "DATE", "DEBIT", "CREDIT", "DETAILS"], [None, C.DATE, *SIDES, C.MEMO]),
    ],
)
def test_each_heading_is_taken_for_what_it_says(line, expected):
    assert columns(*line) == expected


@pytest.mark.parametrize(
    "line",
    [
        ["Ngày giao dịch", "Nội dung", "Ghi nợ"],
        ["Ngày giao dịch", "Nội dung", "Ghi nợ", "Số tiền"],
        ["Ngày giao dịch", "Ghi nợ", "Ghi có"],
        ["Ngày hạch toán", "Ngày hiệu lực", "Nội dung", "Ghi nợ", "Ghi có"],
        ["Nội dung", "Diễn giải", "Ngày", "Ghi nợ", "Ghi có"],
        ["Ngày", "Nội dung", "Có", "Credit", "Ghi nợ"],
        ["Họ tên", "Ngày sinh", "Quê quán", "Số tiền"],
        [],
    ],
)
def test_what_is_not_clear_is_not_guessed(line):
    assert known_columns(line) is None


def test_what_is_clear_of_it_is_offered():
    assert guessed_columns(["Ngày", "Nội dung", "Diễn giải", "Ghi có"]) == {C.DATE: 0, C.CREDIT: 3}


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Số tiền\n(VND)", "SO TIEN"),
        ("Số dư (đ)", "SO DU"),
        ("DebitAmount", "DEBIT AMOUNT"),
        ("Ngày GD (dd/mm/yyyy)", "NGAY GD"),
        ("Ngày hiệu lực2/\nEffective date", "NGAY HIEU LUC EFFECTIVE DATE"),
    ],
)
def test_units_notes_and_line_breaks_do_not_matter(heading, key):
    assert heading_key(heading) == key


def test_headings_may_stand_in_two_rows_where_one_spans_several():
    upper = ["Ngày GD", "Nội dung", "Số tiền giao dịch", "", "Số dư"]
    lower = ["", "", "Nợ", "Có", ""]

    lines: list[Line] = [["NGÂN HÀNG"], [*upper], [*lower], ["30/08/2021", "x", "", "5", "5"]]
    heading = find_heading(lines)

    assert heading is not None
    assert (heading.index, heading.layout.name) == (2, "words")
    assert heading.places == {C.DATE: 0, C.MEMO: 1, C.DEBIT: 2, C.CREDIT: 3, C.BALANCE: 4}
