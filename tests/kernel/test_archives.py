"""No archive reaches a parser before its directory and its checksums are plausible."""

import struct
import warnings

import pytest

from kernel.archives import MOST_ENTRIES, BrokenArchive, SwollenArchive, check_archive
from tests.kernel import workbooks


@pytest.fixture
def archive(tmp_path):
    def write(content):
        path = tmp_path / "archive.zip"
        path.write_bytes(content)
        return path

    return write


def test_an_honest_archive_names_its_entries(archive):
    assert "xl/workbook.xml" in check_archive(archive(workbooks.workbook([["x"]])))


def test_a_bomb_is_refused(archive):
    with pytest.raises(SwollenArchive):
        check_archive(archive(workbooks.bomb()))


def test_one_entry_that_swells_is_refused_even_if_the_whole_is_small(archive):
    with pytest.raises(SwollenArchive):
        check_archive(archive(workbooks.bomb(megabytes=8)))


def test_too_many_entries_are_refused(archive):
    many = [(f"x{n}", b"") for n in range(MOST_ENTRIES)]

    with pytest.raises(SwollenArchive):
        check_archive(archive(workbooks.rezipped(workbooks.workbook([["x"]]), added=many)))


@pytest.mark.parametrize("kept", [0.999, 0.5, 0.01])
def test_a_truncated_archive_is_refused(archive, kept):
    whole = workbooks.workbook([["x"]])

    with pytest.raises(BrokenArchive):
        check_archive(archive(whole[: int(len(whole) * kept)]))


def test_a_damaged_entry_is_refused(archive):
    content = bytearray(workbooks.workbook([["x"] * 50] * 50))
    start = content.index(b"PK\x03\x04", 100)
    content[start + 80] ^= 0xFF

    with pytest.raises(BrokenArchive):
        check_archive(archive(bytes(content)))


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "C:evil", "..\\evil"])
def test_a_name_that_leads_outside_is_refused(archive, name):
    with pytest.raises(BrokenArchive):
        check_archive(archive(workbooks.rezipped(workbooks.workbook([["x"]]), added=[(name, b"x")])))


def test_two_entries_of_one_name_are_refused(archive):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        twice = workbooks.rezipped(workbooks.workbook([["x"]]), added=[("xl/workbook.xml", b"other")])

    with pytest.raises(BrokenArchive):
        check_archive(archive(twice))


def test_a_size_that_the_directory_lies_about_is_refused(archive):
    content = bytearray(workbooks.workbook([["x"] * 20] * 20))
    place = content.rindex(b"PK\x01\x02")
    size = struct.unpack_from("<L", content, place + 24)[0]
    struct.pack_into("<L", content, place + 24, size - 1)

    with pytest.raises(BrokenArchive):
        check_archive(archive(bytes(content)))


def test_entries_that_share_bytes_are_refused(archive):
    content = bytearray(workbooks.workbook([["x"]]))
    place = content.index(b"PK\x01\x02")
    while place != -1:
        struct.pack_into("<L", content, place + 20, len(content) // 2)  # each claims half of the file
        place = content.find(b"PK\x01\x02", place + 4)

    with pytest.raises(SwollenArchive):
        check_archive(archive(bytes(content)))


def test_an_archive_with_a_locked_entry_is_refused(archive):
    content = bytearray(workbooks.workbook([["x"]]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1

    with pytest.raises(BrokenArchive):
        check_archive(archive(bytes(content)))


def test_what_is_no_archive_is_refused(archive):
    with pytest.raises(BrokenArchive):
        check_archive(archive(b"PK\x03\x04 and nothing more"))
