"""Codes, phones and words as they stand in a body."""

import pytest

from orders.payments.matcher.reading import Reading, read
from orders.payments.memo import take_apart

CODE = "DCKHV6B9D"


def reading_of(memo: str, *, account: str = "", known: frozenset[str] = frozenset({CODE})) -> Reading:
    return read(memo, take_apart(memo), account, known=known)


def phones(memo: str, *, account: str = "") -> list[str]:
    return [mark.text for mark in reading_of(memo, account=account).phones]


@pytest.mark.parametrize(
    "memo",
    [
        CODE,
        f"{CODE} 0912345678",
        "dckhv6b9d",
        "D CKHV6B9D 0912345678",
        "DCKHV6 B9D",
        "mua combo DCKHV6B9D",
        f"{CODE}0912345678",
        "DC-KHV6-B9D",
    ],
)
def test_a_code_is_read_through_case_and_spaces(memo: str) -> None:
    assert [mark.text for mark in reading_of(memo).codes] == [CODE]


def test_letters_after_the_word_dc_are_no_code() -> None:
    reading = reading_of("Nguyen Dc Quang Mai 0912345678")

    assert (reading.codes, [mark.text for mark in reading.words]) == ((), ["NGUYEN", "DC", "QUANG", "MAI"])


@pytest.mark.parametrize(
    "memo",
    ["0912345678", "0912 345 678", "0912.345.678", "091 234 5678", "84912345678", "+84 912 345 678", "0084912345678"]
    + [
        "Lan 0912345678 2 combo",
        "0 912345678",
        "ngay 30/08/2021 0912345678 500.000",
        "500000 0912345678",
        "Nguyen Tuong Vi 0912345678",
    ],
)
def test_a_phone_is_read_in_every_form(memo: str) -> None:
    assert phones(memo) == ["0912345678"]


@pytest.mark.parametrize(
    "memo",
    [
        "tk 0912345678",
        "STK: 0912345678 ung ho",
        "970415.0912345678.hoa",
        "VNPAY.123456789012.0912345678",
        "1234567890912345678",
        "Ref 0912345678",
    ],
)
def test_an_account_or_a_part_of_a_machines_number_is_no_phone(memo: str) -> None:
    assert phones(memo) == []


def test_the_payers_account_is_dropped_beside_anything_better() -> None:
    assert phones("0987654321 TRAN VAN HUNG ck 0912345678", account="0987654321") == ["0912345678"]
    assert phones("Tran Van Hung 0987654321 Di An", account="0987654321") == ["0987654321"]


def test_spans_point_into_the_raw_memo_even_where_folding_moved_letters() -> None:
    memo = "123456.300821.101112.Đặng Thị\u200b Lan 0912345678"
    reading = reading_of(memo)
    (phone,) = reading.phones

    start, end = reading.span(phone.start, phone.end)

    assert memo[start:end] == "0912345678"
    assert reading.disguised == "\u200b"


@pytest.mark.parametrize(
    "memo",
    [
        "NGUYEN THI LAN KHONG CHIN MOT HAI BA BON NAM SAU BAY TAM AN BINH",
        "nguyen thi lan sdt khong chin mot hai ba bon nam sau bay tam",
        "Nguyen Thi Lan 0 9 1 2 3 4 5 6 7 8 An Binh",
        "Nguyen Thi Lan O9l2345678 An Binh",
        "Nguyen Thi Lan phong 3 0912345678 An Binh",
        "P3 Nguyen Thi Lan phong 3 0912345678",
    ],
)
def test_a_phone_is_read_as_it_was_told_and_a_room_before_it_is_no_part_of_it(memo: str) -> None:
    assert {mark.text for mark in read(memo, take_apart(memo), "", known=()).phones} == {"0912345678"}


def test_eleven_words_for_digits_are_no_phone() -> None:
    memo = "LE NAM KHONG CHIN MOT HAI BA BON NAM SAU BAY TAM CHIN"

    assert not read(memo, take_apart(memo), "", known=()).phones
