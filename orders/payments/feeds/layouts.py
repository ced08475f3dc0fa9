"""The layouts of statements that are known, each declared by its headings."""

from __future__ import annotations

from dataclasses import dataclass

from orders.payments.feeds.columns import Column, Order, Signs

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
