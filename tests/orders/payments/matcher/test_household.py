"""Whose of a family, and whose of near namesakes, a name in the memo is."""

from orders.payments.matcher.facts import Verdict
from tests.orders.payments.matcher.facts import decided, given, order, transfer

FORM = "NGUYEN THI LAN_0912345678_AN BINH"


def test_a_payer_who_is_nearly_a_namesake_supports_no_phone_with_a_slip() -> None:
    hongs = order(name="Nguyễn Thị Hồng Hiền", phone="0753536522", ward="Tân Bình")

    memo = "Tu: 994362113248 - NGUYEN THI HIEN; ND: 07537536522 Tan Binh; Ma GD: FT21244213106706"
    decision = decided([hongs], transfer(memo))[0]

    assert decision.verdict is not Verdict.MATCHED


def test_of_a_family_whoever_stands_in_the_citys_form_is_meant() -> None:
    lans, hungs = order(), order(name="Trần Văn Hùng")

    decision = decided([lans, hungs], transfer(f"CAKE BY VPBANK 22478306123: {FORM}"))[0]

    assert given(decision) == {lans.code: 300_000}


def test_a_name_cut_off_after_its_first_word_is_nobody_elses() -> None:
    lans = order()

    decision = decided([lans], transfer("DANG KY COMBO SDT: 0912345678 - NGUYEN "))[0]

    assert given(decision) == {lans.code: 300_000}
