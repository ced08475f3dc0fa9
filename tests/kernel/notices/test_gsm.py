"""How much an SMS holds."""

import pytest

from kernel.notices.gsm import segments, without_tones


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("đ" * 70, 1),
        ("đ" * 71, 2),
        ("đ" * 134, 2),
        ("đ" * 135, 3),
        ("🥬" * 35, 1),
        ("🥬" * 36, 2),
    ],
)
def test_how_many_messages_a_text_becomes(text, many):
    assert segments(text) == many


def test_vietnamese_as_typed_on_an_old_phone():
    assert without_tones("Đặng Thị Thuỷ: 100.000\u00a0₫ – “mai nhé”…") == 'Dang Thi Thuy: 100.000 d - "mai nhe"...'
    assert without_tones("xanh 🥬").isascii()
