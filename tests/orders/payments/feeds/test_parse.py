"""Statements of banks that nobody declared, as banks export them: read for sure, or a person is asked."""

import unicodedata

import pytest

from kernel.sheets import decode, read_csv
from orders.payments.feeds.balance import BalanceState, balances
from orders.payments.feeds.parse import parse
from orders.payments.feeds.statement import Direction, FaultReason, Reason, Statement
from tests.kernel import workbooks
from tests.orders.payments.feeds.files import text

IN, OUT = Direction.IN, Direction.OUT
HEADINGS = ["Ngày giao dịch", "Số GD", "Nội dung giao dịch", "Tiền rút ra", "Tiền gửi vào", "Số dư"]
ROWS = [
    ["30/08/2021", "100", "Trần Lan_0912345678_Dĩ An", "", "1.250.000", "6.250.000"],
    ["31/08/2021", "101", "phi dich vu", "250.000", "", "6.000.000"],
]
SIGNED = ["Ngày", "Nội dung", "Số tiền"]


def html(*lines, head=""):
    cell = "<td>{}</td>".format
    rows = "".join(f"<tr>{''.join(cell(str(each).replace(chr(10), '<br>')) for each in line)}</tr>" for line in lines)
    return f"<html><head>{head}</head><body><table border=1>{rows}</table></body></html>".encode()


def spreadsheetml(*lines):
    def cell(value):
        kind = "Number" if isinstance(value, int) else "String"
        return f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>' if value != "" else "<Cell/>"

    rows = "".join(f"<Row>{''.join(map(cell, line))}</Row>" for line in lines)
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{namespace}" xmlns:ss="{namespace}">'
        f'<Worksheet ss:Name="1"><Table>{rows}</Table></Worksheet></Workbook>'
    ).encode()


@pytest.fixture
def answer(tmp_path):
    """What the parser says of a file, without its sandbox."""

    def ask(content):
        path = tmp_path / "upload.xls"
        path.write_bytes(content)
        return parse(str(path))

    return ask


@pytest.fixture
def read(answer):
    return lambda content: Statement.from_json(answer(content)["statement"])


@pytest.fixture
def fault(answer):
    return lambda content: FaultReason(answer(content)["fault"])


def told(statement):
    return [(row.direction, row.amount, row.reference, row.memo) for row in statement.rows]


EXPECTED = [(IN, 1_250_000, "100", "Trần Lan_0912345678_Dĩ An"), (OUT, 250_000, "101", "phi dich vu")]


@pytest.mark.parametrize(
    "content",
    [
        *(text(HEADINGS, *ROWS, delimiter=delimiter) for delimiter in ",;\t|~^"),
        b"sep=;\r\n" + text(HEADINGS, *ROWS, delimiter=";"),
        text(HEADINGS, *ROWS, encoding="utf-8-sig"),
        text(HEADINGS, *ROWS, encoding="utf-16", delimiter="\t"),
        text(HEADINGS, *ROWS, encoding="utf-16-le", delimiter="\t"),
        text(HEADINGS, *ROWS, encoding="utf-16-be", delimiter="\t"),
        html(HEADINGS, *ROWS),
        html(HEADINGS, *ROWS).replace("ầ".encode(), b"&#7847;"),
        b"\xff\xfe" + html(HEADINGS, *ROWS).decode().encode("utf-16-le"),
        spreadsheetml(HEADINGS, *ROWS),
        workbooks.workbook([HEADINGS, *ROWS]),
        workbooks.old_workbook([HEADINGS, *ROWS]),
    ],
    ids=[
        *("comma semicolon tab bar tilde caret sep= utf-8-sig utf-16 utf-16-le utf-16-be".split()),
        *("html entities html-in-utf-16 spreadsheetml xlsx xls".split()),
    ],
)
def test_however_the_table_is_stored_it_says_the_same(read, content):
    statement = read(content)

    assert (told(statement), statement.refusals) == (EXPECTED, ())
    assert balances(statement).state is BalanceState.AGREES


# Windows-1258 has the letters with a hook or horn and five tone marks behind them.
def test_windows_1258_comes_out_composed(read):
    apart = [[_apart(cell) for cell in line] for line in ([*HEADINGS], *ROWS)]

    for content in (text(*apart, encoding="cp1258"), _html_1258(apart)):
        assert told(read(content)) == EXPECTED


