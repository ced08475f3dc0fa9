"""Each row below the headings is a movement, a refusal with its reason, or a note; none is lost in silence."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.payments.feeds.balance import balances
from orders.payments.feeds.statement import Direction, Reason, Refusal, Statement
from orders.payments.identity import identities
from tests.orders.payments.feeds.files import AGRIBANK, paid, read, statement

VIETINBANK = ["Date", "Time", "ReferenceNumber", "TransactionDetails", "DebitAmount", "CreditAmount", "OffsetAccount"]


def refusals(*rows, **written):
    return [(refusal.row, refusal.column, refusal.reason) for refusal in statement(*rows, **written).refusals]


def memos(*memos):
    """The memos of VietinBank's rows, as they are read."""
    rows = [["30/08/2021", "06:21:08", "", memo, "", "100,000", ""] for memo in memos]
    return [row.memo for row in read([VIETINBANK, *rows]).rows]


def test_money_comes_in_or_goes_out():
    read = statement(paid("100,000"), ("30/08/2021", "tra tien", "3,300,000", "", "", "R2"))

    assert [(row.direction, row.amount, row.signed) for row in read.rows] == [
        (Direction.IN, 100_000, 100_000),
        (Direction.OUT, 3_300_000, -3_300_000),
    ]
    assert len(read.incoming) == 1


def test_a_row_bears_its_number_in_the_file():
    read = statement(paid(), [], paid(), above=[["Ngân hàng"], []])

    assert [row.number for row in read.rows] == [4, 6]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (("", "memo", "", "100,000", "", "R"), "Ngày/Date", Reason.NO_DATE),
        (("31/02/2021", "memo", "", "100,000", "", "R"), "Ngày/Date", Reason.UNREADABLE_DATE),
        (("30/08/1821", "memo", "", "100,000", "", "R"), "Ngày/Date", Reason.UNLIKELY_DATE),
        (("30/08/2021", "memo", "", "", "", "R"), "Có/Cr", Reason.NO_AMOUNT),
        (("30/08/2021", "memo", "0", "0", "", "R"), "Có/Cr", Reason.NO_AMOUNT),
        (("30/08/2021", "memo", "", "100k", "", "R"), "Có/Cr", Reason.UNREADABLE_AMOUNT),
        (("30/08/2021", "memo", "x", "100,000", "", "R"), "Nợ/Dr", Reason.UNREADABLE_AMOUNT),
        (("30/08/2021", "memo", "", "1,25", "", "R"), "Có/Cr", Reason.FRACTION),
        (("30/08/2021", "memo", "", "1.250", "", "R"), "Có/Cr", Reason.AMBIGUOUS_AMOUNT),
        (("30/08/2021", "memo", "", "-100,000", "", "R"), "Có/Cr", Reason.NEGATIVE),
        (("30/08/2021", "memo", "-100,000", "", "", "R"), "Nợ/Dr", Reason.NEGATIVE),
        (("30/08/2021", "memo", "5,000", "100,000", "", "R"), "Có/Cr", Reason.BOTH_SIDES),
        (("30/08/2021", "memo", "", "100,000", "much", "R"), "Số dư/Balance", Reason.UNREADABLE_AMOUNT),
        (("30/08/2021", "memo", "", "9" * 5000, "", "R"), "Có/Cr", Reason.TOO_LARGE),
        (("30/08/2021", "Lan", " Di An", "", "100,000", "", "R"), "Ghi chú/Remark", Reason.MISALIGNED),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_the_rest_goes_on(row, column, reason):
    read = statement(paid(), row, paid())

    assert [(refusal.row, refusal.column, refusal.reason) for refusal in read.refusals] == [(3, column, reason)]
    assert [line.number for line in read.rows] == [2, 4]


def test_a_refusal_shows_what_stands_there_but_not_endlessly():
    assert statement(paid("x" * 500)).refusals == (Refusal(2, "Có/Cr", "x" * 200, Reason.UNREADABLE_AMOUNT),)


@pytest.mark.parametrize(
    "note",
    [
        ("Tổng cộng", "", "0", "200,000", "", ""),
        ("", "Total", "", "200,000", "", ""),
        ("Cộng phát sinh/ Total:", "", "", "200,000", "", ""),
        ("Số dư đầu kỳ", "", "", "", "1,000,000", ""),
        ("30/08/2021", "Số dư đầu ngày", "", "", "1,000,000", ""),
        ("", "Closing balance", "", "", "1,000,000", ""),
        ("Sao kê in từ hệ thống, không cần chữ ký.", "", "", "", "", ""),
        ("Trang 1/3", "", "", "", "", ""),
        ("", "", "", "", "", ""),
        (),
        ("Ngày", "Ghi chú", "Nợ", "Có", "Số dư", "Số tham chiếu"),
    ],
)
def test_balances_totals_footers_blanks_and_repeated_headings_are_no_movements(note):
    read = statement(paid(), note, paid())

    assert (len(read.rows), read.refusals) == (2, ())


