"""Folding and disguises."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.text import disguises, fold, search_key


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_folding_takes_marks_off_whatever_way_they_are_stored(form) -> None:
    assert (
        fold(unicodedata.normalize(form, "Đặng Thị Thuỷ, đường Lý Thường Kiệt"))
        == "DANG THI THUY, DUONG LY THUONG KIET"
    )


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_search_key_has_single_spaces_and_no_punctuation() -> None:
    assert search_key("  Lê-Thị__Hoa.\n") == "LE THI HOA"


def test_a_cyrillic_letter_never_folds_to_the_latin_one_that_it_looks_like() -> None:
    assert fold("А") != "A"


@pytest.mark.parametrize(
    "char",
    # zero-width, direction marks, fillers; then other scripts, dotless, full-width, mathematical, Roman, a stroke
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\xad", "\u202e", "\u200f", "\u034f", "\ufe0f", "\u2800", "\u3164", "\x00"]
    + ["\u0410", "\u039f", "\u0131", "\uff19", "\uff24", "\U0001d403", "\u0663", "\u2160", "\u0338", "\u2009"],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_characters_that_hide_or_look_alike_are_found(char: str) -> None:
    assert char in disguises(f"DCKHV{char}6B9D")


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Thuỳ Đương",
        unicodedata.normalize("NFD", "Nguyễn Đỗ Ỹ"),
        "100.000\u00a0₫ – “quà”…",
        "a\tb\r\nc",
        "Müller, Façade",
    ],
)
def test_honest_vietnamese_and_its_punctuation_hide_nothing(text: str) -> None:
    assert disguises(text) == ()
