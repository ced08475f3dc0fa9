"""A purchase order's four forms: the same rows, the same fingerprint, and no resident in any."""

import csv
import hashlib
import io
import json
import unicodedata

import pytest
from pypdf import PdfReader

from kernel.jobs import sweep
from kernel.money import format_dong
from kernel.sheets import read_workbook
from suppliers.purchase import typeset
from suppliers.purchase.snapshot import COLUMNS, rows
from tests.suppliers.purchase.conftest import NAMES, PHONES, STREETS


@pytest.fixture(autouse=True)
def page(app):
    """Templates speak of the site that they are in."""
    with app.test_request_context():
        yield


def text_of(content):
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    return "".join(unicodedata.normalize("NFC", text).split())


def sheets_of(content, folder):
    path = folder / "book.xlsx"
    path.write_bytes(content)
    return {sheet.name: sheet.rows for sheet in read_workbook(path)}


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def numbers(row):
    """A row as text: its columns but the kind, which is worded."""
    return ["" if row[column] is None else str(row[column]) for column in COLUMNS[1:]]


@pytest.mark.parametrize("code", ["RAU", "THIT"])
def test_every_form_has_the_rows_of_the_snapshot(session, bought, tmp_path, code):
    order = bought.of(code)
    wanted = [numbers(row) for row in rows(order.snapshot)]
    table = csv_rows(typeset.csv(order))
    book = sheets_of(typeset.xlsx(order), tmp_path)
    told = json.loads(typeset.as_json(order))

    assert [row[1:] for row in table[1 : 1 + len(wanted)]] == wanted
    combos, items = list(book.values())[1:]
    assert [_plain(row) for row in (*combos[1:], *items[1:])] == wanted
    assert [numbers(row) for row in rows(told["purchase_order"])] == wanted
    paper = text_of(typeset.pdf(order))
    for row in order.snapshot["combos"]:
        line = (
            f"{row['code']}{row['name']}{row['quantity']}{format_dong(row['unit_price'])}{format_dong(row['amount'])}"
        )
        assert "".join(line.split()) in paper
    for row in order.snapshot["items"]:
        assert "".join(f"{row['name']}{row['shown']}".split()) in paper
    assert "".join(format_dong(order.amount).split()) in paper


def _plain(row):
    return ["" if cell == "" else str(int(cell)) if isinstance(cell, float) else str(cell) for cell in row[1:]] + [
        ""
    ] * (len(COLUMNS) - len(row))


def test_every_form_has_the_same_fingerprint_and_it_is_true(session, bought, tmp_path):
    order = bought.of("RAU")
    told = json.loads(typeset.as_json(order))
    canonical = json.dumps(told["purchase_order"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert hashlib.sha256(canonical.encode()).hexdigest() == order.sha256 == told["sha256"]
    assert csv_rows(typeset.csv(order))[-1] == ["SHA-256", order.sha256]
    assert ["SHA-256", order.sha256] in next(iter(sheets_of(typeset.xlsx(order), tmp_path).values()))
    for sheet in PdfReader(io.BytesIO(typeset.pdf(order))).pages:
        assert order.sha256 in sheet.extract_text()


def test_no_form_names_a_resident(session, bought, tmp_path):
    for order in bought.purchases.values():
        forms = [
            text_of(typeset.pdf(order)),
            "".join(typeset.csv(order).decode("utf-8-sig").split()),
            "".join(typeset.as_json(order).decode().split()),
            "".join(str(sheets_of(typeset.xlsx(order), tmp_path)).split()),
        ]
        secrets = [*NAMES, *PHONES, *STREETS, *(each.code for each in bought.orders)]
        assert all("".join(secret.split()) not in form for secret in secrets for form in forms)


def test_what_a_spreadsheet_would_run_is_harmless(session, bought, tmp_path):
    order = bought.of("RAU")
    order.snapshot["combos"][0]["name"] = '=HYPERLINK("http://x")'
    session.expunge(order)

    assert "'=HYPERLINK" in typeset.csv(order).decode("utf-8-sig")
    assert '=HYPERLINK("http://x")' in str(sheets_of(typeset.xlsx(order), tmp_path))
    assert b"<f>" not in typeset.xlsx(order)


def test_the_paper_is_made_before_anybody_asks(session, bought, monkeypatch):
    sweep()
    monkeypatch.setattr(typeset, "make_pdf", lambda *_what: pytest.fail("made again"))

    assert typeset.pdf(bought.of("RAU")).startswith(b"%PDF")
