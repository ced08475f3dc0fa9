"""Addresses taken apart, and house numbers in the order in which a courier passes them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.blocks import Place, house_order, natural, place_of, way_order


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("12/3 Lý Thường Kiệt, KP Thống Nhất 1", Place("KP Thống Nhất 1", "Lý Thường Kiệt", "12/3")),
        ("Phòng 3, nhà trọ, 220 Nguyễn An Ninh", Place("", "Nguyễn An Ninh", "220")),
        ("7 Đường số 10, KP Chiêu Liêu", Place("KP Chiêu Liêu", "số 10", "7")),
        (
            "Phòng trọ số 1234, hẻm 567/89/10/11 Đường Nguyễn Thị Minh Khai, tổ 15, khu phố Thống Nhất 2",
            Place("KP Thống Nhất 2", "Nguyễn Thị Minh Khai", "567/89/10/11"),
        ),
        ("số 12A đường Lê Lợi, tổ 3, KP. Bình Minh 2", Place("KP Bình Minh 2", "Lê Lợi", "12A")),
        ("12 Lý Thường Kiệt KP Thống Nhất", Place("KP Thống Nhất", "Lý Thường Kiệt", "12")),
        ("12B/5 Tô Ngọc Vân, tổ 7", Place("Tổ 7", "Tô Ngọc Vân", "12B/5")),
        ("12 To Ngoc Van, khu pho Noi Hoa 1", Place("KP Noi Hoa 1", "To Ngoc Van", "12")),
        ("Ấp Bình Thung, 4 QL1K", Place("Ấp Bình Thung", "QL1K", "4")),
        ("K.P 3, 88 Trần Hưng Đạo", Place("KP 3", "Trần Hưng Đạo", "88")),
        ("1/2A Đường ĐT743, kp2", Place("KP 2", "ĐT743", "1/2A")),
        ("nhà số 9 hẻm 12 Võ Thị Sáu", Place("", "Võ Thị Sáu", "12/9")),
        ("Chung cư A, tầng 4", Place("", "Chung cư A", "")),
        ("", Place("", "", "")),
    ],
)
def test_an_address_is_taken_apart(address, place):
    assert place_of(address) == place
    assert place_of(unicodedata.normalize("NFD", address)) == place


def test_house_numbers_come_as_people_count_them():
    right = ["2", "12", "12/3", "12/3A", "12/10", "12A", "12B/1", "13", "100"]

    assert sorted(set(right), key=house_order) == right


def test_numbers_in_names_count_as_numbers():
    right = ["Đường số 2", "Đường số 10", "Lê Lợi"]

    assert sorted(set(right), key=natural) == right


def test_the_way_goes_by_block_then_street_then_house():
    right = [
        "45 Nguyễn An Ninh",
        "9 Võ Thị Sáu, KP Bình Minh 1",
        "12 Lê Lợi, KP Bình Minh 2",
        "12/3 Lê Lợi, KP Bình Minh 2",
        "12/10 Lê Lợi, KP Bình Minh 2",
        "12A Lê Lợi, KP Bình Minh 2",
        "1 Võ Thị Sáu, KP Bình Minh 2",
        "1 Lê Lợi, KP Bình Minh 10",
    ]

    assert sorted(set(right), key=way_order) == right


@given(st.text(max_size=80))
def test_whatever_was_typed_has_a_place_and_an_order(address):
    place = place_of(address)

    assert all(isinstance(part, str) for part in (place.block, place.street, place.house))
    assert way_order(address) == way_order(address)
    sorted([address, "12/3 Lê Lợi"], key=way_order)
