"""Blocks as people write them, read as addresses are, or refused by the line that is not understood."""

import pytest
from flask_babel import force_locale

from suppliers.couriers.blocks import NotUnderstood, parse, written
from tests import make

NO_DATABASE = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context(), force_locale("en"):
        yield


def read(text):
    return [(each.ward.name, each.block) for each in parse(text)]


@pytest.mark.parametrize(
    ("text", "ward", "block"),
    [
        ("Dĩ An: KP Thống Nhất 1", "Dĩ An", "KP Thống Nhất 1"),
        ("phường Dĩ An : khu phố Thống Nhất 1", "Dĩ An", "KP Thống Nhất 1"),
        ("di an: kp.Thống Nhất 1", "Dĩ An", "KP Thống Nhất 1"),
        ("Tân Bình", "Tân Bình", ""),
        ("P. Tân Bình:", "Tân Bình", ""),
        ("Đông Hòa, Tổ 15", "Đông Hòa", "Tổ 15"),
        ("Tổ 15, phường Đông Hòa", "Đông Hòa", "Tổ 15"),
        ("An Bình - Ấp 3", "An Bình", "Ấp 3"),
    ],
)
@NO_DATABASE
def test_a_line_is_a_ward_or_a_block_of_it(text, ward, block):
    assert read(text) == [(ward, block)]


@NO_DATABASE
def test_each_stands_once_however_it_is_written_and_empty_lines_are_nothing():
    assert read("Dĩ An: KP 1\n\n  dĩ an: khu phố 1\nTân Bình") == [("Dĩ An", "KP 1"), ("Tân Bình", "")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Thủ Đức: KP 1", "begins with no ward"),
        ("KP Thống Nhất 1", "begins with no ward"),
        ("phường Dĩ An, Thành phố Hồ Chí Minh: KP 1", "several wards"),
        ("TP Dĩ An", "several wards: “Dĩ An”, “Tân Bình”"),
        ("Dĩ An: Thống Nhất", "names no single block"),
        ("Dĩ An: KP 1, KP 2", "names no single block"),
        ("Dĩ An: 12 Lý Thường Kiệt, KP 1", "names no single block"),
    ],
)
@NO_DATABASE
def test_what_is_not_understood_is_named_with_its_line(line, says):
    with pytest.raises(NotUnderstood) as refusal:
        parse(f"Tân Bình\n{line}")

    assert says in str(refusal.value)
    assert line[:20] in str(refusal.value)


@NO_DATABASE
def test_no_team_has_more_than_200_lines():
    with pytest.raises(NotUnderstood):
        parse("\n".join(f"Dĩ An: Tổ {number}" for number in range(201)))


def test_what_is_written_is_read_back(session):
    team = make.team(make.supplier(), "", ("Dĩ An", "KP Thống Nhất 1"), ("Tân Bình", ""))

    assert read(written(team.blocks)) == [("Dĩ An", "KP Thống Nhất 1"), ("Tân Bình", "")]
