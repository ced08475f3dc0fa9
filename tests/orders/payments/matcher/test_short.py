"""The short ways decide as the long one does, whatever stands in a memo."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orders.payments.matcher.answers import matched
from orders.payments.matcher.claims import judge
from orders.payments.matcher.decide import desk_of, open_desk, short_claim
from orders.payments.matcher.facts import Status, TransferFacts
from orders.payments.matcher.firmness import Desk
from orders.payments.matcher.plain import plain_claim
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.vocabulary import ORDER_WORDS
from orders.payments.memo import take_apart
from orders.payments.rehearsal_files import read_book, read_transfers
from tests.orders.payments.matcher.facts import HUNG, LAN, noise, order, transfer

CORPUS = Path(__file__).parents[3] / "samples/corpus"

ORDERS = [
    order(code="DCKHV6B9D"),
    order(code="DCHSWEWPD", **HUNG),
    order(500_000, code="DC2345679", **HUNG),
    order(200_000, name="Lê Hoa", phone="0351112223", ward="Đông Hòa", code="DCDC2345R"),
    order(200_000, name="Lê Hoa", phone="0351112223", ward="Đông Hòa", status=Status.EXPIRED),
    order(name="Nguyễn Tiến Đạt", phone="0708888999", ward="Tân Đông Hiệp"),
    order(name="Nguyễn Tiến Hùng", phone="0708888999", ward="Tân Đông Hiệp"),
    order(name="Phạm Thu An", phone="0841234567", ward="Bình An", hours=3),
    order(name="Võ Bích", phone="0399990001"),
    *noise(40),
]
DESK, SERVED = open_desk(ORDERS), open_desk(ORDERS)
for _number, _amount in enumerate([100_000, 300_000, 500_000, 0, 0, 300_000, 0, 200_000, 300_000]):
    SERVED.ledger.place(_number, _amount)  # as others of a run have been given before


# People as they may be written, with what they owe.
PEOPLE = [
    (
        "NGUYEN THI LAN|NGUYENTHILAN|THI LAN|NGUYEN LAN|LAN|NGUYEEN THI LAN|N GUYEN THI LAN|NGUYEN THI LANH|",
        "0912345678|0912 345 678|0912.345.678|84912345678|84 912345678|+84912345678|912345678|0 912345678|0912345679",
        "AN BINH|P AN BINH|P.AN BINH|PHUONG AN BINH|ANBINH|BINH AN|TP DI AN|AN BINH DI AN|",
        [300_000],
    ),
    (
        "TRAN VAN HUNG|VAN HUNG|HUNG|TRANVANHUNG|TRAN HUNG|TRAN THI LAN|",
        "0987654321|0987-654-321|84987654321|0987 654321",
        "DI AN|P DI AN|F.DI AN|TP DI AN|DI AN TP DI AN|",
        [300_000, 500_000],
    ),
    ("LE HOA|HOA|LE THI HOA|LEHOA|", "0351112223|035 111 2223", "DONG HOA|P DONG HOA|DONGHOA|DONG HOA DON|", [200_000]),
    (
        "NGUYEN TIEN DAT|TIEN DAT|TIEN HUNG|DAT|NGUYEN TIEN HUNG|",
        "0708888999|0708 888 999",
        "TAN DONG HIEP|TDH|P TAN DONG HIEP|",
        [300_000],
    ),
    ("PHAM THU AN|THU AN|AN|", "0841234567|84841234567", "BINH AN|P BINH AN|", [300_000]),
    (
        "|LAN",
        "DCKHV6B9D 0912345678|D CKHV6B9D 0912345678|DC-KHV-6B9D|DCKHV6B9D0912345678|dc khv6b9d",
        "|AN BINH",
        [300_000],
    ),
    (
        "|",
        "DCDC2345R 0351112223|DCDC2345R|DC2345679 0987654321|DCHSWEWPD 0912345678|DCKHV6B9E",
        "|",
        [200_000, 500_000],
    ),
]
WORDS = "UNG HO|HO|TRO|HOA DON|DON|HO TRO|TIEN|PHONG TRO|DONG GOP|GOP|HOC PHI|DIEN NUOC|TRA NO|TU THIEN|BAO LU|UH|XYZ"
WORDS += "|QUANG|H0 TRO|2|8|323/10|12 34|1234|123456|20210830|T3|A1|12345678901|0399999999|THANH TOAN DON HANG|SDT"
WORDS += "|CHUYEN TIEN|DI CHO THAY"

extra = st.one_of(st.sampled_from(WORDS.split("|")), st.sampled_from(sorted(ORDER_WORDS)))
between = st.sampled_from([" ", " ", " ", "_", "-", ".", ", ", ": ", " - ", "__", "/", "", "  "])


@st.composite
def transfers(draw: st.DrawFn) -> TransferFacts:
    """Somebody's name, phone (or code) and ward in some form and order, mostly with words around."""
    *forms, sums = draw(st.sampled_from(PEOPLE))
    told = [draw(st.sampled_from(str(form).split("|"))) for form in forms]
    parts = draw(st.permutations([*filter(None, told), *draw(st.lists(extra, max_size=3))]))
    memo = "".join(part + draw(between) for part in parts)
    payer = draw(
        st.sampled_from(["", "", "", "NGUYEN THI LAN", "PHAM VAN SON AA", "TRAN VAN HUNG", "LE HOA", "LAN", "VO BICH"])
    )
    account = draw(st.sampled_from(["", "", LAN["phone"], "0351112223"]))
    return transfer(memo, draw(st.sampled_from([*sums, *sums, 100_000])), payer_name=payer, payer_account=account)