@pytest.mark.parametrize("memo", ["Tong cong", "Total: 5 suat", "So du dau ky", "Ngày", "Số tài khoản: 123456789"])
def test_a_memo_that_reads_like_a_total_is_still_paid(memo):
    assert [row.memo for row in statement(paid(memo=memo)).rows] == [memo]


def test_a_failed_row_is_no_total_because_of_its_memo():
    assert refusals(paid(day="31/02/2021", memo="Tong cong")) == [(2, "Ngày/Date", Reason.UNREADABLE_DATE)]


def test_text_below_a_movement_may_be_the_rest_of_its_memo_and_is_shown():
    loose = ("", "0912345678_Di An", "", "", "", "")

    assert refusals(paid(), loose) == [(3, "Ghi chú/Remark", Reason.LOOSE_TEXT)]
    assert refusals(paid(), (), loose) == []


def test_dates_with_the_month_first_make_the_others_doubtful():
    assert refusals(paid(day="08/30/2021"), paid(day="09/01/2021")) == [
        (2, "Ngày/Date", Reason.UNREADABLE_DATE),
        (3, "Ngày/Date", Reason.AMBIGUOUS_DATE),
    ]


def test_a_file_may_write_thousands_unlike_its_layout_if_it_proves_so():
    read = statement(paid("250.000", balance="1.250.000"))

    assert (read.rows[0].amount, read.refusals) == (250_000, ())


def test_any_delimiter_and_encoding_will_do():
    for delimiter in ",;\t|":
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            assert statement(paid(), delimiter=delimiter, encoding=encoding) == statement(paid())


def test_windows_1258_will_do():
    heading = ["Nga\u0300y/Date", "Ghi chu\u0301/Remark", "N\u01a1\u0323/Dr", "Co\u0301/Cr"]

    assert statement(paid()[:4], heading=heading, encoding="cp1258").rows[0].amount == 100_000


def test_a_wrapped_memo_is_joined_where_it_was_broken():
    wide, blank = "x" * 38, "y" * 37

    assert memos(f"{wide}\n012", f"{wide}\n{wide}\nz", f"{blank}\nz") == [f"{wide}012", f"{wide}{wide}z", f"{blank} z"]


def test_the_blank_at_a_break_stays_where_the_bank_keeps_it():
    assert memos("x" * 37 + " \nz", "x" * 38 + "\n z") == ["x" * 37 + " z", "x" * 38 + " z"]


def test_a_layout_that_does_not_wrap_has_its_line_breaks_as_blanks():
    assert statement(paid(memo="Lan\r\n0912 \n Di An")).rows[0].memo == "Lan 0912 Di An"


def test_a_payer_comes_without_what_the_bank_adds():
    row = ["30/08/2021", "06:21:08", "", "memo", "", "100,000", "TRAN AN – A/C"]

    assert read([VIETINBANK, row]).rows[0].payer_name == "TRAN AN"


def test_numbers_in_text_columns_are_read_without_a_point():
    row = [44438.0, "memo", "", 100000.0, 5e6, 59030080000001.0]

    [line] = read([["Date", "Remark", "Dr", "Cr", "Balance", "Ref. no"], row]).rows

    assert (line.reference, line.amount, line.balance) == ("59030080000001", 100_000, 5_000_000)


WRITTEN = ["30/08/2021", "08/30/2021", "1.250.000", "1,250", "0", "-", "Tổng cộng", "Số dư đầu kỳ: 5,000", "Ngày/Date"]
CELLS = st.one_of(
    st.just(""),
    st.sampled_from(WRITTEN),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@given(st.lists(st.lists(CELLS, max_size=8), max_size=12))
def test_whatever_the_cells_hold_each_row_is_told_and_the_statement_survives(lines):
    statement = read([AGRIBANK, *lines])

    told = [row.number for row in statement.rows] + [refusal.row for refusal in statement.refusals]
    assert len(set(told)) == len(told)
    assert all(row.amount > 0 for row in statement.rows)
    assert Statement.from_json(json.loads(json.dumps(statement.to_json()))) == statement
    assert json.loads(statement.to_json_text()) == statement.to_json()
    assert len(set(identities(statement.rows))) == len(statement.rows)
    assert balances(statement).incoming >= 0


FARTHEST = datetime.fromisoformat("9999-12-31T23:59:59.999999")


@pytest.mark.parametrize("cell", [date.min, FARTHEST, time.max, timedelta.max, 10**400, -(10**400), float("-inf")])
def test_no_extreme_breaks_the_reading(cell):
    for place in range(len(AGRIBANK)):
        row = list(paid())
        row[place] = cell
        assert read([AGRIBANK, row, paid()]).rows[-1].number == 3