def _apart(cell):
    """As Windows-1258 writes a vowel with its tone behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = []
    for letter in cell:
        pieces = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in tones))
        letters.append(base + "".join(piece for piece in pieces if piece in tones))
    return "".join(letters)


def _html_1258(lines):
    page = html(*lines, head='<meta http-equiv=Content-Type content="text/html; charset=windows-1258">')
    return page.decode().encode("cp1258")


def test_two_encodings_are_told_apart_by_what_is_valid():
    assert decode("Có".encode()) == "Có"
    assert decode("Co\u0301".encode("cp1258")) == "Có"


@pytest.mark.parametrize("above", [[], [["NGÂN HÀNG TMCP Á CHÂU"], [], ["Số tài khoản:", "1013456789"]], [["x"]] * 39])
def test_rows_above_the_headings_do_not_matter(read, above):
    assert told(read(text(*above, HEADINGS, *ROWS))) == EXPECTED


@pytest.mark.parametrize(
    ("name", "bank"),
    [
        ("NGÂN HÀNG TMCP Á CHÂU", "ACB"),
        ("Ngân hàng Đầu tư và Phát triển Việt Nam - CN Bình Dương", "BIDV"),
        ("Sacombank - Sao kê", "STB"),
        ("Sao kê tài khoản", None),
        ("Chuyển từ ACB sang BIDV", None),
        ("Tên tài khoản: CTY DICH VU ACB", None),
        ("Công ty Thực phẩm Á Châu", None),
    ],
)
def test_the_bank_is_the_one_that_is_named_above_the_table(read, name, bank):
    headings = ["Ngày", "Nội dung", "Rút", "Gửi"]

    assert read(text([name], headings, ["30/08/2021", "x", "", "5,000"])).bank_code == bank


def test_a_few_headings_like_a_banks_do_not_prove_that_bank(read):
    few = ["Ngày giao dịch", "Diễn giải", "Nợ", "Có", "Số dư"]
    row = ["30/08/2021", "x", "", "5,000", ""]

    assert read(text(few, row)).bank_code is None
    assert read(text(["NGÂN HÀNG TMCP TIÊN PHONG"], few, row)).bank_code == "TPB"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["+300,000VND", "-50,000VND"], [(IN, 300_000), (OUT, 50_000)]),
        (["+ 300.000 VND", "+50.000 VND"], [(IN, 300_000), (IN, 50_000)]),
        (["300.000", "-50.000"], [(IN, 300_000), (OUT, 50_000)]),
        ([300_000, -50_000], [(IN, 300_000), (OUT, 50_000)]),
        (["300,000 CR", "50,000 DR"], [(IN, 300_000), (OUT, 50_000)]),
        (["1.300.000 VND (C)", "50.000D"], [(IN, 1_300_000), (OUT, 50_000)]),
        (["1250000.00", "−1,250,000"], [(IN, 1_250_000), (OUT, 1_250_000)]),
    ],
)
def test_one_column_of_amounts_is_read_by_its_signs(read, amounts, expected):
    rows = [["30/08/2021", "x", amount] for amount in amounts]

    statement = read(workbooks.workbook([SIGNED, *rows]))

    assert [(row.direction, row.amount) for row in statement.rows] == expected
    assert statement.refusals == ()


@pytest.mark.parametrize(
    "amounts", [["300.000", "50.000"], ["+300.000", "50.000"], ["300.000 CR", "50.000"], [300_000]]
)
def test_without_a_sign_nobody_knows_which_way_it_went(fault, amounts):
    rows = [["30/08/2021", "x", amount] for amount in amounts]

    assert fault(workbooks.workbook([SIGNED, *rows])) is FaultReason.UNMAPPED


@pytest.mark.parametrize(
    "marks",
    [("C", "D"), ("Có", "Nợ"), ("+", "-"), ("CR", "DR"), ("Ghi có/Credit", "Ghi nợ/Debit"), ("Tiền vào", "Tiền ra")],
)
@pytest.mark.parametrize("heading", ["D/C", "Nợ/Có", "+/-", "Loại giao dịch"])
def test_marks_say_which_way_it_went(read, marks, heading):
    rows = [["30/08/2021", "a", "300,000", marks[0]], ["30/08/2021", "b", "50,000", marks[1]]]

    statement = read(text([*SIGNED, heading], *rows))

    assert [(row.direction, row.amount) for row in statement.rows] == [(IN, 300_000), (OUT, 50_000)]


def test_a_row_without_its_mark_is_refused(read):
    rows = [["30/08/2021", "a", "300,000", "C"], ["30/08/2021", "b", "50,000", ""], ["30/08/2021", "c", "-5,000", "C"]]

    statement = read(text([*SIGNED, "D/C"], *rows))

    assert [(each.row, each.column, each.reason) for each in statement.refusals] == [
        (3, "D/C", Reason.UNKNOWN_SIGN),
        (4, "D/C", Reason.UNKNOWN_SIGN),
    ]


def test_a_column_of_kinds_is_no_column_of_marks(read, fault):
    rows = [["30/08/2021", "a", "300,000", "Chuyển tiền"], ["30/08/2021", "b", "50,000", "Phí"]]

    assert fault(text([*SIGNED, "Loại giao dịch"], *rows)) is FaultReason.UNMAPPED
    rows[1][2] = "-50,000"
    assert [row.direction for row in read(text([*SIGNED, "Loại giao dịch"], *rows)).rows] == [IN, OUT]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1250000.00", 1_250_000),
        ("250.000", 250_000),
        ("250,000", 250_000),
    ],
)
def test_amounts_are_read_as_the_file_writes_them_everywhere(read, written, amount):
    assert [row.amount for row in read(text(HEADINGS, ["30/08/2021", "1", "x", "", written, ""])).rows] == [amount]


def test_a_file_that_writes_thousands_in_two_ways_is_refused_where_it_reads_both_ways(read):
    rows = [["30/08/2021", "1", "x", "", written, ""] for written in ("250.000", "250,000", "1250000")]

    assert [each.reason for each in read(text(HEADINGS, *rows)).refusals] == [Reason.AMBIGUOUS_AMOUNT] * 2


def test_a_reference_below_the_date_is_found_there(read):
    headings = ["Ngày1/\nTNX Date/ Số CT/ Doc No", "Nội dung", "Ghi nợ", "Ghi có"]

    (row,) = read(workbooks.workbook([headings, ["30/08/2021\n5243.65937", "x", "", "5.000"]])).rows

    assert (row.booked_on.isoformat(), row.reference) == ("2021-08-30", "5243.65937")


def test_a_row_of_column_numbers_below_the_headings_is_nothing(read):
    for numbers in (["(1)", "(2)", "(3)", "(4)", "(5)", "(6) = (5) - (4)"], list("ABCDEF"), list("123456")):
        assert told(read(text(HEADINGS, numbers, *ROWS))) == EXPECTED


def test_another_currency_is_refused(fault, read):
    assert fault(text(["Loại tiền: USD"], HEADINGS, *ROWS)) is FaultReason.FOREIGN_CURRENCY
    assert told(read(text(["Loại tiền", "VND"], HEADINGS, *ROWS))) == EXPECTED


def test_a_row_in_another_currency_is_refused(read):
    rows = [
        ["30/08/2021", "a", "300,000", "VND"],
        ["30/08/2021", "b", "+30.00", "USD"],
        ["30/08/2021", "c", "-5,000", "VND"],
    ]

    statement = read(text([*SIGNED, "Loại tiền"], *rows))

    assert [row.memo for row in statement.rows] == ["a", "c"]
    assert [(each.row, each.value, each.reason) for each in statement.refusals] == [(3, "USD", Reason.FOREIGN_CURRENCY)]


def test_who_signed_below_the_table_is_no_movement(read):
    signed = [["Người lập biểu", "", "", "Kế toán trưởng", "", "Giám đốc"], ["Trang 1/1"]]

    statement = read(text(HEADINGS, *ROWS, *signed))

    assert (told(statement), statement.refusals) == (EXPECTED, ())


def test_spans_of_an_html_page_keep_the_columns_in_their_places(read):
    page = (
        "<table><tr><td colspan=4><b>NGÂN HÀNG</b></td></tr>"
        "<tr><th rowspan=2>Ngày</th><th rowspan=2>Nội&nbsp;dung</th><th colspan=2>Số tiền</th></tr>"
        "<tr><th>Nợ</th><th>Có</th></tr>"
        "<tr><td>30/08/2021<td>a &amp; b<br>c<td><td>5.000"
        "<tr><td>31/08/2021<td>d<td>3.000<td></table>"
    )

    statement = read(page.encode())

    assert [(row.direction, row.amount, row.memo) for row in statement.rows] == [
        (IN, 5_000, "a & b c"),
        (OUT, 3_000, "d"),
    ]


def test_a_table_within_a_page_of_tables_is_found_and_scripts_are_not(read):
    inner = html(HEADINGS, *ROWS).decode().removeprefix("<html><head></head><body>").removesuffix("</body></html>")
    page = f"<html><script>x = '<table>'</script><table><tr><td>menu</td><td>{inner}</td></tr></table></html>"

    assert told(read(page.encode())) == EXPECTED


def test_an_unknown_table_has_to_be_mapped_and_prose_is_no_table(fault):
    unknown = [["Cột A", "Cột B", "Cột C", "Cột D"], ["30/08/2021", "x", "5", ""]]

    assert fault(text(*unknown)) is FaultReason.UNMAPPED
    assert fault(text(["Kính gửi anh chị,"], ["đây là thư."])) is FaultReason.UNKNOWN_LAYOUT


def test_read_csv_keeps_the_line_that_names_its_delimiter():
    assert read_csv("sep=;\na,b;c\n") == [["sep=", ""], ["a,b", "c"]]
