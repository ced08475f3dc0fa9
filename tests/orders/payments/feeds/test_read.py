"""A hostile or useless file gets a clear refusal within seconds, and the server lives on."""

import resource

import pytest

from orders.payments.feeds import read
from orders.payments.feeds.read import StatementFault, read_statement
from orders.payments.feeds.statement import FaultReason
from orders.payments.feeds.wording import MISMATCHES, REASONS, fault_words
from tests.kernel import workbooks
from tests.orders.payments.feeds.files import STATEMENTS, VIETCOMBANK, agribank, paid, vietcombank

SECONDS = 5


@pytest.fixture
def upload(tmp_path):
    """Store a file and read it, under a name that says nothing true."""

    def store_and_read(content):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return read_statement(path, filename="sao-ke.xlsx")

    return store_and_read


def seconds_of_work():
    """Ours and the children's: what a clock shows on an idle machine, and still shows on a busy one."""
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


@pytest.fixture
def refused(upload):
    def reason(content):
        started = seconds_of_work()
        with pytest.raises(StatementFault) as refusal:
            upload(content)
        assert seconds_of_work() - started < SECONDS
        return refusal.value.reason

    return reason


def sample(name):
    return (STATEMENTS / name).read_bytes()


def test_a_bomb_is_refused(refused):
    assert refused(workbooks.bomb()) is FaultReason.SWOLLEN


@pytest.mark.parametrize(("column", "row"), [("XFD", 1_048_576), ("A", 1_048_576), ("XFD", 1), ("CV", 199_999)])
def test_a_cell_far_out_is_refused(refused, column, row):
    reason = refused(workbooks.far_cell(column, row))

    assert reason in {FaultReason.SWOLLEN, FaultReason.TOO_MANY_ROWS, FaultReason.TOO_MANY_COLUMNS}


def test_the_parser_itself_dies_of_the_farthest_cell_but_only_in_the_child(refused, upload):
    assert refused(workbooks.far_cell("XFD", 1_048_576)) is FaultReason.SWOLLEN

    assert len(upload(sample("techcombank.xlsx")).rows) == 82


def test_a_million_rows_are_refused(refused):
    assert refused(workbooks.million_rows()) is FaultReason.TOO_MANY_ROWS
    assert refused(b"Date,Remark,Dr,Cr\n" + b"1,,,1\n" * 1_000_000) is FaultReason.TOO_MANY_ROWS


def test_too_many_columns_are_refused(refused):
    assert refused(workbooks.workbook([VIETCOMBANK, ["x"] * 300])) is FaultReason.TOO_MANY_COLUMNS
    assert refused(agribank(["x"] * 300)) is FaultReason.TOO_MANY_COLUMNS


def test_a_huge_cell_is_refused(refused):
    assert refused(agribank(paid(memo="x" * 100_000))) is FaultReason.CELL_TOO_LONG
    assert refused(agribank(paid(memo="x" * 10_000_000))) is FaultReason.CELL_TOO_LONG
    huge = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 100_000}</t></is></c></row>'
    assert refused(workbooks.with_sheet(huge)) is FaultReason.CELL_TOO_LONG


@pytest.mark.parametrize("kept", [10, 300, 5_000, 0.5, 0.99])
def test_a_truncated_workbook_is_refused(refused, kept):
    whole = sample("techcombank.xlsx")

    assert refused(whole[: int(kept * len(whole)) if kept < 1 else kept]) is FaultReason.BROKEN


def test_a_text_cut_off_within_quotes_is_refused(refused):
    whole = sample("vietinbank.csv")

    assert refused(whole[: whole.index(b"oi gian")]) is FaultReason.BROKEN


