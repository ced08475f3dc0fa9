"""The banks that people pay through: codes, NAPAS BINs, names, and every way of naming one that is accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from kernel.text import search_key


@dataclass(frozen=True)
class Bank:
    code: str
    bin: str
    name: str
    short: str
    aliases: tuple[str, ...] = ()
    bic: str = ""  # as SWIFT names it, without a branch


VIETCOMBANK = Bank("VCB", "970436", "Ngân hàng TMCP Ngoại thương Việt Nam", "Vietcombank", bic="BFTVVNVX")
VIETINBANK = Bank("CTG", "970415", "Ngân hàng TMCP Công thương Việt Nam", "VietinBank", ("ICB",), bic="ICBVVNVX")
BIDV = Bank("BIDV", "970418", "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam", "BIDV", ("BID",), bic="BIDVVNVX")
AGRIBANK = Bank(
    "AGR",
    "970405",
    "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam",
    "Agribank",
    ("VBA", "VBARD", "AGRI"),
    bic="VBAAVNVX",
)
TECHCOMBANK = Bank("TCB", "970407", "Ngân hàng TMCP Kỹ thương Việt Nam", "Techcombank", ("TECH",), bic="VTCBVNVX")
MB = Bank("MB", "970422", "Ngân hàng TMCP Quân đội", "MB", ("MBB", "MBBank", "Military Bank"), bic="MSCBVNVX")
ACB = Bank("ACB", "970416", "Ngân hàng TMCP Á Châu", "ACB", ("Asia Commercial Bank",), bic="ASCBVNVX")
VPBANK = Bank("VPB", "970432", "Ngân hàng TMCP Việt Nam Thịnh Vượng", "VPBank", bic="VPBKVNVX")
SACOMBANK = Bank("STB", "970403", "Ngân hàng TMCP Sài Gòn Thương Tín", "Sacombank", ("SACOM",), bic="SGTTVNVX")
TPBANK = Bank("TPB", "970423", "Ngân hàng TMCP Tiên Phong", "TPBank", bic="TPBVVNVX")

BANKS = (VIETCOMBANK, VIETINBANK, BIDV, AGRIBANK, TECHCOMBANK, MB, ACB, VPBANK, SACOMBANK, TPBANK)


class AccountReason(StrEnum):
    UNKNOWN_BANK = "unknown_bank"
    NOT_AN_ACCOUNT = "not_an_account"


class AccountFault(ValueError):
    """``reason`` says why the text names no bank or no account; whoever asked words it."""

    def __init__(self, reason: AccountReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def _key(text: str) -> str:
    return search_key(text).replace(" ", "")


def _names(bank: Bank) -> tuple[str, ...]:
    plain = bank.name.replace("TMCP ", "")
    bare = [name.removeprefix("Ngân hàng ") for name in (bank.name, plain)]
    return (bank.code, bank.bin, bank.short, bank.name, plain, *bare, *bank.aliases)


_NUMBER = re.compile(r"[0-9A-Z]{4,19}")  # NAPAS carries at most 19
_BY_NAME = {_key(name): bank for bank in BANKS for name in _names(bank)}


def find_bank(text: str) -> Bank:
    """The bank named by code, BIN, short or full name, with or without accents, or AccountFault."""
    bank = _BY_NAME.get(_key(text))
    if bank is None:
        raise AccountFault(AccountReason.UNKNOWN_BANK)
    return bank


def bank_of_bic(text: str) -> Bank | None:
    """The bank whose BIC stands anywhere in ``text``, such as the head of a SWIFT message; None if none or several."""
    found = [bank for bank in BANKS if bank.bic in text.upper()]
    return found[0] if len(found) == 1 else None


def parse_account(text: str) -> tuple[Bank, str]:
    """``BANK:NUMBER`` taken apart, blanks, dots and hyphens inside the number left out, or AccountFault."""
    bank, _, number = text.partition(":")
    digits = re.sub(r"[\s.-]", "", number).upper()
    if not _NUMBER.fullmatch(digits):
        raise AccountFault(AccountReason.NOT_AN_ACCOUNT)
    return find_bank(bank), digits
