"""Statements for tests, as the banks' layouts write them."""

import csv
import io
from pathlib import Path

from kernel.sheets import decode, read_csv
from orders.payments.feeds.heading import find_heading
from orders.payments.feeds.parse import read_table
from tests.kernel.workbooks import workbook

SAMPLES = Path(__file__).parents[3] / "samples"
STATEMENTS = SAMPLES / "statements"

VIETCOMBANK = [
    "STT\nNo.",
    "Ngày GD/\nTNX Date",
    "Số CT/\nDoc No",
    "Số tiền ghi nợ/\nDebit",
    "Số tiền ghi có/\nCredit",
    "Số dư/\nBalance",
    "Nội dung chi tiết/\nTransactions in detail",
]
AGRIBANK = ["Ngày/Date", "Ghi chú/Remark", "Nợ/Dr", "Có/Cr", "Số dư/Balance", "Số tham chiếu/Ref. no"]


def vietcombank(*rows, above=(), heading=VIETCOMBANK):
    """Vietcombank's XLSX; a row is (date, number, debit, credit, balance, memo)."""
    numbered = [[str(n), *row] for n, row in enumerate(rows, 1)]
    return workbook([*above, heading, *numbered])


def agribank(*rows, above=(), heading=AGRIBANK, delimiter=",", encoding="utf-8-sig"):
    """Agribank's CSV; a row is (date, memo, debit, credit, balance, reference)."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([*above, heading, *rows])
    return out.getvalue().encode(encoding)


def text(*lines, delimiter=",", encoding="utf-8"):
    """Any table as text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue().encode(encoding)


def paid(amount="100,000", *, day="30/08/2021", memo="Lan_0912345678_Di An", balance="", reference="R1"):
    """A row of Agribank's with money coming in."""
    return day, memo, "", amount, balance, reference


def statement(*rows, **written):
    """The statement in Agribank's CSV with these rows, read without a sandbox."""
    return read(read_csv(decode(agribank(*rows, **written))))


def read(lines):
    """The statement in a table that has a known heading."""
    heading = find_heading(lines)
    assert heading is not None
    return read_table(lines, heading)
