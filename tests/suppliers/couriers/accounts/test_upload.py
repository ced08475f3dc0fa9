"""Tables as people keep them are read; what is no table, or a hostile one, is refused in words."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter
from flask_babel import force_locale

from kernel.sheets import write_csv, write_xlsx
from suppliers.couriers.accounts.upload import MOST_BYTES, Row, TableFault, read

NO_DATABASE = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
HEADINGS = ["Họ tên", "Số điện thoại", "Đội", "Hết hạn"]
LAN = ["Nguyễn Thị Lan", "0912 345 678", "Đội Rau 1", "30/09/2021"]
READ = Row(2, *LAN)


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context(), force_locale("en"):
        yield


def table(*lines, headings=HEADINGS):
    return write_csv([headings, *lines])


@NO_DATABASE
@pytest.mark.parametrize(
    "content",
    [
        table(LAN),
        write_xlsx([HEADINGS, LAN]),
        "\n".join("\t".join(row) for row in (HEADINGS, LAN)).encode("utf-16"),
        "\n".join(";".join(row) for row in (HEADINGS, LAN)).encode(),
        table(LAN, headings=["NAME", "phone", "Team", "Expires"]),
        table(LAN, headings=["HỌ VÀ TÊN:", "SĐT", "đội giao", "Ngày hết hạn"]),
        table([*LAN, "ghi chú"], headings=[*HEADINGS, "Ghi chú"]),
    ],
    ids=["csv", "xlsx", "tabs", "semicolons", "english", "as people write", "more columns"],
)
def test_a_table_is_read_whatever_it_was_kept_in(content):
    assert read(content) == [READ]


@NO_DATABASE
def test_columns_come_in_any_order_and_a_title_may_stand_above_them():
    content = write_csv(
        [["Danh sách đội giao"], [], ["STT", *reversed(HEADINGS)], [1, *reversed(LAN)], [], [2, *reversed(LAN)]]
    )

    assert read(content) == [Row(4, *LAN), Row(6, *LAN)]


@NO_DATABASE
def test_numbers_and_days_of_a_workbook_are_what_a_person_would_type():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, [LAN[0], 912345678, LAN[2]])
        page.write_datetime(1, 3, date(2021, 9, 30), book.add_format({"num_format": "dd/mm/yyyy"}))

    assert read(out.getvalue()) == [Row(2, LAN[0], "912345678", LAN[2], "2021-09-30")]


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


@NO_DATABASE
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "lacks a column: Full name, Phone, Team, Expires"),
        (table(LAN, headings=["Họ tên", "Số điện thoại", "Đội", "Ghi chú"]), "lacks a column: Expires"),
        (table(), "no line below"),
        (table(*[LAN] * 101), "At most 100 lines"),
        (table(*[LAN] * 3000), "more than a list of couriers"),
        (table(["x" * 501, *LAN[1:]]), "more than a list of couriers"),
        (b"x" * (MOST_BYTES + 1), "more than a list of couriers"),
        (b'"never closed,\n' + table(LAN), "no table that can be read"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0", "no text and no workbook"),
        (b"PK\x03\x04" + b"x" * 200, "no table that can be read"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 2000, "no table that can be read"),
        (packed(xl__xml=b"0" * 200_000_000), "more than a list of couriers"),
        (packed(xl__xml=b'<!DOCTYPE x [<!ENTITY a "b">]>'), "more than a list of couriers"),
    ],
    ids=[
        *(
            "nothing",
            "a column less",
            "no line",
            "101 lines",
            "3000 lines",
            "a long cell",
            "large",
            "a quote",
            "a picture",
        ),
        *("a broken zip", "a broken xls", "swollen", "a document type"),
    ],
)
def test_what_is_no_table_of_couriers_is_refused_in_words(content, says):
    with pytest.raises(TableFault) as refusal:
        read(content)

    assert says in str(refusal.value)
    assert refusal.value.status == 422


@NO_DATABASE
def test_formulas_are_words():
    content = table(["=1+1", *LAN[1:]])

    assert read(content)[0].name.endswith("=1+1")
