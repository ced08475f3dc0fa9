"""The layouts of statements that are known, each declared by its headings, and which of them a table has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from kernel.sheets import Cell, Line
from orders.payments.feeds.columns import Column, Order, Signs
from orders.payments.feeds.headings import guessed_columns, heading_key, known_columns

HEADING_WITHIN = 60  # rows; above it stand the bank, the account and the period


ESSENTIAL = {Column.DATE, Column.DEBIT, Column.CREDIT, Column.MEMO}


@dataclass(frozen=True)
class Layout:
    """One bank's table. ``headings``: column → (Vietnamese, English), in either of which or both it may be headed."""

    name: str
    bank_code: str
    headings: dict[Column, tuple[str, str]]
    groups: str  # the sign between thousands, for a file that does not prove its own; "" if nobody knows
    wraps: bool = False  # memos are broken at a fixed width, be it within a word
    after_name: str = ""  # what the bank puts behind each payer's name
    signs: Signs | None = None  # what a sign means, where somebody has said so
    order: Order = Order.DAY


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
BIDV = Layout(
    "bidv",
    "BIDV",
    {
        Column.DATE: ("Ngày hiệu lực", "Effective date"),
        Column.DEBIT: ("Ghi nợ", "Debit"),
        Column.CREDIT: ("Ghi có", "Credit"),
        Column.BALANCE: ("Số dư", "Balance"),
        Column.MEMO: ("Mô tả", "Description"),
    },
    groups="",
)
ACB = Layout(
    "acb",
    "ACB",
    {
        Column.DATE: ("Ngày giao dịch", "Transaction date"),
        Column.REFERENCE: ("Số GD", "Transaction No"),
        Column.MEMO: ("Nội dung giao dịch", "Transaction content"),
        Column.DEBIT: ("Tiền rút ra", "Withdrawal"),
        Column.CREDIT: ("Tiền gửi vào", "Deposit"),
        Column.BALANCE: ("Số dư", "Balance"),
    },
    groups="",
)
SACOMBANK = Layout(
    "sacombank",
    "STB",
    {
        Column.DATE: ("Ngày giao dịch", "Transaction date"),
        Column.REFERENCE: ("Số tham chiếu", "Reference number"),
        Column.MEMO: ("Diễn giải", "Transaction description"),
        Column.DEBIT: ("Số tiền rút ra", "Withdrawal amount"),
        Column.CREDIT: ("Số tiền gửi vào", "Deposit amount"),
        Column.BALANCE: ("Số dư", "Balance"),
    },
    groups="",
)
LAYOUTS = (VIETCOMBANK, AGRIBANK, VIETINBANK, BIDV, TECHCOMBANK, MB, ACB, SACOMBANK)
IN_WORDS = Layout("words", "", {}, groups="")
"""The layout of a bank that nobody declared, whose headings say all the same what they head."""


@dataclass(frozen=True)
class Heading:
    """The row of headings: its place from 0, its layout, and where each column stands.

    ``titles``: as they are written. ``is_whole``: all that the layout declares is there, so that it is this bank's.
    """

    index: int
    layout: Layout
    places: dict[Column, int]
    titles: Line
    is_whole: bool = False

    @property
    def width(self) -> int:
        return len(self.titles)

    def is_repeated_by(self, line: Line) -> bool:
        """Whether ``line`` heads the table again: on a new page, or in the other language."""
        return headed_by(line, self.layout, 0) is not None or known_columns(line) is not None or line == self.titles


def find_heading(lines: Sequence[Line]) -> Heading | None:
    """The first row that heads the columns of exactly one known layout best, else one whose words are clear."""
    for index, line in enumerate(lines[:HEADING_WITHIN]):
        found = [heading for layout in LAYOUTS if (heading := headed_by(line, layout, index))]
        found.sort(key=lambda heading: len(heading.places), reverse=True)
        if found and (len(found) == 1 or len(found[0].places) > len(found[1].places)):
            return _filled_up(found[0])
    return _in_words(lines)


def headed_by(line: Line, layout: Layout, index: int) -> Heading | None:
    """How ``line`` heads the columns of ``layout``, if it heads all the essential ones and none twice."""
    keys = [_key(cell) for cell in line]
    places: dict[Column, int] = {}
    for column, names in _KEYS.get(layout.name, {}).items():
        at = [place for place, key in enumerate(keys) if key in names]
        if len(at) > 1:
            return None
        if at:
            places[column] = at[0]
    whole = places.keys() >= layout.headings.keys() - {Column.BALANCE}
    return Heading(index, layout, places, line, is_whole=whole) if places.keys() >= ESSENTIAL else None


def _filled_up(heading: Heading) -> Heading:
    """With the columns that the layout does not declare, if their words are clear."""
    taken = set(heading.places.values())
    others = {column: at for column, at in guessed_columns(heading.titles).items() if at not in taken}
    others.pop(Column.AMOUNT, None)
    others.pop(Column.SIGN, None)
    return replace(heading, places={**others, **heading.places})


def _in_words(lines: Sequence[Line]) -> Heading | None:
    """Headings in one row, or in two where one spans several."""
    for index, line in enumerate(lines[:HEADING_WITHIN]):
        below = lines[index + 1] if index + 1 < len(lines) else []
        single, double = known_columns(line), known_columns(joined(line, below))
        if double and Column.DEBIT in double and (single is None or Column.DEBIT not in single):
            return Heading(index + 1, IN_WORDS, double, joined(line, below))
        if single:
            return Heading(index, IN_WORDS, single, line)
    return None


def joined(line: Line, below: Line) -> Line:
    """Two rows of headings as one."""
    cells = zip_longest(line, below, fillvalue="")
    return [f"{upper}\n{lower}".strip() if _both_texts(upper, lower) else "" for upper, lower in cells]


def _both_texts(upper: Cell, lower: Cell) -> bool:
    return isinstance(upper, str) and isinstance(lower, str)


def _key(cell: Cell) -> str:
    return heading_key(cell) if isinstance(cell, str) and len(cell) <= 100 else ""


def _names(names: tuple[str, str]) -> frozenset[str]:
    one, other = map(heading_key, names)
    return frozenset({one, other, f"{one} {other}", f"{other} {one}"})


_KEYS = {layout.name: {column: _names(names) for column, names in layout.headings.items()} for layout in LAYOUTS}
