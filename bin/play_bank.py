"""Plays the bank in a rehearsal: writes a statement in Vietcombank's own layout with one payment and one stray one."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

import xlsxwriter

from kernel import clock
from kernel.money import MoneyFault, format_dong, parse_dong

ROOT = Path(__file__).resolve().parent.parent
NUMBER, HOLDER = "1013456789", "PHONG KINH TE TP DI AN"  # the office's account in the demo city
OPENING, STRAY = 12_500_000, 500_000
PREAMBLE = (
    ("NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM",),
    ("SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT",),
    ("Số tài khoản/ Account number:", NUMBER),
    ("Tên tài khoản/ Account name:", HOLDER),
    (),
    (
        "STT\nNo.",
        "Ngày GD/\nTNX Date",
        "Số CT/\nDoc No",
        "Số tiền ghi nợ/\nDebit",
        "Số tiền ghi có/\nCredit",
        "Số dư/\nBalance",
        "Nội dung chi tiết/\nTransactions in detail",
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("memo", help="the message of the transfer, as it stands on the order's page")
    parser.add_argument("amount", help="whole đồng: 150000 or 150.000")
    parser.add_argument("--out", type=Path, default=ROOT / "instance" / "statement.xlsx")
    wanted = parser.parse_args()
    try:
        amount = parse_dong(wanted.amount)
    except MoneyFault:
        amount = 0
    if not wanted.memo.strip() or not amount:
        parser.error('say what to pay: make payment MEMO="DC… 09…" AMOUNT=150000')
    write_statement(wanted.out, wanted.memo.strip(), amount, at=clock.local(clock.now()))
    print(f"{wanted.out}\n  Import it at /desk/statements, or: .venv/bin/flask payments import {wanted.out}")
    return 0


def write_statement(path: Path, memo: str, amount: int, *, at: datetime) -> None:
    """A statement of today with two rows: the payment of ``memo``, and a gift that no order waits for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    day, number = f"{at:%d/%m/%Y}", int(f"{at:%H%M%S}")
    gift = f"{number:06d}.{at:%d%m%y}.{at:%H%M%S}.ung ho quy vac xin phong chong dich"
    paid = f"MBVCB.{number:010d}.{memo}.CT tu 9000000001 NGUYEN VAN A toi {NUMBER} {HOLDER}"
    rows = (
        ("1", day, f"5001.{number:06d}", "", _dots(STRAY), _dots(OPENING + STRAY), gift),
        ("2", day, f"5002.{number:06d}", "", _dots(amount), _dots(OPENING + STRAY + amount), paid),
        (),
        ("Tổng số/ Total:", "", "", "0", _dots(STRAY + amount), _dots(OPENING + STRAY + amount)),
    )
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("SaoKe")
        for place, row in enumerate((*PREAMBLE, *rows)):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)


def _dots(amount: int) -> str:
    return format_dong(amount).split("\u00a0")[0]


if __name__ == "__main__":
    sys.exit(main())