def test_nuls_are_refused(refused):
    assert refused(sample("agribank.csv").replace(b"Tran", b"Tr\0n", 1)) is FaultReason.NOT_A_TABLE
    assert refused(b"\0" * 5_000_000) is FaultReason.NOT_A_TABLE
    assert refused(workbooks.old_workbook([VIETCOMBANK, ["1", "30/08/2021", "1", "", "5.000", "", "a\0b"]])) in {
        FaultReason.NOT_A_TABLE,
        FaultReason.BROKEN,
    }


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"\xff\xfe"])
def test_an_empty_file_is_refused(refused, content):
    assert refused(content) is FaultReason.EMPTY


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", FaultReason.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", FaultReason.IMAGE),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", FaultReason.IMAGE),
        (b"RIFF\0\0\0\0WEBPVP8 ", FaultReason.IMAGE),
        (b"\0\0\0\x18ftypheic\0\0", FaultReason.IMAGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, FaultReason.BROKEN),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), FaultReason.PASSWORD),
        (b"PK\x05\x06" + b"\0" * 18, FaultReason.BROKEN),
        (b"<html><table><tr><td>30/08/2021", FaultReason.BROKEN),
        (b"<html><table><tr><td>30/08/2021</table>", FaultReason.UNKNOWN_LAYOUT),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", FaultReason.BROKEN),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Invoice/>", FaultReason.UNKNOWN_LAYOUT),
        (b"Dear sir,\nhere is our statement.\n", FaultReason.UNKNOWN_LAYOUT),
        (bytes(range(1, 256)) * 40, FaultReason.NOT_A_TABLE),
    ],
)
def test_a_file_of_another_kind_is_refused_for_what_it_is(refused, content, reason):
    assert refused(content) is reason


def test_another_office_file_is_no_statement(refused):
    document = workbooks.rezipped(workbooks.workbook([["x"]]), {"xl/workbook.xml": b"<w:document/>"})

    assert refused(document) in {FaultReason.BROKEN, FaultReason.UNKNOWN_LAYOUT}


def test_entities_from_elsewhere_are_never_fetched(refused, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("stolen")
    xml = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><row r="1"><c r="A1" t="str"><v>&e;</v></c></row>'

    assert refused(workbooks.with_sheet(xml)) is FaultReason.FORBIDDEN


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
CAMT = b"<Document><BkToCstmrStmt><Stmt>%s</Stmt></BkToCstmrStmt></Document>"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd"> %e;]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY e "&l11;">]>',
        f'<!DOCTYPE x [<!ENTITY e "{"ha" * 100_000}">]>',
    ],
    ids=["a file", "a parameter", "a document type elsewhere", "a billion laughs", "a quadratic blowup"],
)
def test_entities_in_a_camt053_are_refused(refused, upload, declared):
    body = CAMT % (b"<Id>&e;</Id>" * 100)

    assert refused(f"<?xml version='1.0'?>{declared}".encode() + body) is FaultReason.FORBIDDEN
    assert (
        refused(
            f"<?xml version='1.0' encoding='UTF-16'?>{declared}".encode("utf-16") + body.decode().encode("utf-16-le")
        )
        is FaultReason.FORBIDDEN
    )

    assert len(upload(sample("camt053.xml")).rows) == 92


def test_a_million_entries_are_refused(refused):
    assert refused(CAMT % (b"<Ntry/>" * 1_000_000)) is FaultReason.TOO_MANY_ROWS
    assert refused(b":20:1\n:25:1\n" + b":61:\n" * 1_000_000) is FaultReason.TOO_MANY_ROWS
    assert refused(b"<table>" + b"<tr><td>1" * 1_000_000) is FaultReason.TOO_MANY_ROWS


def test_elements_within_elements_without_end_are_refused(refused):
    assert refused(b"<a>" * 1_000_000) in {FaultReason.BROKEN, FaultReason.CRASHED}
    assert refused(CAMT % (b"<a>" * 300_000 + b"</a>" * 300_000)) in {FaultReason.CRASHED, FaultReason.BROKEN}
    assert refused(b"<table><tr><td>" * 300_000) in {FaultReason.BROKEN, FaultReason.TOO_MANY_ROWS}


