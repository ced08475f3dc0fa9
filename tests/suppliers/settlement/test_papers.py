"""The papers of a settlement: from the snapshot, the same rows in each, and no resident in any."""

import csv
import io
import json
import re
import unicodedata

import pytest
from pypdf import PdfReader

from kernel.jobs import sweep
from kernel.money import format_dong
from kernel.sheets import read_workbook
from suppliers.settlement import typeset
from suppliers.settlement.snapshot import COLUMNS
from tests.suppliers.settlement.conftest import DELIVERED, NAMES, ON_ITS_WAY, PHONES, STREETS

SUMS = ("amount", "deducted", "net")


@pytest.fixture(autouse=True)
def page(app):
    """Templates speak of the site that they are in."""
    with app.test_request_context():
        yield


@pytest.fixture
def agreed(session, street):
    """The second settlement of RAU: deliveries, one of them late, a deduction, and a mark that was taken back."""
    street.becomes(0, DELIVERED)
    street.settled()
    street.becomes(0, ON_ITS_WAY)
    for number in (1, 2, 3):
        street.becomes(number, DELIVERED)
    street.lacks(2, 9_999)
    return street.settled()


def text_of(content):
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    return "".join(unicodedata.normalize("NFC", text).split())


def bare(*words):
    return "".join("".join(words).split())


def sheets_of(content, folder):
    path = folder / "book.xlsx"
    path.write_bytes(content)
    return [sheet.rows for sheet in read_workbook(path)]


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_paper_has_every_line_and_its_sums(session, agreed):
    told, paper = agreed.snapshot, text_of(typeset.make_pdf(agreed))

    for row in told["lines"]:
        day = "/".join(reversed(row["marked_on"].split("-")))
        head = re.escape(bare(row["parcel"], row["order"], day))
        found = re.search(head + r"[^\d-]+(-?[\d.]+)₫(-?[\d.]+)₫(-?[\d.]+)₫", paper)
        assert found, row
        assert [f"{part}₫" for part in found.groups()] == [bare(format_dong(row[key])) for key in SUMS]
    for row in told["goods"]:
        assert bare(row["code"], row["name"], str(row["quantity"]), format_dong(row["unit_price"])) in paper
    for key in SUMS:
        assert bare(format_dong(told[key])) in paper
    for words in ("Đây không phải hóa đơn", "Chị Mận", "Anh Sáu", agreed.number):
        assert bare(words) in paper


def test_the_workbook_has_the_same_rows(session, agreed, tmp_path):
    told = agreed.snapshot
    sums, lines, goods = sheets_of(typeset.xlsx(agreed), tmp_path)

    plain = [[row[column] for column in ("no", "parcel", "order", *SUMS)] for row in told["lines"]]
    assert [[int(row[0]), row[1], row[2], *map(int, row[5:])] for row in lines[1:-1]] == plain
    assert [int(cell) for cell in lines[-1][5:]] == [told[key] for key in SUMS]
    assert [[row[0], *map(int, row[3:])] for row in goods[1:-1]] == [
        [row[column] for column in ("code", "quantity", "unit_price", *SUMS)] for row in told["goods"]
    ]
    assert ["SHA-256", agreed.sha256] in [row[:2] for row in sums]
    assert "Đây không phải hóa đơn." in [row[0] for row in sums]
    assert len(COLUMNS) == len(lines[0])


def test_data_for_the_invoice_come_to_what_is_paid_and_name_the_buyer(session, agreed):
    told, table = json.loads(typeset.invoice_json(agreed)), csv_rows(typeset.invoice_csv(agreed))

    assert [(row["code"], row["unit_price"], row["quantity"], row["deducted"]) for row in told["lines"]] == [
        ("C01", 109_999, 2, 9_999)
    ]
    assert sum(row["net"] for row in told["lines"]) == told["net"] == agreed.net
    assert told["buyer"]["name"] == "Phòng Kinh tế thành phố Dĩ An"
    wanted = [str(told["lines"][0][key]) for key in ("code", "name", "unit", "quantity", "unit_price", *SUMS)]
    assert table[1] == wanted
    assert table[2][5:] == [str(told[key]) for key in SUMS]
    assert ["SHA-256", agreed.sha256] in table


def test_every_page_has_its_number_and_the_fingerprint(session, agreed, monkeypatch):
    monkeypatch.setattr(typeset, "PIECE", 2)

    sheets = PdfReader(io.BytesIO(typeset.make_pdf(agreed))).pages

    assert len(sheets) == 3
    for number, sheet in enumerate(sheets, start=1):
        text = sheet.extract_text()
        assert agreed.sha256 in text
        assert re.search(rf"{number}\s*/\s*{len(sheets)}", text)
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]


def test_no_paper_names_a_resident(session, agreed, tmp_path):
    forms = [
        text_of(typeset.make_pdf(agreed)),
        bare(str(sheets_of(typeset.xlsx(agreed), tmp_path))),
        bare(typeset.invoice_csv(agreed).decode("utf-8-sig")),
        bare(typeset.invoice_json(agreed).decode()),
        bare(json.dumps(agreed.snapshot, ensure_ascii=False)),
    ]

    assert all(bare(secret) not in form for secret in (*NAMES, *PHONES, *STREETS) for form in forms)


def test_the_worker_makes_it_once_both_agree(session, agreed):
    assert typeset.kept(agreed) is None

    sweep()

    assert (typeset.kept(agreed) or b"").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("net", "said"), [(100_000, "Một trăm ngàn đồng"), (-5, "Âm năm đồng"), (0, "Không đồng"), (10**13, "")]
)
def test_sums_in_words(app, net, said):
    assert typeset.in_words(net) == said
