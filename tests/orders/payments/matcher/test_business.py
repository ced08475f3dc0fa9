"""Words about something else: whole, misspelt, run together; and words of orders that are none."""

import pytest

from orders.payments.matcher.facts import Verdict
from tests.orders.payments.matcher.facts import decided, given, order, transfer

NAME_AND_PHONE = "NGUYEN THI LAN_0912345678"


@pytest.mark.parametrize(
    "words",
    ["CUU TRO", "CUNG DUONG", "UH", "U HO", "UNG H0", "UN HO", "UGN HO", "UNGHP", "UHBAOLU", "D0NATE", "UWNG HOOJ"]
    + ["UNGHONGUOINGHEO", "CHIASEYEUTHUONG", "CAUMONGBINHAN", "LUONG THANG 8"],
)
def test_a_gift_beside_name_and_phone_is_for_a_human_however_it_is_spelt(words: str) -> None:
    decision = decided([order()], transfer(f"{NAME_AND_PHONE}_{words}"))[0]

    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize("words", ["u ho", "u h o", "uho", "abc"])
def test_beside_a_phone_alone_no_unknown_word_is_explained(words: str) -> None:
    decision = decided([order()], transfer(f"0912345678 {words}"))[0]

    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "memo",
    [
        f"{NAME_AND_PHONE}_p. ab giao som giup em",
        "ViettelPay 0987654321 chuyen tien: nguyen thi lan_ 0912345678_ an binh",
        "Nguyeenx Thij Lan_0912345678_An Binhf",
        f"CONG TY TNHH VU BICH UT mua combo cho {NAME_AND_PHONE}",
        "VPBank NEO 3152670413142 PHAM GIA PHAT CK: Nguyen Thi Lan, 0912345678, An Binh",
    ],
)
def test_words_of_orders_wards_and_payers_are_explained(memo: str) -> None:
    lans = order()

    decision = decided([lans], transfer(memo))[0]

    assert given(decision) == {lans.code: 300_000}


def test_a_gift_cut_up_is_seen_though_its_first_word_is_the_givers_name() -> None:
    tus = order(name="Huỳnh Văn Tú")

    decision = decided([tus], transfer("HUYNH VAN TU 0912345678 T U THIEN"))[0]

    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize("words", ["LE PHI TRUOC BA", "TRAN DUC HA"])
def test_words_behind_the_orders_own_phone_are_no_payers_name(words: str) -> None:
    decision = decided([order()], transfer(f"NGUYEN THI LAN 0912345678 {words}"))[0]

    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize("words", ["LE PHI TRUOC BA", "PHI TRUOC"])
def test_a_fee_is_no_misspelt_thi_and_a_word_of_the_street_excuses_no_other(words: str) -> None:
    lans = order(address="105/17 Lê Trọng Tấn, KP Tân Long")

    decision = decided([lans], transfer(f"Nguyen Thi Lan_0912345678_Di An {words}"))[0]

    assert decision.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("name", "memo"),
    [
        ("Cao Công Lan", "Cao Cong Lan 0912345678 cong nothang 7"),  # CONG is a word of the name as well
        ("Hồ Phi", "0912345678 hoc phi thang 9"),
        ("Nguyễn Văn Thắng", "0912345678 thien nguyen thang 8"),
        ("Trần Thị Loan", "0912345678 loan repayment"),
        ("Nguyễn Thị Lan", f"tien nhathang 9 {NAME_AND_PHONE}_An Binh"),
        ("Nguyễn Thị Lan", f"{NAME_AND_PHONE}_Tan Binhtien tro thang 8"),
        ("Nguyễn Thị Lan", f"THANH TOAN HO P DONG 15 - {NAME_AND_PHONE}"),
        ("Nguyễn Thị Lan", f"dong bhxhtu nguyen - {NAME_AND_PHONE}"),
    ],
)
def test_a_purpose_that_runs_into_other_words_or_into_a_name_is_for_a_human(name: str, memo: str) -> None:
    decision = decided([order(name=name)], transfer(memo))[0]

    assert decision.verdict is not Verdict.MATCHED


@pytest.mark.parametrize("name", ["Trần Công Loan", "Phan Bình Loan"])
def test_a_given_name_that_is_a_loan_elsewhere_is_none_in_a_misspelt_name(name: str) -> None:
    loans = order(name=name)

    memo = {"Trần Công Loan": "Tran Coong Loan", "Phan Bình Loan": "Phan Bihn Loan"}[name]
    decision = decided([loans], transfer(f"{memo}_0912345678_An Binh"))[0]

    assert given(decision) == {loans.code: 300_000}