@pytest.mark.parametrize("name", ["bidv.sta", "camt053.xml"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
def test_a_truncated_message_is_refused(refused, name, kept):
    whole = sample(name)

    assert refused(whole[: int(kept * len(whole))]) is FaultReason.BROKEN


@pytest.mark.parametrize("kept", [600, 0.3, 0.6, 0.9])
def test_a_truncated_xls_is_refused(refused, upload, kept):
    whole = workbooks.old_workbook(
        [VIETCOMBANK, *(["1", "30/08/2021", f"R{n}", "", "100.000", "", f"memo {n}"] for n in range(500))]
    )

    assert len(upload(whole).rows) == 500
    assert refused(whole[: int(kept * len(whole)) if kept < 1 else kept]) in {FaultReason.BROKEN, FaultReason.CRASHED}


def test_the_farthest_cell_of_an_xls_is_refused(refused):
    assert refused(workbooks.old_workbook([["x"]], far=(65_535, 255))) in {
        FaultReason.SWOLLEN,
        FaultReason.TOO_MANY_COLUMNS,
    }


def test_spans_without_end_are_refused(refused):
    wide = b"<table>" + b"<tr><td colspan=99999 rowspan=99999>x" * 1000 + b"</table>"

    assert refused(wide) in {FaultReason.UNKNOWN_LAYOUT, FaultReason.TOO_MANY_COLUMNS}
    assert refused(b"<table><tr>" + b"<td colspan=99>x" * 50 + b"</table>") is FaultReason.TOO_MANY_COLUMNS


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MOST_BYTES", 100)

    with pytest.raises(StatementFault) as refusal:
        read_statement(STATEMENTS / "mb.csv", filename="mb.csv")

    assert refusal.value.reason is FaultReason.TOO_LARGE


def test_two_statements_in_one_workbook_are_refused(refused):
    sheet = [VIETCOMBANK, ["1", "30/08/2021", "1", "", "100.000", "", "x"]]

    assert refused(workbooks.workbook(sheet, sheet)) is FaultReason.SEVERAL_STATEMENTS


def test_two_accounts_in_one_table_are_refused(refused):
    rows = [paid(), ["Số tài khoản:", "2222222222"], paid(reference="R2")]

    assert refused(agribank(*rows, above=[["Số tài khoản:", "1013456789"]])) is FaultReason.SEVERAL_STATEMENTS


def test_the_one_sheet_with_a_statement_is_found_among_others(upload):
    sheet = [VIETCOMBANK, ["1", "30/08/2021", "1", "", "100.000", "", "x"]]

    assert len(upload(workbooks.workbook([["Hướng dẫn"]], sheet, [["x"]])).rows) == 1


def test_the_content_decides_not_the_name(upload):
    assert upload(sample("mb.csv")).layout == "mb"
    assert upload(sample("techcombank.xlsx")).layout == "techcombank"


def test_a_day_without_movements_is_a_statement(upload):
    assert upload(agribank()).rows == ()
    assert upload(vietcombank()).rows == ()


def test_a_parser_that_was_taken_over_can_only_be_refused(monkeypatch):
    monkeypatch.setattr(read, "run_limited", lambda *_, **__: {"statement": {"rows": [{"amount": "x"}]}})

    with pytest.raises(StatementFault) as refusal:
        read_statement(STATEMENTS / "mb.csv", filename="mb.csv")

    assert refusal.value.reason is FaultReason.CRASHED


def test_a_refusal_says_what_happened_and_what_to_do(upload):
    with pytest.raises(StatementFault, match=r"“sao-ke.xlsx” was not read. This is a PDF. Export"):
        upload(b"%PDF-1.7")


def test_every_reason_has_words():
    words = [fault_words(reason, "x") for reason in FaultReason]
    words += [str(text) for text in (*REASONS.values(), *MISMATCHES.values())]

    assert all(text.endswith(".") for text in words)
    assert len(set(words)) == len(words)
