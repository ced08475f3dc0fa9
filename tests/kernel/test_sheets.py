"""Tables come in as they stand, within bounds; what goes out runs nothing on anybody's desk."""

import csv
import io
import re
import time
import zipfile
from datetime import date, datetime

import pytest

from kernel.sheets import (
    Bounds,
    SheetFault,
    SheetReason,
    decode,
    harmless,
    read_csv,
    read_workbook,
    write_csv,
    write_xlsx,
)
from tests.kernel import workbooks

HEADING = "Ngày/Date"


@pytest.fixture
def read(tmp_path):
    def read_bytes(content, bounds=None):
        path = tmp_path / "book.xlsx"
        path.write_bytes(content)
        return list(read_workbook(path, bounds or Bounds()))

    return read_bytes


def reason_of(function, *arguments):
    with pytest.raises(SheetFault) as refusal:
        function(*arguments)
    return refusal.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    assert decode(HEADING.encode(encoding)) == HEADING


def test_windows_1258_is_read_where_unicode_fails_with_its_letters_composed():
    raw = "Nga\u0300y giao di\u0323ch".encode("cp1258")

    assert decode(raw) == "Ngày giao dịch"


@pytest.mark.parametrize("raw", [b"Date,Remark\0", b"\xff\xfeA", "a\0".encode("utf-16"), b"\xef\xbb\xbf\xff"])
def test_what_is_no_text_is_refused(raw):
    assert reason_of(decode, raw) is SheetReason.NOT_TEXT


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_among_amounts_and_memos_full_of_commas(delimiter):
    table = [["Bank", "", ""], ["Date", "Memo", "Credit"]]
    table += [["30/08/2021", f"Lan, {n}; P. Di An | x", "1,180,000"] for n in range(9)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table)

    assert read_csv(out.getvalue()) == table


def test_rows_keep_their_number_whatever_stands_between():
    assert read_csv('a,b\n\n"two\nlines",c\r\nd,e') == [["a", "b"], [], ["two\nlines", "c"], ["d", "e"]]


@pytest.mark.parametrize("text", ['a,"b\nc,d\n', 'a,"b"c,d\n'])
def test_an_open_quote_that_would_swallow_rows_is_refused(text):
    assert reason_of(read_csv, text) is SheetReason.BROKEN


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n" * 11, SheetReason.TOO_MANY_ROWS),
        ("a," * 6, SheetReason.TOO_MANY_COLUMNS),
        ("a," + "b" * 21, SheetReason.CELL_TOO_LONG),
        ("a," + "b" * 200_000, SheetReason.CELL_TOO_LONG),
    ],
)
def test_a_text_beyond_its_bounds_is_refused(text, reason):
    assert reason_of(read_csv, text, Bounds(rows=10, columns=5, cell=20)) is reason


def test_a_workbook_comes_in_row_by_row_with_numbers_and_dates(read):
    moment = datetime.fromisoformat("2021-08-30T06:21")
    rows = [[], ["x", 1.5, date(2021, 8, 30)], [None, None, moment]]

    [sheet] = read(workbooks.workbook(rows))

    assert sheet.rows == [["", "", ""], ["x", 1.5, date(2021, 8, 30)], ["", "", moment]]


def test_an_empty_sheet_has_no_rows(read):
    assert read(workbooks.workbook([]))[0].rows == []


def test_hidden_sheets_stay_hidden(read):
    book = workbooks.workbook([["seen"]], [["unseen"]])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        index = archive.read("xl/workbook.xml").replace(b'sheetId="2"', b'sheetId="2" state="hidden"')

    sheets = read(workbooks.rezipped(book, {"xl/workbook.xml": index}))

    assert [sheet.rows for sheet in sheets] == [[["seen"]]]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["x"]] * 11, SheetReason.TOO_MANY_ROWS),
        ([["x"] * 6], SheetReason.TOO_MANY_COLUMNS),
        ([["x" * 21]], SheetReason.CELL_TOO_LONG),
        ([["x"] * 5] * 9, SheetReason.SWOLLEN),
    ],
)
def test_a_workbook_beyond_its_bounds_is_refused(read, rows, reason):
    assert reason_of(read, workbooks.workbook(rows), Bounds(rows=10, columns=5, cells=40, cell=20)) is reason


def test_a_workbook_at_its_bounds_is_read(read):
    assert len(read(workbooks.workbook([["x" * 20] * 5] * 10), Bounds(rows=10, columns=5, cell=20))[0].rows) == 10


def test_bombs_and_torn_workbooks_are_refused(read):
    book = workbooks.workbook([["x"]])

    assert reason_of(read, workbooks.bomb()) is SheetReason.SWOLLEN
    assert reason_of(read, book[:-300]) is SheetReason.BROKEN
    assert reason_of(read, workbooks.rezipped(book, {"xl/workbook.xml": b"<x"})) is SheetReason.BROKEN


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x","y")',
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\tplain",
        "   =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "＝1+1",
        "+84912345678",
        "-5",
    ],
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Trần Thị Bình", "0912345678", "a=b", "3 - 4", "12/4 + 1", "'quoted", "'=1"])
def test_what_runs_nothing_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x\n=1+1", "x\n'=1+1"),
        ("x; \t@A", "x; \t'@A"),
        ("x;\r\n=1", "x;\r\n'=1"),
        ("\n=1", "'\n'=1"),
    ],
)
def test_a_reader_that_splits_at_semicolons_runs_nothing_either(text, made):
    assert harmless(text) == made


def test_making_harmless_takes_no_time_on_any_input():
    started = time.perf_counter()

    for text in ("\n" * 100_000, ";" * 100_000, " " * 100_000, "; " * 50_000, ";" + " " * 100_000):
        harmless(text)

    assert time.perf_counter() - started < 1


def test_a_csv_has_its_mark_quoted_texts_and_plain_numbers():
    out = write_csv([["Tên", "Số"], ["Đặng; Thị", -5], ["=1", None]])

    assert out == '\ufeff"Tên","Số"\r\n"Đặng; Thị",-5\r\n"\'=1",""\r\n'.encode()


def test_a_csv_that_was_written_is_read_again():
    rows = [["Nguyễn “A”", 'say "hi"', "1,2\n3"], ["x", "y", "z"]]

    assert read_csv(decode(write_csv(rows))) == rows


def test_a_workbook_that_was_written_holds_texts_and_numbers_but_no_formulas(read):
    rows: list[list[str | int | None]] = [["Tên", "Số"], ["=1+1", 100_000], ["https://x.example", -5], ["@x", 0]]

    out = write_xlsx(rows, sheet="Danh sách")

    [sheet] = read(out)
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist())
    assert (sheet.name, sheet.rows) == ("Danh sách", rows)
    assert not re.search(rb"<f>|hyperlink", xml)


def test_a_text_too_long_for_a_workbook_is_not_dropped_in_silence():
    with pytest.raises(ValueError, match="32,767"):
        write_xlsx([["x" * 40_000]])
