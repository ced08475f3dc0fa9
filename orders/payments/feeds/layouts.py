"""The layouts of statements that are known, each declared by its headings, and which of them a table has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.sheets import Cell, Line
from kernel.text import search_key

HEADING_WITHIN = 60  # rows; above it stand the bank, the account and the period


class Column(StrEnum):
    DATE = "date"
    TIME = "time"
    REFERENCE = "reference"
    DEBIT = "debit"
    CREDIT = "credit"
    BALANCE = "balance"
    MEMO = "memo"
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    BANK_HINT = "bank_hint"


ESSENTIAL = {Column.DATE, Column.DEBIT, Column.CREDIT, Column.MEMO}


@dataclass(frozen=True)
class Layout:
    """One bank's table. ``headings``: column → (Vietnamese, English), in either of which or both it may be headed."""

    name: str
    bank_code: str
    headings: dict[Column, tuple[str, str]]
    groups: str  # the sign between thousands, for a file that does not prove its own
    wraps: bool = False  # memos are broken at a fixed width, be it within a word
    after_name: str = ""  # what the bank puts behind each payer's name


VIETCOMBANK = Layout(
    "vietcombank",
    "VCB",
    {
        Column.DATE: ("Ngày GD", "TNX Date"),
        Column.REFERENCE: ("Số CT", "Doc No"),
        Column.DEBIT: ("Số tiền ghi nợ", "Debit"),
        Column.CREDIT: ("Số tiền ghi có", "Credit"),
        Column.BALANCE: ("Số dư", "Balance"),
        Column.MEMO: ("Nội dung chi tiết", "Transactions in detail"),
    },
    groups=".",
)
AGRIBANK = Layout(
    "agribank",
    "AGR",
    {
        Column.DATE: ("Ngày", "Date"),
        Column.MEMO: ("Ghi chú", "Remark"),
        Column.DEBIT: ("Nợ", "Dr"),
        Column.CREDIT: ("Có", "Cr"),
        Column.BALANCE: ("Số dư", "Balance"),
        Column.REFERENCE: ("Số tham chiếu", "Ref. no"),
    },
    groups=",",
)
VIETINBANK = Layout(
    "vietinbank",
    "CTG",
    {
        Column.DATE: ("Ngày", "Date"),
        Column.TIME: ("Giờ", "Time"),
        Column.REFERENCE: ("Số tham chiếu", "ReferenceNumber"),
        Column.MEMO: ("Nội dung giao dịch", "TransactionDetails"),
        Column.DEBIT: ("Ghi nợ", "DebitAmount"),
        Column.CREDIT: ("Ghi có", "CreditAmount"),
        Column.BALANCE: ("Số dư", "Balance"),
        Column.PAYER_NAME: ("Tài khoản đối ứng", "OffsetAccount"),
    },
    groups=",",
    wraps=True,
    after_name="– A/C",
)
MB = Layout(
    "mb",
    "MB",
    {
        Column.DATE: ("Ngày giao dịch", "Transaction Date"),
        Column.REFERENCE: ("Số bút toán", "Transaction No"),
        Column.DEBIT: ("Phát sinh nợ", "Debit"),
        Column.CREDIT: ("Phát sinh có", "Credit"),
        Column.BALANCE: ("Số dư", "Balance"),
        Column.MEMO: ("Nội dung", "Details"),
        Column.PAYER_ACCOUNT: ("Tài khoản", "Account"),
    },
    groups=",",
)
TECHCOMBANK = Layout(
    "techcombank",
    "TCB",
    {
        Column.DATE: ("Ngày giao dịch", "Transaction date"),
        Column.REFERENCE: ("Số bút toán", "Reference"),
        Column.BANK_HINT: ("Ngân hàng đối tác", "Remitter's bank"),
        Column.PAYER_ACCOUNT: ("Tài khoản đích", "Remitter's account number"),
        Column.PAYER_NAME: ("Tên tài khoản đối ứng", "Remitter's account name"),
        Column.MEMO: ("Diễn giải", "Description"),
        Column.DEBIT: ("Nợ", "Debit"),
        Column.CREDIT: ("Có", "Credit"),
        Column.BALANCE: ("Số dư", "Balance"),
    },
    groups=",",
)
LAYOUTS = (VIETCOMBANK, AGRIBANK, VIETINBANK, MB, TECHCOMBANK)


@dataclass(frozen=True)
class Heading:
    """The row of headings: its place from 0, its layout, and where each column stands."""

    index: int
    layout: Layout
    places: dict[Column, int]
    width: int


def find_heading(lines: Sequence[Line]) -> Heading | None:
    """The first row that heads the columns of exactly one known layout best, or None."""
    for index, line in enumerate(lines[:HEADING_WITHIN]):
        found = [heading for layout in LAYOUTS if (heading := headed_by(line, layout, index))]
        found.sort(key=lambda heading: len(heading.places), reverse=True)
        if found and (len(found) == 1 or len(found[0].places) > len(found[1].places)):
            return found[0]
    return None


def headed_by(line: Line, layout: Layout, index: int) -> Heading | None:
    """How ``line`` heads the columns of ``layout``, if it heads all the essential ones and none twice."""
    keys = [_key(cell) for cell in line]
    places: dict[Column, int] = {}
    for column, names in _KEYS[layout.name].items():
        at = [place for place, key in enumerate(keys) if key in names]
        if len(at) > 1:
            return None
        if at:
            places[column] = at[0]
    return Heading(index, layout, places, len(line)) if places.keys() >= ESSENTIAL else None


def _key(cell: Cell) -> str:
    return search_key(cell) if isinstance(cell, str) and len(cell) <= 100 else ""


def _names(vietnamese: str, english: str) -> frozenset[str]:
    one, other = search_key(vietnamese), search_key(english)
    return frozenset({one, other, f"{one} {other}", f"{other} {one}"})


_KEYS = {layout.name: {column: _names(*names) for column, names in layout.headings.items()} for layout in LAYOUTS}
