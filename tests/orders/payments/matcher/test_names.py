"""A person's name in a memo."""

import pytest

from orders.payments.matcher.names import Likeness, find_name, untelexed
from orders.payments.matcher.reading import read
from orders.payments.memo import take_apart


def likeness(name: str, memo: str) -> Likeness:
    return find_name(name, read(memo, take_apart(memo), "", known=())).likeness


@pytest.mark.parametrize(
    ("name", "memo", "expected"),
    [
        ("NGUYEN THI LAN", "Nguyen Thi Lan 0912345678 An Binh", Likeness.WHOLE),
        ("NGUYEN THI LAN", "nguyenthi lan_0912345678", Likeness.WHOLE),
        ("LE HUNG", "L e Hung 0912345678", Likeness.WHOLE),
        ("HO THI BINH AN", "Ho Thi Binh An 0912345678 An Binh", Likeness.WHOLE),
        ("NGUYEN THI LAN", "Thi Lan 0912345678", Likeness.PART),
        ("NGUYEN THI LAN", "Nguyen Lan 0912345678", Likeness.PART),
        ("NGUYEN TAN MINH THANH", "MINHTHANH 0912345678", Likeness.PART),
        ("NGUYEN THI LAN", "Lan Nguyen Thi 0912345678", Likeness.PART),
        ("NGUYEN THI LAN", "Nguyn Thi Lan 0912345678", Likeness.PART),
        ("NGUYEN NHU MY", "Nguyen hu My 0912345678", Likeness.LIKE),
        ("NGUYEN VAN HUNG", "Nguyeenx Vawn Hufng 0912345678", Likeness.LIKE),
        ("NGUYEN VAN HUNG", "Hung 0912345678", Likeness.LIKE),
        ("TRAN NHU", "Tran Nhu Khanh 0912345678", Likeness.LIKE),
        ("TRAN NHU NHU", "Tran Nhu Khanh 0912345678", Likeness.OTHER),
        ("NGUYEN THI LAN", "Tran Thi Lan 0912345678", Likeness.OTHER),
        ("NGUYEN THI LAN", "Nguyen Thi Mai 0912345678", Likeness.OTHER),
        ("NGUYEN THI LAN", "0912345678 2 combo cam on", Likeness.ABSENT),
        ("NGUYEN THI LAN", "0912345678 P An Binh", Likeness.ABSENT),
    ],
)
def test_how_well_a_name_agrees(name: str, memo: str, expected: Likeness) -> None:
    assert likeness(name, memo) is expected


def test_raw_telex_is_what_the_keyboard_would_have_made_of_it() -> None:
    assert [untelexed(word) for word in ("NGUYEENX", "VAWN", "DDAWNGJ", "LAN", "AN")] == [
        "NGUYEN",
        "VAN",
        "DANG",
        "LAN",
        "AN",
    ]
