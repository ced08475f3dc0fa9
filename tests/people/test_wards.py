"""What a person who types a ward may mean."""

import pytest

from people.wards import WARDS_2021, WARDS_2025, understand


def names(text: str) -> list[str]:
    return [ward.name for ward in understand(text)]


def test_both_vintages_are_known_and_a_code_alone_tells_no_ward() -> None:
    assert (len(WARDS_2021), len(WARDS_2025)) == (7, 3)
    assert {w.code for w in WARDS_2025} <= {w.code for w in WARDS_2021}


@pytest.mark.parametrize("ward", WARDS_2021, ids=lambda ward: ward.key)
def test_each_name_of_2021_means_exactly_its_ward(ward) -> None:
    for text in (
        ward.name,
        ward.key.lower(),
        f"P. {ward.name}",
        f"F {ward.key}",
        f"phường {ward.name}, TP Dĩ An, Bình Dương",
    ):
        assert understand(text) == (ward,), text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("TDH", "Tân Đông Hiệp"),
        ("DA", "Dĩ An"),
        ("P.DIAN", "Dĩ An"),
        ("pdian", "Dĩ An"),
        ("ANBINH", "An Bình"),
        ("Dĩ An, Bình Dương", "Dĩ An"),
        ("Đông Hoà", "Đông Hòa"),
        ("Dong Hioa", "Đông Hòa"),
        ("BINH THAG", "Bình Thắng"),
        ("Tân Bình 2021", "Tân Bình"),
        ("P. An Bình cũ", "An Bình"),
        ("Bình An, TP.HCM", "Bình An"),
    ],
)
def test_abbreviations_slips_and_the_city_around_it_are_understood(text: str, meant: str) -> None:
    assert names(text) == [meant]


def test_equal_words_in_another_order_are_another_ward() -> None:
    assert (names("AN BINH"), names("BINH AN")) == (["An Bình"], ["Bình An"])
    assert names("An Bình Bình An") == []


@pytest.mark.parametrize("text", ["Dĩ An (2025)", "Phường Dĩ An, TP.HCM", "di an mới", "Dĩ An, thành phố Hồ Chí Minh"])
def test_a_ward_of_2025_is_every_ward_that_became_part_of_it(text: str) -> None:
    assert names(text) == ["Dĩ An", "Tân Đông Hiệp", "An Bình"]


def test_the_bare_city_is_any_of_its_wards_and_a_slip_near_two_is_both() -> None:
    assert understand("TP Dĩ An") == WARDS_2021
    assert names("TN BINH") == ["Tân Bình", "An Bình"]


@pytest.mark.parametrize("text", ["", "  ", "An Phú", "Bình Thạnh", "Bình Dương", "TP.HCM", "AN", "B" * 5000, "Дĩ An"])
def test_what_is_no_ward_of_ours_is_unknown(text: str) -> None:
    assert understand(text) == ()
