"""Wards in a memo."""

import pytest

from orders.payments.matcher.places import wards_named


@pytest.mark.parametrize(
    ("text", "wards"),
    [
        ("AN BINH", ["AN BINH"]),
        ("BINH AN", ["BINH AN"]),
        ("TAN BINH", ["TAN BINH"]),
        ("P.AN BINH TP DI AN", ["AN BINH"]),
        ("PHUONG TAN DONG HIEP", ["TAN DONG HIEP"]),
        ("TDH", ["TAN DONG HIEP"]),
        ("PDIAN", ["DI AN"]),
        ("F.BINHTHANG", ["BINH THANG"]),
        ("AN 0912345678 BINH", []),
        ("HUYNH GIA DONG DONG HOA", ["DONG HOA"]),
        ("AN BINH DI AN", ["AN BINH", "DI AN"]),
        ("TANBINHAN", []),
    ],
)
def test_a_ward_is_named_by_its_words_in_their_order(text: str, wards: list[str]) -> None:
    assert list(wards_named(text)) == wards


def test_its_place_is_told() -> None:
    assert wards_named("LAN P. AN BINH") == {"AN BINH": (7, 14)}