def assert_alike(paid: TransferFacts, desk: Desk) -> bool:
    """The long way claims and says the same; whether there was a short one."""
    short = short_claim(paid, take_apart(paid.memo), desk)
    if not short:
        return False
    sight = Sight(paid, desk.book)
    claim = judge(sight, desk)
    assert claim == short[0], (paid, claim)
    assert matched(sight, desk, claim=short[0]).candidates[0].clues == short[1], paid
    return True


def test_on_every_transfer_of_the_sample_both_ways_agree_to_the_last_clue() -> None:
    desk = desk_of(read_book(CORPUS / "orders.csv"))

    paid = [fact for block in read_transfers(CORPUS / "transfers.csv") for fact in block.facts]

    assert sum(assert_alike(one, desk) for one in paid) > 1900


@pytest.mark.parametrize(
    "memo",
    [
        "DCKHV6B9D 0912345678",
        "D CKHV6B9D0912345678",
        "Nguyen Thi Lan_0912345678_An Binh",
        "nguyen thi lan 0912345678 an binh",
        " Nguyen Thi Lan - 0912345678 - An Binh ",
    ],
)
@pytest.mark.parametrize("payer", ["", "NGUYEN THI LAN", "LE HOA"])
def test_what_most_people_send_takes_the_shortest_way(memo: str, payer: str) -> None:
    paid = transfer(memo, payer_name=payer)

    assert plain_claim(paid, take_apart(memo), DESK, text=memo.upper())
    assert assert_alike(paid, DESK)


@pytest.mark.parametrize("amount", [100_000, 299_999, 300_001, 550_000])
def test_a_code_with_another_sum_takes_the_shortest_way_unless_it_may_mean_more(amount: int) -> None:
    assert assert_alike(transfer("DCKHV6B9D 0912345678", amount), DESK)
    assert assert_alike(transfer("DCKHV6B9D 0912345678", amount, payer_name="NGUYEN LAN"), DESK)
    assert not assert_alike(transfer("DCKHV6B9D 0912345678", amount, payer_name="LE HOA"), DESK)
    assert not assert_alike(transfer("DCHSWEWPD 0987654321", 500_000), DESK)


@pytest.mark.parametrize("payer", ["VO BICH", "LE HOA"])
def test_only_a_payer_with_an_order_of_the_same_sum_and_ward_may_have_copied_a_memo(payer: str) -> None:
    paid = transfer("nguyen thi lan 0912345678 an binh", payer_name=payer)

    assert assert_alike(paid, DESK) == (payer == "LE HOA")


@settings(max_examples=500)
@given(transfers(), st.sampled_from([DESK, SERVED]))
@example(transfer("nguyen thi lan 0912345678 hoa don"), DESK)
@example(transfer("Nguyen Thi Lan 0912345678 ho, tro"), DESK)
@example(transfer("sdt 0912 345 678 nguyen thi lan p an binh ung ho"), DESK)
@example(transfer("sdt 0912 345 678 nguyen thi lan p an binh xyz quang"), DESK)
@example(transfer("sdt 0912345678 nguyen thi lan p binh an"), DESK)
@example(transfer("sdt 0912345678 nguyen thi lan, p an binh", payer_name="VO BICH"), DESK)
@example(transfer("nguyen thi lan 0912345678 an binh", payer_name="VO BICH"), DESK)
@example(transfer("P an binh nguyen thi lan sdt 0912345678"), DESK)
@example(transfer("H o tro nguyen thi lan 0912345678"), DESK)
@example(transfer("P hong tro nguyen thi lan 0912345678"), DESK)
@example(transfer("DCKHV6B9D 0987654321"), DESK)
@example(transfer("D CKHV6B9D 0912345678", 200_000), DESK)
@example(transfer("sdt 0841234567 pham thu an p binh an"), DESK)
@example(transfer("sdt 0708888999 nguyen tien dat"), DESK)
@example(transfer("tk 0912345678 nguyen thi lan an binh"), DESK)
def test_they_agree_on_whatever_people_write(paid: TransferFacts, desk: Desk) -> None:
    assert_alike(paid, desk)
