"""Layouts that nobody declared: what a bank wrote there is no evidence about an order."""

import pytest

from orders.payments.matcher.facts import Verdict
from orders.payments.matcher.wrappers import is_the_banks, payers_words
from tests.orders.payments.matcher.facts import HUNG, decided, given, order, transfer

PHONE = "0912345678"
FORM = f"NGUYEN THI LAN_{PHONE}_AN BINH"


@pytest.mark.parametrize(
    "memo",
    [
        f"SHB:{PHONE}:NGUYEN THI LAN CHUYEN KHOAN/REF FT21242102638911",
        f"EIB - {PHONE} - NGUYEN THI LAN - NGUYEN THI LAN CHUYEN TIEN - REF171177531136",
        f"OPENBANKING NAB {PHONE} NGUYEN THI LAN CHUYEN TIEN SO GD 6946764509",
        f"THANH TOAN-MSB-{PHONE}-NGUYEN THI LAN",
        f"NHAN TU {PHONE} TRACE 714779 ND NGUYEN THI LAN",
        f"CHUYEN KHOAN TU {PHONE} NOI DUNG TIEN HANG",
        f"OCB OMNI 3431185985 TU {PHONE} NGUYEN THI LAN ND THANH TOAN",
        f"TU: {PHONE} - NGUYEN THI LAN; ND: NGUYEN THI LAN CHUYEN KHOAN; MA GD: FT21243945035908",
        f"VIB-IB 368148560274/NGUYEN THI LAN/{PHONE}/",
        f"SEANET.576797199.NGUYEN THI LAN CHUYEN TIEN.{PHONE}",
        f"SEANET.576797199..{PHONE}",
        f"THANH TOAN. TIMO NGUYEN THI LAN {PHONE}",
    ],
)
def test_an_account_that_is_a_phone_pays_no_order_in_whatever_layout(memo: str) -> None:
    lans = order()

    decision = decided([lans], transfer(memo))[0]

    assert decision.verdict is not Verdict.MATCHED


@pytest.mark.parametrize(
    "memo",
    [
        f"SHB:0987654321:{FORM}/REF FT21242102638911",
        f"IBPS/29395442799112/STB/NGUYEN THI LAN {PHONE}",
        f"CAKE BY VPBANK 22478306123: {FORM}",
        f"OCB OMNI 3431185985 TU 0987654321 TRAN VAN HUNG ND {FORM}",
        f"SHOPEEPAY.541419786401.4691740291266.{FORM}",
        f"{FORM}. TIMO TRAN VAN HUNG 28917495",
        f"NGUYEN VAN MINH TU {PHONE}",
    ],
)
def test_what_the_payer_wrote_in_them_still_counts(memo: str) -> None:
    lans = order(name="Nguyễn Văn Minh Tú") if "MINH TU" in memo else order()

    decision = decided([lans], transfer(memo))[0]

    assert given(decision) == {lans.code: 300_000}


def test_a_neighbours_account_and_a_residents_memo_never_pay_the_neighbour() -> None:
    lans, hungs = order(), order(**HUNG)

    decision = decided([lans, hungs], transfer(f"SHB:0987654321:{FORM}/REF FT21242102638911"))[0]

    assert given(decision) == {lans.code: 300_000}


def test_digits_without_anything_before_them_are_a_persons() -> None:
    assert not is_the_banks(PHONE, 0, 10)


def test_a_firm_and_a_payer_behind_his_account_are_named_but_not_what_they_do() -> None:
    text = "VPBANK 3152670413142 PHAM GIA PHAT CK: CONG TY TNHH HOA MAI MUA COMBO"

    assert payers_words(text) == {"PHAM", "GIA", "PHAT", "TNHH", "HOA", "MAI"}
